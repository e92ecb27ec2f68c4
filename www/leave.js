// What could take a visitor away from the page, and their work with it: links open beside it, and the browser asks
// before it closes or reloads a page with a run or with points that would be lost.

import { KEYS, encoded, fits } from "./drawn.js";

/** @import { Drawn } from "./drawn.js" */

/** Training that takes less is soon made again. */
export const WORTH_MS = 60_000;

/**
 * @typedef {object} Work what there is to lose
 * @property {{elapsedMs: number}[]} runs
 * @property {Drawn} drawn by this visitor, or from the address
 * @property {string} hash of the address
 * @property {boolean} unsent whether something is drawn that no run uses yet
 */

/** Points that came with an address can be had from it again. @type {WeakSet<Float32Array>} */
const fromLinks = new WeakSet();

/** Remembers what came with an address. @param {Float32Array} values */
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
 * Asks before the page is left, while something would be lost. Returns what has to be called when that may have changed: a browser keeps
 * a page that does not ask ready for its Back button.
 * @param {() => Work} work
 */
export function guardLeaving(work) {
  let asks = false;
  const ask = (/** @type {BeforeUnloadEvent} */ event) => {
    if (!wouldLose(work())) return;
    event.preventDefault();
    // Chrome before 119 and Safari.
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

/** Links to other pages open beside this one, also those that are made later. */
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
  // Before the browser acts on it, whoever else listens.
  for (const kind of ["pointerdown", "click", "auxclick", "focusin"]) addEventListener(kind, beside, { capture: true });
}
