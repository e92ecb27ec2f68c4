// A curve the size of a word: no axis, a dot on the last value, a dashed line where a value means something. The number
// itself stands beside it.

import { WIDTH, drawing, lineThrough, path, round } from "./svg.js";

/** @import { Series } from "../series.js" */
/** @typedef {{low: number, high: number, log: boolean}} Scale */

const HEIGHT = 30;
/** Room for the dot and for half of a line's width. */
const MARGIN = 3;
/** Points of a curve this small; a long run merges its measurements. */
export const POINTS = 128;

/**
 * The range of values that are to be compared with each other, at least a factor of ten on a logarithmic scale: noise is not to look
 * like a change.
 * @param {(number | null)[]} values @param {{log?: boolean, reach?: number[]}} [options] `reach` are values to show in any case
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

/** Where a value stands: 0 at the foot, 1 at the top; null where it has no place. @param {number | null} value @param {Scale} scale */
export function place(value, { low, high, log }) {
  if (value === null || !Number.isFinite(value) || (log && value <= 0)) return null;
  const at = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, at));
}

/** What a reader would say of a curve: its last third beside its first, a tenth of the height being a change. @param {(number | null)[]} places */
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

  /** @param {string} label what is drawn */
  constructor(label) {
    this.#label = label;
    this.element = drawing("spark", HEIGHT, Object.values(this.#parts));
    this.element.setAttribute("aria-label", `${label}: nothing measured yet`);
  }

  /**
   * @param {Series} series @param {number} i which of its curves @param {Scale} scale
   * @param {{text: string, reference?: number | null}} options the last value as text, and a value to compare with
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
    // A line without length, but with round ends: a dot that stretching leaves round.
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
