// Drawing, one piece a frame: pieces that each fit a frame would not when they fall together.

/** Oldest first; a piece that waits is replaced by its successor, which keeps its place. @type {Map<string, () => void>} */
const waiting = new Map();
let asked = false;

/** Has `draw` run in a frame of its own. @param {string} piece names what is drawn @param {() => void} draw */
export function inFrame(piece, draw) {
  waiting.set(piece, draw);
  if (!asked) requestAnimationFrame(next);
  asked = true;
}

function next() {
  const [first] = waiting;
  asked = waiting.size > 1;
  if (asked) requestAnimationFrame(next);
  if (!first) return;
  waiting.delete(first[0]);
  first[1]();
}

/** The same, but not again before `ms` have passed. @param {string} piece @param {number} ms @param {() => void} draw */
export function atMost(piece, ms, draw) {
  let timer = 0;
  let last = -Infinity;
  return () => {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      last = performance.now();
      inFrame(piece, draw);
    }, Math.max(0, last + ms - performance.now()));
  };
}
