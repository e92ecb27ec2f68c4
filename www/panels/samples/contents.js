// Contents of the grid of generated images: fixed noise, one class or code per column, a sweep along one code, or pairs
// of images from the same noise.

import { signed } from "../../numbers.js";

/** @import { Config, View } from "../../protocol.js" */

/** Short names of the second domain, for the headings of narrow columns. @type {Record<string, string>} */
const SHORT = { edges: "edge", negatives: "neg." };

/** How the generator of a run is conditioned. @param {Config | null} running */
export function askingOf(running) {
  const condition = running?.condition ?? "none";
  const asks = condition !== "none";
  const coded = condition === "codes";
  return {
    asks,
    /** The name of the second domain, if there is one. */
    second: condition === "coupled" ? String(running?.coupling) : null,
    /** Codes have no names. */
    coded,
    hasAuxHead: coded || condition === "auxiliary",
    sweeps: coded ? Number(running?.code_continuous) : 0,
  };
}

/**
 * The choices of the menu; the first is the default.
 * @param {Config | null} running @returns {{value: string, label: string}[]}
 */
export function viewsOf(running) {
  const plain = plainViewsOf(running);
  return running?.family === "style" ? [...plain, { value: "mixing", label: "styles mixed" }] : plain;
}

/** @param {Config | null} running */
function plainViewsOf(running) {
  const { asks, coded, second, sweeps } = askingOf(running);
  if (!asks) return [{ value: "fixed", label: "fixed noise" }];
  if (second) return [{ value: "classes", label: "pairs" }];
  const along = Array.from({ length: sweeps }, (_, i) => ({
    value: `sweep ${i}`,
    label: `along continuous code ${i + 1}`,
  }));
  return [
    { value: "classes", label: coded ? "a code a column" : "a class a column" },
    ...along,
    { value: "fixed", label: "fixed noise and codes" },
  ];
}

/**
 * @param {string} value value of the choice
 * @param {number} crossover the first layer that takes the style of the column @returns {View}
 */
export function viewFrom(value, crossover = 1) {
  if (value === "mixing") return { type: "mixing", code: crossover };
  const [type, code] = value.split(" ");
  return type === "sweep" ? { type, code: Number(code) } : type === "fixed" ? { type } : { type: "classes" };
}

/** @param {View} view @param {Config | null} running @returns {view is View & {type: "mixing"}} */
function mixes(view, running) {
  return view.type === "mixing" && running?.family === "style";
}

/**
 * Describes the inputs of the images in the grid.
 * @param {View} view @param {Config | null} running @param {number[]} sweep values of a continuous code along a sweep
 */
export function subjectOf(view, running, sweep) {
  if (mixes(view, running))
    return `styles before layer ${view.code + 1} of the row's noise, from there on of the column's`;
  const { asks, coded, second, sweeps } = askingOf(running);
  if (!asks) return "from fixed noise";
  if (second) return `pairs: both kinds of one noise, images and ${second}`;
  if (view.type === "fixed") return "from fixed noise and codes";
  const row = coded ? "a code a row" : "a class a row";
  if (view.type === "sweep" && view.code < sweeps)
    return `${row}; along it, code ${view.code + 1} from ${signed(sweep[0] ?? 0, 0)} to ${signed(sweep.at(-1) ?? 0, 0)}`;
  return `${coded ? "a code" : "a class"} a column, a noise a row`;
}

/**
 * The headings of the columns; empty if there are none.
 * @param {View} view @param {Config | null} running @param {string[]} conditions the values of the class or code
 * @param {number[]} sweep values of a continuous code along a sweep
 */
export function headingsOf(view, running, conditions, sweep) {
  if (mixes(view, running)) return [];
  const { asks, coded, second, sweeps } = askingOf(running);
  if (second) return Array.from({ length: 8 }, (_, i) => (i % 2 ? (SHORT[second] ?? second) : ""));
  if (!asks || view.type === "fixed") return [];
  if (view.type === "sweep" && view.code < sweeps) return sweep.map((value) => signed(value, 1));
  return conditions.map((name, i) => (coded ? `c${i}` : name));
}
