// Guards against leaving the page and losing work: links open in a new tab, and the browser asks before it closes or
// reloads a page with a run or a drawing that would be lost.

import { KEYS, encoded, fits } from "../data/drawn.js";

/** @import { Drawn } from "../data/drawn.js" */

/** Training time in milliseconds from which on a run is worth a question. */
export const WORTH_MS = 60_000;

/**
 * @typedef {object} Work the work that leaving may lose
 * @property {{elapsedMs: number}[]} runs
 * @property {Drawn} drawn drawn by this visitor, or decoded from the address
 * @property {string} hash of the address
 * @property {boolean} unsent whether the editor holds a drawing that no run uses yet
 */

/** Values that came with an address, which can be decoded again. @type {WeakSet<Float32Array>} */
const fromLinks = new WeakSet();

/** Marks values as decoded from an address. @param {Float32Array} values */
export function cameByLink(values) {
  fromLinks.add(values);
}

/** Whether leaving would lose work. @param {Work} work */
export function wouldLose({ runs, drawn, hash, unsent }) {
  if (unsent || runs.reduce((sum, run) => sum + run.elapsedMs, 0) > WORTH_MS) return true;
  const held = new URLSearchParams(hash);
  return Object.entries(drawn).some(
    ([set, values]) => !fromLinks.has(values) && !(fits(set, values) && held.get(KEYS[set]) === encoded(set, values)),
  );
}

/**
 * Makes the browser ask before the page is left if work would be lost. Returns a function to call whenever that may
 * have changed: the listener is removed while there is no work, because browsers cache pages without it for the Back
 * button.
 * @param {() => Work} work
 */
export function guardLeaving(work) {
  let asks = false;
  const ask = (/** @type {BeforeUnloadEvent} */ event) => {
    if (!wouldLose(work())) return;
    event.preventDefault();
    // Needed by Chrome before 119 and by Safari.
    event.returnValue = true;
  };
  return () => {
    const needed = wouldLose(work());
    if (needed === asks) return;
    asks = needed;
    if (needed) addEventListener("beforeunload", ask);
    else removeEventListener("beforeunload", ask);
  };
}

/** Makes links to other pages open in a new tab, including links that are added later. */
export function openLinksBeside() {
  const beside = (/** @type {Event} */ event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.hasAttribute("download")) return;
    const here = new URL(link.href, document.baseURI);
    if (here.origin === location.origin && here.pathname === location.pathname && here.search === location.search)
      return;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  };
  // In the capture phase: before the browser or another listener handles the event.
  for (const kind of ["pointerdown", "click", "auxclick", "focusin"]) addEventListener(kind, beside, { capture: true });
}
