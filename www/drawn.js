// What a visitor drew, as text for the address: points of the plane, or the bars of a density on the line. Two
// characters a number. A run trains on what its address holds, so that a link gives the same run, bit for bit.

import { BINS } from "./views/bins.js";
import { grouped } from "./numbers.js";

/** @typedef {Record<string, Float32Array>} Drawn by data set: points x, y, x, y, ..., or heights of equal bins */

/** The address's name for each data set that is drawn. @type {Record<string, string>} */
export const KEYS = { drawn: "points", curve: "curve" };
/** 6,000 characters: browsers, messengers and most servers pass on 8,000. */
export const MOST_IN_ADDRESS = 1500;
/** The alphabet of base64url: none of it is changed in an address. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** 12 bits a number: a coordinate in steps of 1/1024 from -2 to 2, a height in steps of 1/4095. */
const LEVELS = 4096;
const SCALE = 1024;
/** Stands for points that are too many. */
const LEFT_OUT = "-not-included";

/** @param {string} set */
const widthOf = (set) => (set === "drawn" ? 2 : 1);

/** The text for the address: how many, and each; or, of too many points, that they are not in it. @param {string} set @param {Float32Array} values */
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

/** Whether an address has room for it. @param {string} set @param {Float32Array} values */
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

/** As a link would give it to somebody else; what does not fit into an address stays as it is. @param {string} set @param {Float32Array} values */
export function asShared(set, values) {
  const result = decoded(set, encoded(set, values));
  return "values" in result ? result.values : values;
}
