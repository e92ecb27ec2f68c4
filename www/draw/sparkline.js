// A sparkline: a word-sized curve without axes, with a dot on the last value and an optional dashed reference line. The
// value itself is written beside it.

import { WIDTH, drawing, lineThrough, path, round } from "./svg.js";

/** @import { Series } from "../series.js" */
/** @typedef {{low: number, high: number, log: boolean}} Scale */

const HEIGHT = 30;
/** Margin for the dot and half of the line width, in SVG units. */
const MARGIN = 3;
/** Most points of a curve. Long runs merge their evaluations. */
export const POINTS = 128;

/**
 * The common scale of values to compare. A logarithmic scale spans at least a factor of ten, so that noise does not
 * look like a change.
 * @param {(number | null)[]} values
 * @param {{log?: boolean, reach?: number[]}} [options] `reach`: values that must be in range
 * @returns {Scale}
 */
export function scaleOf(values, { log = false, reach = [] } = {}) {
  const known = [...values, ...reach].filter((v) => v !== null && Number.isFinite(v) && (!log || v > 0)).map(Number);
  if (known.length === 0) return { low: log ? 0.1 : 0, high: 1, log };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (!log) return { low, high: high > low ? high : low + 1, log };
  const widen = Math.sqrt(Math.max(1, 10 / (high / low)));
  return { low: low / widen, high: high * widen, log };
}

/**
 * The position of a value on a scale: 0 at the bottom, 1 at the top; null if the value cannot be drawn.
 * @param {number | null} value @param {Scale} scale
 */
export function place(value, { low, high, log }) {
  if (value === null || !Number.isFinite(value) || (log && value <= 0)) return null;
  const at = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, at));
}

/**
 * Describes a curve in words: compares the mean of its last third with that of its first; a tenth of the height counts
 * as a change.
 * @param {(number | null)[]} places
 */
export function trendOf(places) {
  const known = places.filter((p) => p !== null).map(Number);
  if (known.length < 2) return "one measurement";
  const third = Math.ceil(known.length / 3);
  const mean = (/** @type {number[]} */ part) => part.reduce((a, b) => a + b, 0) / part.length;
  const change = mean(known.slice(-third)) - mean(known.slice(0, third));
  if (Math.abs(change) < 0.1) return "steady";
  return change > 0 ? "rising" : "falling";
}

export class Sparkline {
  #label;
  #parts = { reference: path("reference"), band: path("band"), line: path("line"), last: path("last") };

  /** @param {string} label the name of the curve */
  constructor(label) {
    this.#label = label;
    this.element = drawing("spark", HEIGHT, Object.values(this.#parts));
    this.element.setAttribute("aria-label", `${label}: nothing measured yet`);
  }

  /**
   * @param {Series} series @param {number} i index of the curve @param {Scale} scale
   * @param {{text: string, reference?: number | null}} options the last value as text, and the value of the reference
   *   line
   */
  update(series, i, scale, { text, reference = null }) {
    const steps = series.steps();
    const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 0];
    const x = (/** @type {number} */ k) =>
      last > first ? MARGIN + ((steps[k] - first) / (last - first)) * (WIDTH - 2 * MARGIN) : WIDTH - MARGIN;
    const points = (/** @type {"min" | "max" | "mean"} */ what) =>
      series.column(i, what).map((value, k) => pointAt(x(k), place(value, scale)));
    const means = points("mean");
    this.#draw("line", lineThrough(means));
    const [above, below] = [points("max"), points("min")].map((edge) => edge.filter((p) => p !== null));
    this.#draw("band", above.length > 1 ? `${lineThrough([...above, ...below.reverse()])}Z` : "");
    const end = means.at(-1);
    // A line of zero length with round ends: a dot that stays round when the SVG is stretched.
    this.#draw("last", end ? `${lineThrough([end])}h0` : "");
    const level = place(reference, scale);
    this.#draw("reference", level === null ? "" : `M0 ${round(heightOf(level))}H${WIDTH}`);
    const trend = trendOf(series.column(i, "mean").map((value) => place(value, scale)));
    this.element.setAttribute(
      "aria-label",
      steps.length > 0 ? `${this.#label}: ${text}, ${trend}` : `${this.#label}: nothing measured yet`,
    );
  }

  /** @param {"reference" | "band" | "line" | "last"} part @param {string} d */
  #draw(part, d) {
    this.#parts[part].setAttribute("d", d);
  }
}

/** @param {number} level from 0 at the foot to 1 */
function heightOf(level) {
  return HEIGHT - MARGIN - level * (HEIGHT - 2 * MARGIN);
}

/** @param {number} x @param {number | null} level @returns {[number, number] | null} */
function pointAt(x, level) {
  return level === null ? null : [x, heightOf(level)];
}
