// How each kind of refusal is played. A function travels to the page or the worker as text, so each is self-contained.

/** @import { Faults } from "./faults.js" */
/** @typedef {(object: any, name: string, wrap: (original: any) => (this: any, ...args: any[]) => any) => void} Replace */
/**
 * @typedef {object} Tools
 * @property {any} scope the global object
 * @property {Replace} replace wraps a method, if there is one
 * @property {(object: any, name: string, value: unknown) => void} set sets a property, also one that cannot be written
 * @property {(what: string) => DOMException} refused
 * @property {() => Promise<unknown>} never
 * @property {GPUDevice[]} devices those of this thread
 */

/** What opens a GPU. @param {Faults} faults @param {Tools} tools */
function openingGpu(faults, { scope, replace, refused, never, devices }) {
  if (!scope.GPU) return;
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
}

/** What an adapter says of itself. @param {Faults} faults @param {Tools} tools */
function adapterReport(faults, { scope }) {
  if (!scope.GPU) return;
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
}

/** How long an open GPU takes. @param {Faults} faults @param {Tools} tools */
function usingGpu(faults, { scope, replace }) {
  if (!scope.GPU) return;
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

/** What a browser stores. @param {Faults} faults @param {Tools} tools */
function storing(faults, { scope, replace, refused, never }) {
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
}

/** Network, language and formats. @param {Faults} faults @param {Tools} tools */
function surroundings(faults, { scope, replace }) {
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
}

/** History and workers, which only a page has. @param {Faults} faults @param {Tools} tools */
function pageOnly(faults, { scope, replace, set, refused }) {
  if (!scope.document) return;
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
}

/** Canvases of a page. @param {Faults} faults @param {Tools} tools */
function canvases(faults, { scope, replace, refused }) {
  if (!scope.document) return;
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
}

/** Dialogs, clipboard and what else a page may miss. @param {Faults} faults @param {Tools} tools */
function conveniences(faults, { scope, replace, set, refused, never }) {
  if (!scope.document) return;
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

/** All of them. */
export const PARTS = [openingGpu, adapterReport, usingGpu, storing, surroundings, pageOnly, canvases, conveniences];
