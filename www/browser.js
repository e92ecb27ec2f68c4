// All calls that a browser may refuse. Each returns a fallback instead of throwing, and reports once what the refusal
// disables. Used by the page and by its worker, which forwards its losses to the page.

import "./repairs.js";

/** Messages for the user: what no longer works. */
const LOSSES = {
  address: "The address cannot follow the settings: a copied address or a reload brings back older ones.",
  settings: "What you choose to be shown is forgotten when you leave.",
  cache: "Images cannot be kept for the next visit, which downloads them again.",
  offline: "The page cannot be kept for a visit without a network.",
  canvas:
    "Some pictures and charts cannot be drawn: the browser gives no canvas for them. Closing other tabs may help.",
  picture:
    "The picture could not be saved: the browser did not make a file of it. Closing other tabs may help; then try again.",
  file: "The file could not be saved: the browser refused the download.",
  part: "A part of the page failed and may show something old. Training goes on; a reload begins anew.",
};
/** @typedef {keyof typeof LOSSES} Loss */

const INTRODUCTION = "This browser refuses some of what the page asks for.";
/**
 * Losses that are reported each time, because the visitor asked for the action; all others are reported once.
 * @type {Loss[]}
 */
const ON_REQUEST = ["picture", "file"];
/** Time limit in milliseconds for the browser's storage and for encoding a picture, which usually take milliseconds. */
const PATIENCE_MS = 5000;

const page = typeof document === "object";
/** @type {Set<Loss>} */
const lost = new Set();
/** @type {((kind: string, text: string | null) => void) | null} */
let listener = null;

/**
 * Registers a listener for past and future losses. A message of null means that the loss is over.
 * @param {(kind: string, text: string | null) => void} onChange
 */
export function onLoss(onChange) {
  listener = onChange;
  if (lost.size > 0) tellLosses();
}

function tellLosses() {
  listener?.("browser", lost.size > 0 ? [INTRODUCTION, ...[...lost].map((l) => LOSSES[l])].join(" ") : null);
}

/** @param {Loss} loss */
export function lose(loss) {
  if (ON_REQUEST.includes(loss)) return listener?.(loss, LOSSES[loss]);
  if (lost.has(loss)) return;
  lost.add(loss);
  if (page) tellLosses();
  else globalThis.postMessage?.({ type: "lost", loss });
}

/** Clears all recorded losses. For tests, where one process stands for many browsers. */
export function forgetLosses() {
  lost.clear();
}

/** Reports that a call that was refused works again. @param {Loss} loss */
function regain(loss) {
  if (lost.delete(loss)) tellLosses();
}

/**
 * Returns the result of a call, or `otherwise` if it throws.
 * @template T, [E=T] @param {() => T} call @param {E} otherwise @param {Loss} [loss] @returns {T | E}
 */
export function attempt(call, otherwise, loss) {
  try {
    return call();
  } catch {
    if (loss) lose(loss);
    return otherwise;
  }
}

/**
 * Like `attempt`, for asynchronous calls: they may throw, reject, or never answer.
 * @template T, [E=T] @param {() => Promise<T>} call @param {E} otherwise @param {Loss} [loss] @returns {Promise<T | E>}
 */
