// Schedules drawing in pieces. Each piece fits into an animation frame, but not all of them together, so a frame draws
// only as many as its budget allows.

import { safely } from "./browser.js";

/** Time for drawing in a frame, in milliseconds. A frame has 16 ms, and the browser needs some of them to render. */
const BUDGET_MS = 5;

/**
 * Time in milliseconds after which no animation frame is expected: the window is covered, or the page is in an iframe
 * that is out of view.
 */
const PATIENCE_MS = 250;

/**
 * Calls back in the next animation frame, or without one if the browser draws none, as in a hidden tab. There a message
 * is used, because timers are throttled.
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

/**
 * Waiting pieces, oldest first. A new request for a waiting piece replaces it in its place.
 * @type {Map<string, () => void>}
 */
const waiting = new Map();
let asked = false;

/**
 * Draws a piece in the next frame with enough time.
 * @param {string} piece name of the piece @param {() => void} draw
 */
export function inFrame(piece, draw) {
  waiting.set(piece, draw);
  if (!asked) requestAnimationFrame(next);
  asked = true;
}

function next() {
  const start = performance.now();
  // Reset first, so that a piece may request frames while it is drawn.
  asked = false;
  for (const [piece, draw] of [...waiting]) {
    waiting.delete(piece);
    safely(draw);
    if (performance.now() - start >= BUDGET_MS) break;
  }
  if (waiting.size > 0 && !asked) requestAnimationFrame(next);
  asked = waiting.size > 0;
}

/**
 * Like inFrame, but at most once in `ms` milliseconds.
 * @param {string} piece @param {number} ms @param {() => void} draw
 */
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
