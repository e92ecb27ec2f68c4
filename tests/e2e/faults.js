// Fault injection: makes the browser refuse, throw, delay or lose what the page asks of it. The same script runs before
// the page's own code in the document and in its workers, in any engine, because the test server (site.js) puts it
// there: `site.inject({...})`. What a server answers (status, first byte, a reset connection, a second deployment) is
// site.js's own `faults` and helpers.

/**
 * What to inject. Everything that is absent works as usual.
 * @typedef {object} Faults
 * @property {"null" | "throws" | "rejects" | "never" | "null-for-high-performance"} [adapter] what `navigator.gpu.requestAdapter` does
 * @property {string[]} [lacks] features that no adapter has
 * @property {Partial<GPUAdapterInfo> & {isFallbackAdapter?: boolean}} [adapterInfo] what every adapter says of itself
 * @property {"rejects" | "throws" | "never" | "lost"} [device] what `requestDevice` does; `lost`: a device that is lost at once
 * @property {number} [mapAsyncMs] how long each read of a GPU buffer takes at least
 * @property {number} [pipelineMs] how long each pipeline blocks the thread that asks for it
 * @property {"throws" | "null" | "rejects" | "never"} [storage] Cache Storage, localStorage, sessionStorage, IndexedDB and
 *   navigator.storage: `throws` when they are named, `null` instead of them, `rejects` when they are used; `never`: no answer of those
 *   that answer later
 * @property {"throws" | "limit"} [history] `history.replaceState` and `pushState`; `limit`: as in Safari, after 100 calls in 30 seconds
 * @property {"throws" | "everywhere"} [intl] constructors of Intl and toLocaleString, as in a browser whose language is "C";
 *   `everywhere`: toLocaleString with a language too
 * @property {string} [language] what `navigator.language` is
 * @property {"null" | "never" | "throws"} [toBlob] of canvases
 * @property {"null" | "throws"} [canvas] `getContext("2d")`
 * @property {"throws"} [objectURL] `URL.createObjectURL`
 * @property {"throws" | "missing"} [dialog] `showModal`; `missing`: `close` too
 * @property {"missing" | "rejects" | "never"} [clipboard] `navigator.clipboard`, or its `writeText`
 * @property {"throws"} [pointerCapture] `setPointerCapture`
 * @property {"missing" | "throws"} [matchMedia]
 * @property {"missing" | "throws"} [resizeObserver]
 * @property {"throws"} [crypto] `crypto.getRandomValues`, in the page
 * @property {number | null} [pixelRatio] what `devicePixelRatio` is; null: undefined
 * @property {"throws"} [worker] `new Worker`
 * @property {"throws" | "rejects"} [serviceWorker] `navigator.serviceWorker`, when it is named; `rejects`: its `register`
 * @property {boolean} [offline] `navigator.onLine` is false
 */

/** Over this channel a test reaches the scripts in all threads of its page. */
const CHANNEL = "counterfeit-faults";

/** @typedef {(object: any, name: string, wrap: (original: any) => (this: any, ...args: any[]) => any) => void} Replace */

/**
 * Runs in the page or the worker. Self-contained and therefore long: it travels as text.
 * @param {Faults} faults @param {string} channel @param {typeof refusePage} refuse what a page alone asks for
 */