export async function attemptLater(call, otherwise, loss) {
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
    });
    return /** @type {T} */ (await Promise.race([call(), late]));
  } catch {
    if (loss) lose(loss);
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs one part of the page. If it throws, the error is logged and the other parts still run.
 * @param {() => void} part
 */
export function safely(part) {
  try {
    part();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

// Uncaught errors are shown on the page, because visitors do not see the console.
if (page) {
  const ours = (/** @type {unknown} */ where) => String(where).includes(new URL(".", document.baseURI).href);
  globalThis.addEventListener("error", ({ error, filename }) => {
    // Events without an error are warnings of the browser, such as a ResizeObserver loop; errors from other addresses
    // come from extensions.
    if (error && ours(filename)) fail();
  });
  globalThis.addEventListener("unhandledrejection", ({ reason }) => {
    if (ours(reason?.stack)) fail();
  });
}

let failed = false;

/** Shows plain text if the page fails before it can show a notice. */
function fail() {
  if (failed) return;
  failed = true;
  listener?.("part", LOSSES.part);
  const box = document.getElementById("notices");
  if (!listener && box)
    box.textContent = "This page could not be started in this browser. Try a reload, a newer browser, or another one.";
}

/** @param {() => void} change of the address @returns {boolean} whether it succeeded; some browsers limit the rate of changes */
function changeAddress(change) {
  const done = attempt(() => (change(), true), false, "address");
  if (done) regain("address");
  return done;
}

/** @param {string} address */
export const replaceAddress = (address) => changeAddress(() => history.replaceState(null, "", address));

/** Adds an entry to the browser's history. @param {string} address */
export const pushAddress = (address) => changeAddress(() => history.pushState(null, "", address));

/** The stored text under a name. @param {string} name @returns {string | null} */
export const recall = (name) => attempt(() => localStorage.getItem(name), null, "settings");

/** @param {string} name @param {string} text */
export const remember = (name, text) => attempt(() => localStorage.setItem(name, text), undefined, "settings");

/**
 * Uses a store of Cache Storage. It may be missing (insecure origins), forbidden (private windows) or full; after one
 * refusal it is not used again.
 * @template T @param {string} name @param {(store: Cache) => Promise<T>} ask @returns {Promise<T | undefined>}
 */
async function askStore(name, ask) {
  if (lost.has("cache")) return undefined;
  return attemptLater(async () => ask(await caches.open(name)), undefined, "cache");
}

/** A stored answer, if there is one. @param {string} store @param {string} key */
export const storedAnswer = (store, key) => askStore(store, (s) => s.match(key));

/** @param {string} store @param {string} key @param {Response} answer */
export const storeAnswer = (store, key, answer) => askStore(store, (s) => s.put(key, answer));

/** @param {string} store @param {string} key */
export const forgetAnswer = (store, key) => askStore(store, (s) => s.delete(key));

/** Registers the service worker, which stores the page for visits without a network. @param {URL} script */
export function keepForOffline(script) {
  // Without https there is no service worker. That is not a refusal, so nothing is reported.
  const container = attempt(() => navigator.serviceWorker, undefined, "offline");
  if (!container) return null;
  // If a worker of an earlier visit is in control, nothing is lost: the server gave a wrong answer, the browser refused
  // nothing.
  const refused = () => (container.controller ? undefined : lose("offline"));
  return attempt(() => container.register(script), null, "offline")?.catch(() => void refused()) ?? null;
}

/**
 * Starts a worker. Returns null if the browser refuses, and calls `failed` asynchronously, as for a worker that fails
 * on its own.
 * @param {() => Worker} make @param {(message: string) => void} failed
 */
export function startWorker(make, failed) {
  try {
    const worker = make();
    worker.addEventListener("message", ({ data }) => {
      if (data?.type === "lost") lose(data.loss);
    });
    return worker;
  } catch (error) {
    setTimeout(() => failed(/** @type {Error} */ (error)?.message || "The browser refused to start a worker."));
    return null;
  }
}

/**
 * A random whole number from 0 to below `end`, unpredictable if the browser has a cryptographic generator.
 * @param {number} end
 */
export const randomBelow = (end) =>
  attempt(() => crypto.getRandomValues(new Uint32Array(1))[0] % end, Math.floor(Math.random() * end));

/** Whether a media query matches. @param {string} query */
export const mediaMatches = (query) => attempt(() => matchMedia(query).matches, false);

/** @param {() => void} changed called when the colour scheme changes */
export function onColourScheme(changed) {
  attempt(() => matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed), undefined);
}

/**
 * Calls a function with the present size of an element and after every change of it.
 * @param {Element} element @param {() => void} changed
 */
export function onResize(element, changed) {
  if (attempt(() => (new ResizeObserver(() => safely(changed)).observe(element), true), false)) return;
  addEventListener("resize", () => safely(changed));
  setTimeout(() => safely(changed));
}

/** Device pixels per CSS pixel, at most 3, because finer detail is not visible. */
export const pixelRatio = () => Math.min(3, devicePixelRatio > 0 ? devicePixelRatio : 1);

/** A 2-D context that accepts every call and draws nothing. @returns {CanvasRenderingContext2D} */
function blankContext() {
  /** @type {any} */
  const blank = new Proxy(/** @type {any} */ ({}), {
    get: (kept, name) => (name === Symbol.toPrimitive ? () => 0 : name in kept ? kept[name] : () => blank),
    set: (kept, name, value) => {
      kept[name] = value;
      return true;
    },
  });
  return blank;
}

/**
 * The 2-D context of a canvas; one that draws nothing if the browser has none left.
 * @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [options]
 */
export function context2d(canvas, options) {
  const context = attempt(() => canvas.getContext("2d", options), null);
  if (context) return context;
  lose("canvas");
  return blankContext();
}

/** Whether the browser can still create a canvas context for a chart library. */
export function hasCanvas() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  if (attempt(() => canvas.getContext("2d"), null)) return true;
  lose("canvas");
  return false;
}

/**
 * A canvas as PNG. Returns null if that fails, after reporting the loss.
 * @param {HTMLCanvasElement} canvas @returns {Promise<Blob | null>}
 */
export async function pictureOf(canvas) {
  const blob = await attemptLater(() => new Promise((resolve) => canvas.toBlob(resolve, "image/png")), null);
  if (!blob) lose("picture");
  else listener?.("picture", null);
  return blob;
}

/** Downloads a blob as a file. @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  const saved = attempt(
    () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      // By then the download holds its own reference.
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      return true;
    },
    false,
    "file",
  );
  if (saved) listener?.("file", null);
}

/** Copies a text to the clipboard. Returns whether that succeeded. @param {string} text @returns {Promise<boolean>} */
export const copyText = (text) => attemptLater(() => navigator.clipboard.writeText(text).then(() => true), false);

/** Opens a dialog as modal, or inline if the browser cannot. @param {HTMLDialogElement} dialog */
export function openDialog(dialog) {
  if (dialog.open || attempt(() => (dialog.showModal(), true), false)) return;
  dialog.setAttribute("open", "");
  dialog.scrollIntoView?.({ block: "center" });
}

/** @param {HTMLDialogElement} dialog */
export function closeDialog(dialog) {
  if (attempt(() => (dialog.close(), true), false)) return;
  dialog.removeAttribute("open");
  dialog.dispatchEvent(new Event("close"));
}

/** Id of the pointer that was pressed on an element. @type {WeakMap<Element, number>} */
const pressed = new WeakMap();

/**
 * Captures a pressed pointer, so that its moves go to an element.
 * @param {Element} element @param {PointerEvent} event
 */
export function capturePointer(element, { pointerId }) {
  pressed.set(element, pointerId);
  attempt(() => element.setPointerCapture(pointerId), undefined);
}

/**
 * Whether an element has captured the pointer. If capturing was refused: whether the pointer is still pressed.
 * @param {Element} element @param {PointerEvent} event
 */
export const holdsPointer = (element, { pointerId, buttons }) =>
  attempt(() => element.hasPointerCapture(pointerId), false) || (pressed.get(element) === pointerId && buttons > 0);
