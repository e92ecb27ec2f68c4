// Small multiples of training signals: a sparkline for each signal of each network over the evaluations, with a common
// scale per row.

import { POINTS, Sparkline, scaleOf } from "../../draw/sparkline.js";
import { Trail } from "../../draw/trail.js";

/** @import { ImageEvaluation, LayerGradientStats } from "../../protocol.js" */
/** @import { Scale } from "../../draw/sparkline.js" */
/** @typedef {{id: string, label: string, of: "of-g" | "of-d", value: (measured: ImageEvaluation) => number}} Signal */
/**
 * @typedef {{label: string, about: string, reference: {value: number, label: string} | null, scale: Scale | null,
 *   format: (v: number) => string, signals: Signal[]}} Row `scale`: fixed, or null for a logarithmic scale over all
 *   values of the row
 */

/** The gradient norm over all layers. @param {LayerGradientStats[]} pulls */
export function norm(pulls) {
  return Math.hypot(...pulls.map((p) => p.gradient));
}

/**
 * The median update-to-weight ratio of the weight matrices and kernels. Biases start at 0 and scale parameters are few,
 * so their ratios are not representative.
 * @param {LayerGradientStats[]} pulls
 */
export function medianRatio(pulls) {
  const ratios = pulls
    .filter((p) => p.name.endsWith("weight"))
    .map((p) => p.ratio)
    .sort((a, b) => a - b);
  const middle = ratios.length / 2;
  return (ratios[Math.ceil(middle) - 1] + ratios[Math.floor(middle)]) / 2;
}

/** @param {number} v */
export const scientific = (v) => (v === 0 ? "0" : v.toExponential(1));
/** A number with two significant digits, with an exponent only if it is shorter. @param {number} v */
export const short = (v) => (v >= 1e-4 && v < 1000 ? String(Number(v.toPrecision(2))) : scientific(v));
/** @param {number} v */
const percent = (v) => `${Math.round(100 * v)} %`;

/** @type {Row[]} */
const ROWS = [
  {
    label: "Gradient",
    scale: null,
    reference: null,
    format: short,
    about:
      "Euclidean norm of a network's gradient over all layers, averaged over the last updates by Adam's momentum; logarithmic. Near zero the network learns nothing. If G's gradient fades while D is right about everything, it is a vanishing gradient.",
    signals: [
      { id: "g_gradient", label: "G's norm", of: "of-g", value: (m) => norm(m.signals.generator) },
      { id: "d_gradient", label: "D's norm", of: "of-d", value: (m) => norm(m.signals.discriminator) },
    ],
  },
  {
    label: "Update / weights",
    scale: null,
    reference: { value: 1e-3, label: "0.001" },
    format: short,
    about:
      "Norm of the last update divided by the norm of the weights: the median over the weight matrices and kernels; logarithmic. About 0.001, the dashed line, is usual; far less means that the network hardly learns, far more that it is unstable. The learning rate sets it.",
    signals: [
      { id: "g_update", label: "G's median", of: "of-g", value: (m) => medianRatio(m.signals.generator) },
      { id: "d_update", label: "D's median", of: "of-d", value: (m) => medianRatio(m.signals.discriminator) },
    ],
  },
  {
    label: "Accuracy of D",
    scale: { low: 0, high: 1, log: false },
    reference: { value: 0.5, label: "1/2" },
    format: percent,
    about:
      "Share of the images of each kind on the right side of the decision threshold; the dashed line is chance. Much higher on training images than on held-out ones: D overfits. Everything near 100 %: D separates the two completely.",
    signals: [
      { id: "d_training", label: "training", of: "of-d", value: (m) => m.accuracy.training },
      { id: "d_held_out", label: "held-out", of: "of-d", value: (m) => m.accuracy.heldOut },
      { id: "d_fake", label: "generated", of: "of-d", value: (m) => m.accuracy.fake },
    ],
  },
];

/** @type {Signal[]} */
export const SIGNALS = ROWS.flatMap((row) => row.signals);

/** @param {string} tag @param {string} className @param {string} text */
function make(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

export class Signals {
  #root;
  #trail = new Trail(
    SIGNALS.map((s) => s.id),
    (m) => SIGNALS.map((s) => s.value(m)),
    POINTS,
  );
  /** The tiles, in the order of SIGNALS. @type {{value: HTMLElement, spark: Sparkline}[]} */
  #tiles = [];

  /** @param {HTMLElement} root contains .sparks and a list of explanations */
  constructor(root) {
    this.#root = root;
    this.#find(".sparks").append(...ROWS.map((row) => this.#row(row)));
    this.#find("dl").append(...ROWS.flatMap((row) => [make("dt", "", row.label), make("dd", "", row.about)]));
    this.update([]);
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {Row} row */
  #row(row) {
    const box = make("div", "row", "");
    box.title = row.about;
    const heading = make("h3", "", row.label);
    if (row.reference) heading.append(" ", make("small", "", `dashed: ${row.reference.label}`));
    box.append(heading, ...row.signals.map((signal) => this.#tile(row, signal)));
    return box;
  }

  /** @param {Row} row @param {Signal} signal */
  #tile(row, { label, of }) {
    const tile = make("div", `signal ${of}`, "");
    const spark = new Sparkline(`${row.label}, ${label}`);
    const value = make("b", "value", "–");
    tile.append(make("span", "", label), value, spark.element);
    this.#tiles.push({ value, spark });
    return tile;
  }

  /** @param {ImageEvaluation[]} history oldest first */
  update(history) {
    this.#root.classList.toggle("empty", history.length === 0);
    const series = this.#trail.follow(history);
    const last = history.at(-1);
    let i = 0;
    for (const row of ROWS) {
      const reference = row.reference?.value ?? null;
      const values = row.signals.flatMap((_, k) => [...series.column(i + k, "min"), ...series.column(i + k, "max")]);
      const scale = row.scale ?? scaleOf(values, { log: true, reach: reference === null ? [] : [reference] });
      for (const signal of row.signals) {
        const { value, spark } = this.#tiles[i];
        const text = last ? row.format(signal.value(last)) : "–";
        value.textContent = text;
        spark.update(series, i, scale, { text, reference });
        i++;
      }
    }
  }
}
