// Colour maps over data space: D(x), the optimal D*(x), and |D(x) - D*(x)|. Low values have the generator's colour,
// high values the discriminator's. The decision threshold has the background colour, so that it differs in lightness
// too, not only in hue.

/** @import { Output, DensityFrame } from "../../protocol.js" */
/** @typedef {[number, number, number]} Rgb */
/** @typedef {{fake: Rgb, middle: Rgb, real: Rgb, gap: Rgb}} Palette */
/** @typedef {"d" | "best" | "gap" | "none"} Heat */
/**
 * @typedef {{low: number, middle: number | null, high: number, words: [string, string, string]}} Scale `middle` is the
 *   decision threshold, if there is one; `words` are the labels of the low end, the middle and the high end
 */

/** Upper end of the scale of |D - D*|. At a gap of 0.5, D is no better than a coin toss. */
const GAP_MOST = 0.5;

/** @param {string} text as #rgb or #rrggbb @returns {Rgb} */
export function rgbOf(text) {
  const hex = text.trim().slice(1);
  const full = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
  return /** @type {Rgb} */ ([0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16)));
}

/**
 * The values of the selected map; empty if D* is not drawn for the loss, or no map is selected.
 * @param {DensityFrame} scene @param {Heat} heat
 */
export function mapOf({ dOutput, dOptimal }, heat) {
  if (heat === "d") return dOutput;
  if (heat === "best") return dOptimal;
  return heat === "gap" && dOptimal.length > 0 ? dOutput.map((v, i) => Math.abs(v - dOptimal[i])) : new Float32Array(0);
}

/**
 * The colour scale of a map.
 * @param {Float32Array} map @param {Heat} heat @param {Output} output of D @returns {Scale}
 */
export function scaleOfMap(map, heat, output) {
  if (heat === "gap") return { low: 0, middle: null, high: GAP_MOST, words: ["", "|D − D*|", ""] };
  const words = /** @type {[string, string, string]} */ (["generated", "", "real"]);
  if (output.type === "probability") return { low: 0, middle: 0.5, high: 1, words };
  const known = map.filter(Number.isFinite);
  if (output.type === "score") {
    const { threshold: border } = output;
    const reach = known.reduce((most, v) => Math.max(most, Math.abs(v - border)), 0.5);
    return { low: border - reach, middle: border, high: border + reach, words };
  }
  const [low, high] = known.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  // The outputs of a critic have no threshold: only their differences have a meaning.
  return {
    low: low < high ? low : (known[0] ?? 0) - 0.5,
    middle: null,
    high: low < high ? high : (known[0] ?? 0) + 0.5,
    words: ["", "more real →", ""],
  };
}

/**
 * One scale for the maps of all runs, so that a colour has the same meaning in each; null if the outputs are not
 * comparable.
 * @param {DensityFrame[]} scenes @param {Heat} heat @param {Output[]} outputs
 */
export function commonScale(scenes, heat, outputs) {
  const [first, ...rest] = outputs.map((o) => JSON.stringify(o));
  if (heat !== "gap" && rest.some((o) => o !== first)) return null;
  // The outputs of two critics are not comparable, because each has its own scale and offset.
  if (rest.length > 0 && heat === "d" && outputs[0].type === "critic") return null;
  const maps = scenes.map((snapshot) => mapOf(snapshot, heat));
  const all = new Float32Array(maps.reduce((sum, m) => sum + m.length, 0));
  maps.reduce((at, m) => (all.set(m, at), at + m.length), 0);
  return scaleOfMap(all, heat, outputs[0]);
}

/**
 * The colour at a position on the scale, from 0 to 1.
 * @param {number} at @param {Heat} heat @param {Palette} palette @returns {Rgb}
 */
export function colourAt(at, heat, { fake, middle, real, gap }) {
  if (heat === "gap") return mix(middle, gap, at);
  return at < 0.5 ? mix(fake, middle, 2 * at) : mix(middle, real, 2 * at - 1);
}

/** @param {Rgb} a @param {Rgb} b @param {number} share of b @returns {Rgb} */
function mix(a, b, share) {
  const part = Math.min(1, Math.max(0, share));
  return /** @type {Rgb} */ (a.map((v, i) => Math.round(v + (b[i] - v) * part)));
}

/**
 * Paints a map with one pixel per node, the first row at the bottom. NaN is transparent.
 * @param {Float32Array} map @param {number} side @param {Heat} heat @param {Scale} scale @param {Palette} palette
 * @param {Uint8ClampedArray} [into] side * side * 4
 */
export function paintMap(map, side, heat, { low, high }, palette, into = new Uint8ClampedArray(4 * side * side)) {
  const table = tableOf(heat, palette);
  for (let j = 0; j < side; j++) {
    for (let i = 0; i < side; i++) {
      const at = (map[j * side + i] - low) / (high - low);
      const to = 4 * ((side - 1 - j) * side + i);
      if (Number.isNaN(at)) {
        into[to + 3] = 0;
        continue;
      }
      const colour = table[Math.round(255 * Math.min(1, Math.max(0, at)))];
      into[to] = colour[0];
      into[to + 1] = colour[1];
      into[to + 2] = colour[2];
      into[to + 3] = 255;
    }
  }
  return into;
}

/** @type {{key: string, table: Rgb[]}} */
let kept = { key: "", table: [] };

/** A table of 256 colours, cached until the colours change. @param {Heat} heat @param {Palette} palette */
function tableOf(heat, palette) {
  const key = JSON.stringify([heat, palette]);
  if (key !== kept.key) kept = { key, table: Array.from({ length: 256 }, (_, i) => colourAt(i / 255, heat, palette)) };
  return kept.table;
}
