// Fault injection: makes the browser refuse, throw, delay or lose what the page asks of it. The same script runs before
// the page's own code in the document and in its workers, in any engine, because the test server (site.js) puts it
// there: `site.inject({...})`. What a server answers (status, first byte, a reset connection, a second deployment) is
// site.js's own `faults` and helpers.

import { PARTS } from "./fault-parts.js";
/** @import { Replace, Tools } from "./fault-parts.js" */

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

/**
 * Runs in the page or the worker. Self-contained: it travels as text, as do its parts.
 * @param {Faults} faults @param {string} channel @param {((faults: Faults, tools: Tools) => void)[]} parts
 */
function install(faults, channel, parts) {
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

  const set = (/** @type {any} */ object, /** @type {string} */ name, /** @type {unknown} */ value) =>
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
  /** @type {Replace} */
  function replace(object, name, wrap) {
    const original = object?.[name];
    if (typeof original === "function") set(object, name, wrap(original));
  }
  for (const part of parts) part(faults, { scope, replace, set, refused, never, devices });
}

/** The script of these faults, to run before a page's or a worker's own. @param {Faults} faults */
export const faultScript = (faults) =>
  `(${install})(${JSON.stringify(faults)}, ${JSON.stringify(CHANNEL)}, [${PARTS.join(",")}]);\n`;

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