function install(faults, channel, refuse) {
  const scope = /** @type {any} */ (globalThis);
  const refused = (/** @type {string} */ what) => new DOMException(`${what} was refused (injected)`, "SecurityError");
  const never = () => new Promise(() => {});
  /** @type {GPUDevice[]} */
  const devices = [];

  // A test may change the faults, and lose the GPU devices of this thread or of all, while the page runs.
  scope.loseDevices = () => devices.splice(0).forEach((device) => device.destroy());
  const reach = new BroadcastChannel(channel);
  reach.onmessage = ({ data }) => {
    if (data.set) Object.assign(faults, data.set);
    if (data.destroyDevices) scope.loseDevices();
  };

  /** @type {Replace} */
  function replace(object, name, wrap) {
    const original = object?.[name];
    if (typeof original !== "function") return;
    Object.defineProperty(object, name, { value: wrap(original), configurable: true, writable: true });
  }

  if (scope.GPU) {
    replace(
      scope.GPU.prototype,
      "requestAdapter",
      (ask) =>
        async function (/** @type {any} */ options) {
          const { adapter } = faults;
          if (adapter === "rejects") throw refused("requestAdapter");
          if (adapter === "never") return never();
          if (
            adapter === "null" ||
            (adapter === "null-for-high-performance" && options?.powerPreference === "high-performance")
          )
            return null;
          return ask.call(this, options);
        },
    );
    // A synchronous throw is another thing than a rejected promise.
    replace(
      scope.GPU.prototype,
      "requestAdapter",
      (ask) =>
        function (/** @type {any} */ options) {
          if (faults.adapter === "throws") throw refused("requestAdapter");
          return ask.call(this, options);
        },
    );
    replace(
      scope.GPUAdapter.prototype,
      "requestDevice",
      (ask) =>
        async function (/** @type {any} */ descriptor) {
          if (faults.device === "rejects")
            throw new DOMException("requestDevice was refused (injected)", "OperationError");
          if (faults.device === "never") return never();
          const device = await ask.call(this, descriptor);
          if (faults.device === "lost") device.destroy();
          devices.push(device);
          return device;
        },
    );
    replace(
      scope.GPUAdapter.prototype,
      "requestDevice",
      (ask) =>
        function (/** @type {any} */ descriptor) {
          if (faults.device === "throws") throw refused("requestDevice");
          return ask.call(this, descriptor);
        },
    );
    if (faults.lacks) {
      const { get } = /** @type {any} */ (Object.getOwnPropertyDescriptor(scope.GPUAdapter.prototype, "features"));
      Object.defineProperty(scope.GPUAdapter.prototype, "features", {
        configurable: true,
        /** @this {any} */
        get() {
          return new Set([...get.call(this)].filter((f) => !faults.lacks?.includes(f)));
        },
      });
    }
    if (faults.adapterInfo) {
      Object.defineProperty(scope.GPUAdapter.prototype, "info", { configurable: true, get: () => faults.adapterInfo });
    }
    replace(
      scope.GPUBuffer.prototype,
      "mapAsync",
      (map) =>
        async function (/** @type {any[]} */ ...args) {
          const mapped = map.apply(this, args);
          if (faults.mapAsyncMs) await new Promise((resolve) => setTimeout(resolve, faults.mapAsyncMs));
          return mapped;
        },
    );
    replace(
      scope.GPUDevice.prototype,
      "createComputePipeline",
      (create) =>
        function (/** @type {any} */ descriptor) {
          if (faults.pipelineMs) for (const end = performance.now() + faults.pipelineMs; performance.now() < end; );
          return create.call(this, descriptor);
        },
    );
  }

  const STORES = ["caches", "localStorage", "sessionStorage", "indexedDB"];
  if (faults.storage === "throws" || faults.storage === "null") {
    const get = (/** @type {string} */ name) => {
      if (faults.storage === "throws") throw refused(name);
      return null;
    };
    for (const name of STORES) Object.defineProperty(scope, name, { configurable: true, get: () => get(name) });
    Object.defineProperty(scope.navigator, "storage", { configurable: true, get: () => get("storage") });
  }
  if (faults.storage === "rejects" || faults.storage === "never") {
    for (const [type, methods] of Object.entries({
      CacheStorage: ["open", "match", "has", "keys", "delete"],
      Cache: ["match", "put", "add", "addAll", "keys", "delete"],
      Storage: ["getItem", "setItem", "removeItem"],
      IDBFactory: ["open"],
      StorageManager: ["estimate", "persist", "persisted", "getDirectory"],
    })) {
      const synchronous = type === "Storage" || type === "IDBFactory";
      // What answers at once cannot keep anybody waiting.
      if (synchronous && faults.storage === "never") continue;
      for (const name of methods) {
        replace(scope[type]?.prototype, name, () => () => {
          if (synchronous) throw refused(name);
          if (faults.storage === "never") return never();
          return Promise.reject(refused(name));
        });
      }
    }
  }
  if (faults.offline) Object.defineProperty(scope.navigator, "onLine", { configurable: true, get: () => false });
  if (faults.intl) {
    const unknown = () => {
      throw new RangeError("invalid language tag: C (injected)");
    };
    for (const name of [
      "NumberFormat",
      "DateTimeFormat",
      "ListFormat",
      "PluralRules",
      "RelativeTimeFormat",
      "Collator",
    ]) {
      Object.defineProperty(scope.Intl, name, {
        configurable: true,
        value: function () {
          unknown();
        },
      });
    }
    // As that browser does: without a language it asks for its own, which it refuses; with one it works.
    for (const type of [Number, Date]) {
      replace(
        type.prototype,
        "toLocaleString",
        (format) =>
          function (/** @type {any[]} */ ...args) {
            return args[0] === undefined || faults.intl === "everywhere" ? unknown() : format.apply(this, args);
          },
      );
    }
  }
  if (faults.language)
    Object.defineProperty(scope.navigator, "language", { configurable: true, get: () => faults.language });
  if (scope.document) refuse(faults, { replace, refused, never });
}

