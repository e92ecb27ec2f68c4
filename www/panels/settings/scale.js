// How the range of a number is walked through by a slider and by the steps of its buttons: evenly, or by factors where it
// spans orders of magnitude.

/** @import { Field } from "../../protocol.js" */
/**
 * @typedef {object} Scale
 * @property {"even" | "factors"} kind
 * @property {number} min
 * @property {number} max the largest value of the slider
 * @property {number} from the smallest positive value of a scale by factors
 * @property {number} step between two values of an even scale
 * @property {boolean} whole whether the values are whole numbers
 * @property {boolean} slider whether a slider is of use
 */

/** Ratio of largest to smallest value from which on steps are factors. */
const WIDE = 100;
/** Orders of magnitude below the largest value that a range from 0 is given. */
const BELOW = 1e-5;
/** Largest whole number up to which a slider is of use: a seed has none. */
const MOST = 1e6;
/** Whole numbers up to this one double from step to step; above, they go 1, 2, 5, 10. */
const DOUBLING = 2048;
const EVEN_STEPS = 20;

/** The first of 1, 2 and 5 times a power of ten that is not below a number, with a tolerance. @param {number} x */
function roundUp(x) {
  const power = 10 ** Math.floor(Math.log10(x) + 1e-9);
  const factor = [1, 2, 5, 10].find((f) => f * power >= x * (1 - 1e-9)) ?? 10;
  return tidy(factor * power);
}

/** Without the error of binary fractions. @param {number} x */
const tidy = (x) => Number(x.toPrecision(12));

/** @param {Field} field of a number @returns {Scale} */
export function scaleOf({ values }) {
  if (values.type === "choice") throw new TypeError("choices have no scale");
  const { type, min } = values;
  const whole = type === "integer";
  const span = values.max - min;
  const from = min > 0 ? min : whole ? 1 : values.max * BELOW;
  const byFactors = min >= 0 && values.max <= MOST && (min > 0 || whole ? values.max / from >= WIDE : values.max > 2);
  const step = whole ? 1 : roundUp(span / EVEN_STEPS);
  // The end of an open range is no value.
  const max = type === "real" && values.open ? values.max - step / 5 : values.max;
  return { kind: byFactors ? "factors" : "even", min, max, from, step, whole, slider: span <= MOST };
}

/** Where a value is on the slider, from 0 to 1. @param {Scale} scale @param {number} value */
export function positionOf({ kind, min, max, from }, value) {
  const x = Math.min(Math.max(value, min), max);
  if (kind === "even") return (x - min) / (max - min);
  if (x < from) return 0;
  const share = Math.log(x / from) / Math.log(max / from);
  // 0 has the left end to itself.
  return min > 0 || from === min ? share : 0.02 + 0.98 * share;
}

/** The value at a position of the slider, as a round number. @param {Scale} scale @param {number} position from 0 to 1 */
export function valueAt({ kind, min, max, from, step, whole }, position) {
  if (position >= 1) return tidy(max);
  if (kind === "even") {
    const fine = whole ? 1 : step / 5;
    return tidy(Math.min(max, min + Math.round((position * (max - min)) / fine) * fine));
  }
  const zero = min > 0 ? 0 : 0.02;
  if (position < zero / 2) return min;
  const value = from * (max / from) ** Math.max(0, (position - zero) / (1 - zero));
  return whole ? Math.max(min, Math.round(value)) : Number(Math.max(from, value).toPrecision(2));
}

/** The next value by a button or an arrow key. @param {Scale} scale @param {number} value @param {1 | -1} direction */
export function stepped({ kind, min, max, from, step, whole }, value, direction) {
  const within = (/** @type {number} */ x) => tidy(Math.min(max, Math.max(min, x)));
  if (kind === "even") return within(Math.round((value + direction * step) / (step / 5)) * (step / 5));
  if (value < from || (value === from && direction < 0)) return direction > 0 ? within(from) : min;
  if (whole && value <= DOUBLING && max <= DOUBLING) return within(direction > 0 ? value * 2 : Math.ceil(value / 2));
  const next = direction > 0 ? roundUp(value * 1.001) : roundDown(value / 1.001);
  return within(Math.max(next, from));
}

/** The last of 1, 2 and 5 times a power of ten that is not above a number. @param {number} x */
function roundDown(x) {
  const power = 10 ** Math.floor(Math.log10(x) + 1e-9);
  return tidy(([5, 2, 1].find((f) => f * power <= x * (1 + 1e-9)) ?? 1) * power);
}
