// Thumbnails of the toy densities, drawn from a few dozen points or a curve.

import { WIDTH, drawing, path, round } from "../draw/svg.js";

/** @import { ToyInfo } from "../protocol.js" */

const COUNT = 48;
/** Half of the width of the data in a thumbnail, in SVG units. */
const REACH = 42;

/** A reproducible pseudorandom number. @param {number} i */
const jitter = (i) => (Math.sin(i * 127.1 + 11.7) * 43758.5453) % 1;
/**
 * A point on a circle, at a fraction of a turn.
 * @param {number} turn @param {number} [r] @returns {[number, number]}
 */
const onCircle = (turn, r = 1) => [r * Math.cos(2 * Math.PI * turn), r * Math.sin(2 * Math.PI * turn)];

/**
 * Points of a 2-D density without noise, in [-1, 1]²; `t` goes from 0 to 1.
 * @type {Record<string, (i: number, t: number) => [number, number]>}
 */
const PLACES = {
  ring: (i) => onCircle((i % 8) / 8),
  grid: (i) => [((i % 25) % 5) / 2 - 1, Math.floor((i % 25) / 5) / 2 - 1],
  segment: (_, t) => [2 * t - 1, t - 0.5],
  circle: (_, t) => onCircle(t),
  moons: (i, t) => {
    const [x, y] = onCircle(t / 2, 0.66);
    return i % 2 ? [x - 0.33, y - 0.17] : [0.33 - x, 0.17 - y];
  },
  spiral: (_, t) => onCircle(1.5 * Math.sqrt(t), Math.sqrt(t)),
  disjoint: (i) => onCircle((i % 3) / 3 + 0.08, 0.9),
  unbalanced: (i) => onCircle([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3][i % 12] / 8),
};
/** Amplitude of the noise that is added to the points. @type {Record<string, number>} */
const SPREAD = {
  ring: 0.07,
  grid: 0.05,
  segment: 0.06,
  circle: 0.06,
  moons: 0.06,
  spiral: 0.05,
  disjoint: 0.2,
  unbalanced: 0.1,
};

/** Heights of a 1-D density, for x from -1 to 1. @type {Record<string, (x: number) => number>} */
const HEIGHTS = {
  normal: (x) => Math.exp(-8 * x * x),
  mixture: (x) => Math.exp(-30 * (x - 0.5) ** 2) + Math.exp(-30 * (x + 0.5) ** 2),
  uniform: (x) => (Math.abs(x) < 0.6 ? 0.7 : 0),
  exponential: (x) => (x > -0.7 ? Math.exp(-2.6 * (x + 0.7)) : 0),
  "heavy-tail": (x) => 1 / (1 + 30 * x * x),
};

/** Whether a data set is one of points or numbers, as far as a thumbnail of it is known. @param {string} id */
export const isToy = (id) => id in PLACES || id in HEIGHTS || id === "drawn" || id === "curve";

/** A pencil, shown until the visitor has drawn something. */
const PENCIL = "M28 72L33 54L66 21L79 34L46 67ZM58 29L71 42M33 54L46 67";

/**
 * The thumbnail of a toy density, or of the visitor's drawing.
 * @param {ToyInfo} toy @param {Float32Array | null} [drawn]
 */
export function thumbnail({ id, space, drawn: byHand }, drawn = null) {
  const shape = path(space);
  if (byHand && !drawn?.length) shape.setAttribute("d", PENCIL);
  else
    shape.setAttribute(
      "d",
      space === "line" ? outline(HEIGHTS[id], drawn) : dots(byHand ? pointsOf(drawn) : placesOf(id)),
    );
  if (byHand && !drawn?.length) shape.setAttribute("class", "line");
  const svg = drawing("thumbnail", WIDTH, [shape]);
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** @param {string} id @returns {[number, number][]} */
function placesOf(id) {
  const place = PLACES[id] ?? ((i) => [jitter(i), jitter(i + 300)]);
  return Array.from({ length: COUNT }, (_, i) => {
    const [x, y] = place(i, (i + 0.5) / COUNT);
    const spread = SPREAD[id] ?? 0;
    return [x + spread * jitter(i), y + spread * jitter(i + 100)];
  });
}

/** @param {Float32Array | null} drawn @returns {[number, number][]} */
function pointsOf(drawn) {
  const count = (drawn?.length ?? 0) / 2;
  const every = Math.max(1, Math.ceil(count / (4 * COUNT)));
  /** @type {[number, number][]} */
  const places = [];
  for (let i = 0; drawn && i < count; i += every) places.push([drawn[2 * i] / 2, drawn[2 * i + 1] / 2]);
  return places;
}

/** Draws points as lines of zero length with round ends. @param {[number, number][]} places */
function dots(places) {
  return places.map(([x, y]) => `M${round(WIDTH / 2 + REACH * x)} ${round(WIDTH / 2 - REACH * y)}h0`).join("");
}

/**
 * Outline of a 1-D density.
 * @param {((x: number) => number) | undefined} height
 * @param {Float32Array | null} drawn heights of equal bins, if there is no formula
 */
function outline(height, drawn) {
  const bins = drawn ?? new Float32Array(1);
  const most = Math.max(...bins, 1e-9);
  const at =
    height ??
    ((/** @type {number} */ x) =>
      Math.max(0, bins[Math.min(bins.length - 1, Math.floor(((x + 1) / 2) * bins.length))]) / most);
  const steps = Array.from({ length: 61 }, (_, i) => i / 30 - 1);
  return `M${steps.map((x) => `${round(WIDTH / 2 + 46 * x)} ${round(82 - 62 * at(x))}`).join("L")}`;
}
