// Geometry of plots: conversion between data and pixels, axis ticks, contours, and the search for points.

/** @typedef {[number, number, number, number]} Window left, right, bottom, top */
/**
 * @typedef {object} Frame the part of a canvas that shows a window, with the same scale on both axes
 * @property {number} left @property {number} top @property {number} width @property {number} height in pixels
 * @property {number} scale pixels per unit
 * @property {Window} window the visible window: the requested one, extended to the shape of the frame
 * @property {(v: number) => number} x @property {(v: number) => number} y data to pixels
 * @property {(px: number) => number} fromX @property {(px: number) => number} fromY pixels to data
 */

/**
 * The frame that shows a window in a box.
 * @param {Window} wished @param {{left: number, top: number, width: number, height: number}} box @returns {Frame}
 */
export function frameOf([l, r, b, t], { left, top, width, height }) {
  const scale = Math.min(width / (r - l), height / (t - b));
  const [cx, cy] = [(l + r) / 2, (b + t) / 2];
  const [w, h] = [width / scale / 2, height / scale / 2];
  return {
    left,
    top,
    width,
    height,
    scale,
    window: [cx - w, cx + w, cy - h, cy + h],
    x: (v) => left + (v - cx + w) * scale,
    y: (v) => top + (cy + h - v) * scale,
    fromX: (px) => (px - left) / scale + cx - w,
    fromY: (px) => cy + h - (px - top) / scale,
  };
}

/** Margins in pixels, for the tick labels and for points at the edge. */
const ROOM = { left: 30, bottom: 24, right: 6, top: 8 };

/**
 * The largest frame in which a canvas shows a window in proportion.
 * @param {Window} window @param {number} width of the canvas @param {number} height
 */
export function planeFrame(window, width, height) {
  const [l, r, b, t] = window;
  const scale = Math.min((width - ROOM.left - ROOM.right) / (r - l), (height - ROOM.top - ROOM.bottom) / (t - b));
  return frameOf(window, { left: ROOM.left, top: ROOM.top, width: scale * (r - l), height: scale * (t - b) });
}

/**
 * Round ticks between two numbers, about as many as wished, and their number of decimals.
 * @param {number} low @param {number} high @param {number} wished
 */
export function axisTicks(low, high, wished) {
  const rough = (high - low) / wished;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return {
    values: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step),
    digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}

/**
 * Index of the point nearest to a position, or -1 if none is within `reach`.
 * @param {Float32Array} points as x, y, x, y, ... @param {number} x @param {number} y @param {number} reach
 */
export function nearestPoint(points, x, y, reach) {
  let [best, least] = [-1, reach * reach];
  for (let i = 0; 2 * i < points.length; i++) {
    const [dx, dy] = [points[2 * i] - x, points[2 * i + 1] - y];
    const d = dx * dx + dy * dy;
    if (d <= least) [best, least] = [i, d];
  }
  return best;
}

/**
 * Index of the next point in a direction, for arrow keys. A near point is preferred, at most 45° off the direction.
 * Returns `from` if there is none.
 * @param {Float32Array} points @param {number} from @param {[number, number]} way a unit vector
 */
export function pointBeyond(points, from, [wx, wy]) {
  const [x, y] = [points[2 * from], points[2 * from + 1]];
  let [best, least] = [from, Infinity];
  for (let i = 0; 2 * i < points.length; i++) {
    const [dx, dy] = [points[2 * i] - x, points[2 * i + 1] - y];
    const ahead = dx * wx + dy * wy;
    const aside = Math.abs(dx * wy - dy * wx);
    // Skip points at the same position: the selection would alternate between them for ever.
    if (ahead <= 1e-6 || aside > ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [i, cost];
  }
  return best;
}

/**
 * The value of a map at a position, interpolated bilinearly; NaN outside the window.
 * @param {Float32Array} map @param {number} side @param {Window} window @param {number} x @param {number} y
 */
export function mapAt(map, side, [l, r, b, t], x, y) {
  if (map.length === 0 || !(x >= l && x <= r && y >= b && y <= t)) return NaN;
  const inside = (/** @type {number} */ v) => Math.min(Math.max(v, 0), side - 1);
  const [u, v] = [inside(((x - l) / (r - l)) * side - 0.5), inside(((y - b) / (t - b)) * side - 0.5)];
  const [i, j] = [Math.min(Math.floor(u), side - 2), Math.min(Math.floor(v), side - 2)];
  const [p, q] = [u - i, v - j];
  const at = (/** @type {number} */ di, /** @type {number} */ dj) => map[(j + dj) * side + i + di];
  return (1 - q) * ((1 - p) * at(0, 0) + p * at(1, 0)) + q * ((1 - p) * at(0, 1) + p * at(1, 1));
}

/**
 * The level set of a map, by marching squares: x0, y0, x1, y1 of each segment, in nodes from the first one. Cells with
 * a NaN are skipped.
 * @param {Float32Array} map @param {number} side @param {number} level
 */
export function contour(map, side, level) {
  /** @type {number[]} */
  const pieces = [];
  for (let j = 0; j + 1 < side; j++) {
    for (let i = 0; i + 1 < side; i++) {
      const [low, high] = [j * side + i, (j + 1) * side + i];
      const a = map[low] - level;
      const b = map[low + 1] - level;
      const c = map[high + 1] - level;
      const d = map[high] - level;
      // Most cells are entirely above or below the level; cells with a NaN are skipped.
      if ((a < 0 === b < 0 && b < 0 === c < 0 && c < 0 === d < 0) || Number.isNaN(a + b + c + d)) continue;
      /** Crossings of the contour with the cell's edges, anticlockwise. @type {number[]} */
      const at = [];
      if (a < 0 !== b < 0) at.push(i + a / (a - b), j);
      if (b < 0 !== c < 0) at.push(i + 1, j + b / (b - c));
      if (d < 0 !== c < 0) at.push(i + d / (d - c), j + 1);
      if (a < 0 !== d < 0) at.push(i, j + a / (a - d));
      // In a saddle, the first two of the four crossings form a segment, and the last two.
      for (let k = 0; k + 3 < at.length; k += 4) pieces.push(at[k], at[k + 1], at[k + 2], at[k + 3]);
    }
  }
  return pieces;
}
