// Encodes what a visitor drew as text for the address: points in 2-D, or bar heights of a density in 1-D, with two
// characters per number. A run trains on the decoded values, so that a link reproduces the run bit for bit.

import { BINS } from "../dialogs/draw-density/bins.js";
import { grouped } from "../numbers.js";

/**
 * @typedef {Record<string, Float32Array>} Drawn values by data set: points as x, y, x, y, ..., or heights of equal bins
 */

/** The parameter of the address for each data set that can be drawn. @type {Record<string, string>} */
export const KEYS = { drawn: "points", curve: "curve" };
/** Most points in an address: 1,500 take 6,000 characters, and browsers, messengers and most servers accept 8,000. */
export const MOST_IN_ADDRESS = 1500;
/** The alphabet of base64url: addresses carry these characters unescaped. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Levels of a number, 12 bits: a coordinate from -2 to 2 in steps of 1/1024, a height in steps of 1/4095. */
const LEVELS = 4096;
const SCALE = 1024;
/** Written into the address in place of too many points. */
const LEFT_OUT = "-not-included";

/** Numbers per item. @param {string} set */
const widthOf = (set) => (set === "drawn" ? 2 : 1);

/**
 * Encodes values for the address: their number, then each value. Too many points are replaced by LEFT_OUT.
 * @param {string} set @param {Float32Array} values
 */
export function encoded(set, values) {
  const count = values.length / widthOf(set);
  if (!fits(set, values)) return `${count}${LEFT_OUT}`;
  const top = Math.max(...values);
  const levels = Array.from(values, (v) =>
    set === "drawn" ? Math.round(v * SCALE) + LEVELS / 2 : Math.round((v / top) * (LEVELS - 1)),
  );
  const clamped = levels.map((level) => Math.min(Math.max(level, 0), LEVELS - 1));
  return `${count}.${clamped.map((level) => ALPHABET[level >> 6] + ALPHABET[level & 63]).join("")}`;
}

/** Whether the values fit into an address. @param {string} set @param {Float32Array} values */
export function fits(set, values) {
  return set !== "drawn" || values.length / 2 <= MOST_IN_ADDRESS;
}

/** @param {string} set @param {string} text @returns {{values: Float32Array} | {reason: string}} */
export function decoded(set, text) {
  const what = set === "drawn" ? "points" : "bars";
  const leftOut = new RegExp(`^(\\d{1,6})${LEFT_OUT}$`).exec(text);
  if (leftOut)
    return { reason: `the ${grouped(Number(leftOut[1]))} points were too many for an address. Ask for their file` };
  const parts = /^(\d{1,6})\.([A-Za-z0-9_-]*)$/.exec(text);
  if (!parts) return { reason: `these are no ${what} that this page wrote. Copy the whole address once more` };
  const [count, digits] = [Number(parts[1]), parts[2]];
  const there = digits.length / (2 * widthOf(set));
  if (there !== count)
    return {
      reason: `${count} ${what} should be there, but ${Math.floor(there)} are: the address was changed on its way. Copy the whole of it`,
    };
  if (set === "drawn" ? count < 3 || count > MOST_IN_ADDRESS : count !== BINS) {
    return {
      reason:
        set === "drawn" ? `there have to be 3 to ${grouped(MOST_IN_ADDRESS)} points` : `there have to be ${BINS} bars`,
    };
  }
  const level = (/** @type {number} */ i) => 64 * ALPHABET.indexOf(digits[2 * i]) + ALPHABET.indexOf(digits[2 * i + 1]);
  const values = Float32Array.from({ length: digits.length / 2 }, (_, i) =>
    set === "drawn" ? (level(i) - LEVELS / 2) / SCALE : level(i) / (LEVELS - 1),
  );
  return set === "drawn" || values.some((v) => v > 0) ? { values } : { reason: "all bars are 0" };
}

/**
 * The values as a link would reproduce them: rounded to LEVELS. Values that do not fit into an address are unchanged.
 * @param {string} set @param {Float32Array} values
 */
export function asShared(set, values) {
  const result = decoded(set, encoded(set, values));
  return "values" in result ? result.values : values;
}
