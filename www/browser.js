// Every call that a browser may refuse, in one place. Each answers with what the page can go on with and never throws;
// what is lost by the refusal is told once. For the page and for its worker, which tells the page.

import "./repairs.js";

/** What is lost, in words for the user. */
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
/** What a visitor asks for gets its answer each time; all else is told once. @type {Loss[]} */
const ON_REQUEST = ["picture", "file"];
/** An answer from the browser's own storage is usually there within milliseconds; so is a picture. */
const PATIENCE_MS = 5000;

const page = typeof document === "object";
/** @type {Set<Loss>} */
const lost = new Set();
/** @type {((kind: string, text: string | null) => void) | null} */
let listener = null;

/** Tells a listener what has been lost so far and is lost from here on; null takes it back. @param {(kind: string, text: string | null) => void} onChange */
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

/** Asks the browser again for all that it has refused: for tests, where one process is many browsers. */
export function forgetLosses() {
  lost.clear();
}

/** What was refused for a while goes again. @param {Loss} loss */
function regain(loss) {
  if (lost.delete(loss)) tellLosses();
}

/** The call's answer, or `otherwise` where it throws. @template T, [E=T] @param {() => T} call @param {E} otherwise @param {Loss} [loss] @returns {T | E} */
export function attempt(call, otherwise, loss) {
  try {
    return call();
  } catch {
    if (loss) lose(loss);
    return otherwise;
  }
}

/** The same of a call that answers later: it may throw, reject, or never answer. @template T, [E=T] @param {() => Promise<T>} call @param {E} otherwise @param {Loss} [loss] @returns {Promise<T | E>} */
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

/** Runs a part of the page; when it fails, the others go on, and the error stands in the console. @param {() => void} part */
export function safely(part) {
  try {
    part();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

// What failed all the same: said, since whoever looks at the page does not see the console.
if (page) {
  const ours = (/** @type {unknown} */ where) => String(where).includes(new URL(".", document.baseURI).href);
  globalThis.addEventListener("error", ({ error, filename }) => {
    // Without an error it is a warning of the browser's, such as a ResizeObserver's loop; from elsewhere it is an
    // extension's.
    if (error && ours(filename)) fail();
  });
  globalThis.addEventListener("unhandledrejection", ({ reason }) => {
    if (ours(reason?.stack)) fail();
  });
}

let failed = false;

/** A page that fails before it can show a notice says so in plain text. */
function fail() {
  if (failed) return;
  failed = true;
  listener?.("part", LOSSES.part);
  const box = document.getElementById("notices");
  if (!listener && box)
    box.textContent = "This page could not be started in this browser. Try a reload, a newer browser, or another one.";
}

/** @param {string} address @returns {boolean} whether the address is this now; some browsers take only so many changes in a while */
export function replaceAddress(address) {
  const done = attempt(() => (history.replaceState(null, "", address), true), false, "address");
  if (done) regain("address");
  return done;
}

/** What was kept under a name. @param {string} name @returns {string | null} */
export const recall = (name) => attempt(() => localStorage.getItem(name), null, "settings");

/** @param {string} name @param {string} text */
export const remember = (name, text) => attempt(() => localStorage.setItem(name, text), undefined, "settings");

/**
 * Asks a store of answers. It may be missing (insecure origins), forbidden (private windows), or full; one that has refused once is not
 * asked again. @template T @param {string} name @param {(store: Cache) => Promise<T>} ask @returns {Promise<T | undefined>}
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

/** Registers the script that keeps the page for a visit without a network. @param {URL} script */
export function keepForOffline(script) {
  // Absent on plain http: nothing was refused.
  const container = attempt(() => navigator.serviceWorker, undefined, "offline");
  if (!container) return null;
  // With one of an earlier visit in charge nothing is lost: a server's wrong answer to this request is none of the
  // browser's.
  const refused = () => (container.controller ? undefined : lose("offline"));
  return attempt(() => container.register(script), null, "offline")?.catch(() => void refused()) ?? null;
}

/** A worker, or null; then `failed` hears why, later, as of a worker that fails by itself. @param {() => Worker} make @param {(message: string) => void} failed */
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

/** A whole number below `end`, not to be guessed where the browser allows it. @param {number} end */
export const randomBelow = (end) =>
  attempt(() => crypto.getRandomValues(new Uint32Array(1))[0] % end, Math.floor(Math.random() * end));

/** Whether a media query holds. @param {string} query */
export const mediaMatches = (query) => attempt(() => matchMedia(query).matches, false);

/** @param {() => void} changed the colours are other ones */
export function onColourScheme(changed) {
  attempt(() => matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed), undefined);
}

/** Hears of an element's sizes, the present one included. @param {Element} element @param {() => void} changed */
export function onResize(element, changed) {
  if (attempt(() => (new ResizeObserver(() => safely(changed)).observe(element), true), false)) return;
  addEventListener("resize", () => safely(changed));
  setTimeout(() => safely(changed));
}

/** Pixels of the screen for one of the page; more than three are not seen. */
export const pixelRatio = () => Math.min(3, devicePixelRatio > 0 ? devicePixelRatio : 1);

/** Takes every drawing and shows none. @returns {CanvasRenderingContext2D} */
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

/** Where a canvas is drawn on; one that shows nothing where the browser has none left. @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [options] */
export function context2d(canvas, options) {
  const context = attempt(() => canvas.getContext("2d", options), null);
  if (context) return context;
  lose("canvas");
  return blankContext();
}

/** Whether a chart library would get a canvas now. */
export function hasCanvas() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  if (attempt(() => canvas.getContext("2d"), null)) return true;
  lose("canvas");
  return false;
}

/** A canvas as PNG, or null; then it has been said. @param {HTMLCanvasElement} canvas @returns {Promise<Blob | null>} */
export async function pictureOf(canvas) {
  const blob = await attemptLater(() => new Promise((resolve) => canvas.toBlob(resolve, "image/png")), null);
  if (!blob) lose("picture");
  return blob;
}

/** Has a file downloaded. @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  attempt(
    () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      // The download has its own reference by then.
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
    undefined,
    "file",
  );
}

/** Whether a text is on the clipboard now. @param {string} text @returns {Promise<boolean>} */
export const copyText = (text) => attemptLater(() => navigator.clipboard.writeText(text).then(() => true), false);

/** Opens a dialog above the page, or where it stands in it. @param {HTMLDialogElement} dialog */
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

/** The pointer that was pressed on an element. @type {WeakMap<Element, number>} */
const pressed = new WeakMap();

/** Keeps a pressed pointer's moves for an element. @param {Element} element @param {PointerEvent} event */
export function capturePointer(element, { pointerId }) {
  pressed.set(element, pointerId);
  attempt(() => element.setPointerCapture(pointerId), undefined);
}

/** Whether a moving pointer was captured; where that was refused, whether it is still pressed. @param {Element} element @param {PointerEvent} event */
export const holdsPointer = (element, { pointerId, buttons }) =>
  attempt(() => element.hasPointerCapture(pointerId), false) || (pressed.get(element) === pointerId && buttons > 0);