/**
 * The same of what only a page has. Self-contained, too.
 * @param {Faults} faults @param {{replace: Replace, refused: (what: string) => DOMException, never: () => Promise<unknown>}} tools
 */
function refusePage(faults, { replace, refused, never }) {
  const scope = /** @type {any} */ (globalThis);
  const set = (/** @type {any} */ object, /** @type {string} */ name, /** @type {unknown} */ value) =>
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
  /** @type {number[]} */
  const changes = [];
  for (const name of ["replaceState", "pushState"]) {
    replace(
      scope.History.prototype,
      name,
      (change) =>
        function (...args) {
          const now = performance.now();
          if (faults.history === "throws") throw refused(name);
          while (now - changes[0] > 30_000) changes.shift();
          if (faults.history === "limit" && changes.length >= 100) throw refused(name);
          changes.push(now);
          return change.apply(this, args);
        },
    );
  }
  if (faults.worker)
    scope.Worker = function () {
      throw refused("Worker");
    };
  if (faults.serviceWorker === "throws")
    Object.defineProperty(scope.navigator, "serviceWorker", {
      configurable: true,
      get() {
        throw refused("serviceWorker");
      },
    });
  if (faults.serviceWorker === "rejects")
    set(scope.navigator, "serviceWorker", { register: () => Promise.reject(refused("register")) });
  const { prototype } = scope.HTMLCanvasElement;
  replace(
    prototype,
    "toBlob",
    (make) =>
      function (done, ...rest) {
        if (faults.toBlob === "throws") throw refused("toBlob");
        if (faults.toBlob === "null") return void setTimeout(() => done(null));
        if (faults.toBlob !== "never") make.call(this, done, ...rest);
      },
  );
  replace(
    prototype,
    "getContext",
    (get) =>
      function (...args) {
        if (faults.canvas === "throws") throw refused("getContext");
        return faults.canvas === "null" ? null : get.apply(this, args);
      },
  );
  if (faults.dialog)
    replace(scope.HTMLDialogElement.prototype, "showModal", () => () => {
      throw refused("showModal");
    });
  if (faults.dialog === "missing")
    for (const name of ["show", "showModal", "close"]) set(scope.HTMLDialogElement.prototype, name, undefined);
  if (faults.clipboard === "missing") set(scope.navigator, "clipboard", undefined);
  else if (faults.clipboard)
    set(scope.navigator, "clipboard", {
      writeText: () => (faults.clipboard === "never" ? never() : Promise.reject(refused("writeText"))),
    });
  if (faults.objectURL)
    set(scope.URL, "createObjectURL", () => {
      throw refused("createObjectURL");
    });
  if (faults.pointerCapture)
    set(scope.Element.prototype, "setPointerCapture", () => {
      throw refused("setPointerCapture");
    });
  for (const [name, how] of /** @type {const} */ ([
    ["matchMedia", faults.matchMedia],
    ["ResizeObserver", faults.resizeObserver],
  ])) {
    if (how)
      set(
        scope,
        name,
        how === "missing"
          ? undefined
          : function () {
              throw refused(name);
            },
      );
  }
  if (faults.crypto)
    replace(scope.Crypto.prototype, "getRandomValues", () => () => {
      throw refused("getRandomValues");
    });
  if (faults.pixelRatio !== undefined) set(scope, "devicePixelRatio", faults.pixelRatio ?? undefined);
}

/** The script of these faults, to run before a page's or a worker's own. @param {Faults} faults */
export const faultScript = (faults) =>
  `(${install})(${JSON.stringify(faults)}, ${JSON.stringify(CHANNEL)}, ${refusePage});\n`;

/** Changes the faults of a page that is open, in all its threads. @param {import("playwright-core").Page} page @param {Faults} set */
export const setFaults = (page, set) => send(page, { set });

/** Destroys every GPU device of the page and its workers, as a driver's reset does. @param {import("playwright-core").Page} page */
export const destroyDevices = (page) => send(page, { destroyDevices: true });

/** @param {import("playwright-core").Page} page @param {unknown} message */
const send = (page, message) =>
  page.evaluate(
    ([channel, data]) => {
      const reach = new BroadcastChannel(/** @type {string} */ (channel));
      reach.postMessage(data);
      // A channel does not hear itself: the document's own script listens on another object of it.
      return new Promise((resolve) =>
        setTimeout(() => {
          reach.close();
          resolve(null);
        }, 50),
      );
    },
    [CHANNEL, message],
  );
