// Drawing, piece by piece: pieces that each fit a frame would not when they fall together. As many in a frame as leave
// it time.

import { safely } from "./browser.js";

/** Of a frame's 16 ms; what the browser does with what was drawn takes some, too. */
const BUDGET_MS = 5;

/** A frame that does not come within this is not coming: the window is covered, or the frame that the page is in is out of sight. */
const PATIENCE_MS = 250;

/**
 * Calls back with the next frame, or without one where the browser draws none: a hidden tab. Timers are slowed down there, messages are not.
 * @param {() => void} callback
 */
export function nextFrame(callback) {
  const { port1, port2 } = new MessageChannel();
  const onHidden = () => {
    if (document.hidden) port2.postMessage(null);
  };
  const once = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onHidden);
    port1.close();
    callback();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, PATIENCE_MS);
  port1.onmessage = once;
  document.addEventListener("visibilitychange", onHidden);
  onHidden();
}

/** Oldest first; a piece that waits is replaced by its successor, which keeps its place. @type {Map<string, () => void>} */
const waiting = new Map();
let asked = false;

/** Has `draw` run in the next frame that has room. @param {string} piece names what is drawn @param {() => void} draw */
export function inFrame(piece, draw) {
  waiting.set(piece, draw);
  if (!asked) requestAnimationFrame(next);
  asked = true;
}

function next() {
  const start = performance.now();
  // What a piece asks for while it is drawn is asked for again.
  asked = false;
  for (const [piece, draw] of [...waiting]) {
    waiting.delete(piece);
    safely(draw);
    if (performance.now() - start >= BUDGET_MS) break;
  }
  if (waiting.size > 0 && !asked) requestAnimationFrame(next);
  asked = waiting.size > 0;
}

/** The same, but not again before `ms` have passed. @param {string} piece @param {number} ms @param {() => void} draw */
export function atMost(piece, ms, draw) {
  let timer = 0;
  let last = -Infinity;
  return () => {
    if (timer) return;
    timer = window.setTimeout(
      () => {
        timer = 0;
        last = performance.now();
        inFrame(piece, draw);
      },
      Math.max(0, last + ms - performance.now()),
    );
  };
}
