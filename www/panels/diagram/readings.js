// The numbers of the last step: D's mean outputs, and both losses with a sparkline of how they came there.

import { drawing, lineThrough, path } from "../../draw/svg.js";
import { reading } from "./facts.js";

/** @import { Output } from "../../protocol.js" */
/** @import { Series } from "../../series.js" */

/** The curves of a run's series, in its order. */
const CURVES = { discriminator: 0, generator: 1, real: 2, fake: 3 };
const HEIGHT = 40;
/** Points of a sparkline: a word's width has no room for more. */
const POINTS = 60;
/** Share of the values at either end that may leave the sparkline, so that an outlier does not flatten the rest. */
const BEYOND = 0.02;

/** The last value of a curve that is known. @param {(number | null)[]} column */
export const lastOf = (column) => column.findLast((v) => v !== null) ?? null;

/** Every so many values, the last one always among them. @param {(number | null)[]} column @param {number} most */
export function thinned(column, most) {
  const every = Math.ceil(column.length / most);
  return every <= 1 ? column : column.filter((_, i) => (column.length - 1 - i) % every === 0);
}

/** The range of values without the outermost at either end. @param {(number | null)[]} values @returns {[number, number]} */
export function rangeOf(values) {
  const known = values.filter((v) => v !== null).sort((a, b) => a - b);
  if (known.length === 0) return [0, 1];
  const beyond = Math.floor(BEYOND * known.length);
  const [low, high] = [known[beyond], known[known.length - 1 - beyond]];
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

export class Readings {
  /** @type {Record<keyof typeof CURVES, {row: HTMLElement, value: HTMLElement}>} */
  #rows;
  #lines = { discriminator: path("line of-d"), generator: path("line of-g") };

  /** @param {HTMLElement} root the node of the loss */
  constructor(root) {
    const row = (/** @type {keyof typeof CURVES} */ name) => {
      const each = /** @type {HTMLElement} */ (root.querySelector(`[data-reading="${name}"]`));
      return { row: each, value: /** @type {HTMLElement} */ (each.querySelector("dd")) };
    };
    this.#rows = {
      discriminator: row("discriminator"),
      generator: row("generator"),
      real: row("real"),
      fake: row("fake"),
    };
    const spark = drawing("losses", HEIGHT, Object.values(this.#lines));
    spark.setAttribute("aria-label", "Losses of both networks over the steps");
    root.querySelector(".spark-box")?.append(spark);
  }

  /** Names D's outputs. @param {{real: string, fake: string}} formulas @param {Output} output */
  describe({ real, fake }, { type }) {
    for (const [name, formula] of /** @type {const} */ ([
      ["real", real],
      ["fake", fake],
    ])) {
      const { row } = this.#rows[name];
      /** @type {HTMLElement} */ (row.querySelector(".name")).textContent = formula;
      row.classList.toggle("probability", type === "probability");
    }
  }

  /** @param {Series} series */
  update(series) {
    const columns = Object.entries(CURVES).map(([name, i]) => /** @type {const} */ ([name, series.column(i, "mean")]));
    for (const [name, column] of columns) this.#show(/** @type {keyof typeof CURVES} */ (name), lastOf(column));
    const [d, g] = columns.slice(0, 2).map(([, column]) => thinned(column, POINTS));
    const range = rangeOf([...d, ...g]);
    this.#lines.discriminator.setAttribute("d", curveThrough(d, range));
    this.#lines.generator.setAttribute("d", curveThrough(g, range));
  }

  /** @param {keyof typeof CURVES} name @param {number | null} value */
  #show(name, value) {
    const { row, value: place } = this.#rows[name];
    const text = reading(value);
    if (place.textContent !== text) place.textContent = text;
    if (row.classList.contains("probability")) row.style.setProperty("--share", (value ?? 0).toFixed(2));
  }
}

/** @param {(number | null)[]} values @param {[number, number]} range */
function curveThrough(values, [low, high]) {
  const last = Math.max(1, values.length - 1);
  return lineThrough(
    values.map((value, i) => {
      if (value === null) return null;
      const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
      return [(100 * i) / last, HEIGHT - 2 - share * (HEIGHT - 4)];
    }),
  );
}
