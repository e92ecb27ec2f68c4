// The measures of a run: one of them as a curve, all of them as a table beside their floor and the best so far.

import { grouped, signed } from "../numbers.js";
import { Curves } from "./curves.js";
import { SIGNALS } from "./signals.js";
import { Trail } from "./trail.js";

/** @import { ImageEvaluation, ImageMetrics } from "../protocol.js" */
/** @typedef {{key: Exclude<keyof ImageMetrics, "shares">, label: string, better: "higher" | "lower" | "floor", digits: number, about: string}} Row */

const EMPTY = "The numbers appear with the first measurement, once a run has made some fifty steps and all images are here.";

/** Columns of the table: text and explanation. @typedef {Record<"first" | "second" | "last", [string, string]>} Heads */
/** @type {Heads} */
const HEADS = { first: ["averaged G", "The generator averaged over its last thousand steps"], second: ["G as it is", ""], last: ["best, step", "The best of this run"] };
/** @type {Heads} */
const PAIR_HEADS = {
  first: ["A", "A's averaged generator"], second: ["B", "B's averaged generator"],
  last: ["steps", "The steps at which A and B were measured last: each is measured when its worker has time"],
};

/** @type {Row[]} what can be told from each, and what cannot */
export const ROWS = [
  { key: "coverage", label: "coverage", better: "higher", digits: 3, about: "Share of the real images that have a forged one among their five nearest neighbours: how much of the data set G can draw. Blind to bad images beside the good ones. (Naeem et al. 2020)" },
  { key: "precision", label: "precision", better: "higher", digits: 3, about: "Share of the forged images that lie among real ones: how many of them look right. High for a generator that knows one perfect 3, and for fog that lies near one odd real image. (Kynkäänniemi et al. 2019)" },
  { key: "recall", label: "recall", better: "higher", digits: 3, about: "Share of the real images that lie among forged ones. Outliers among the forged images make it too high. (Kynkäänniemi et al. 2019)" },
  { key: "density", label: "density", better: "floor", digits: 2, about: "How closely forged images crowd around real ones: 1 where both are the same; more means that G keeps to the most typical. (Naeem et al. 2020)" },
  { key: "score", label: "MNIST score", better: "higher", digits: 2, about: "1 to 10: high when each image is clearly one class and all classes come. Blind to variety within a class. It is the Inception score with our classifier, over the whole sample. (Salimans et al. 2016)" },
  { key: "fd", label: "Fréchet distance", better: "lower", digits: 2, about: "Between two normal distributions fitted to the classifier's features: quality and variety in one number. Larger for fewer images, so that it compares at one sample size only, and not at all with a published FID. (Heusel et al. 2017)" },
  { key: "kid", label: "kernel distance", better: "lower", digits: 4, about: "The same question without that bias: 0 on average for equal distributions, at any size, and below 0 now and then. Noisy for few images. (Binkowski et al. 2018)" },
  { key: "entropy", label: "class entropy", better: "floor", digits: 3, about: "Of the classes that the classifier sees, in nats: 2.303 when all ten are equally frequent, 0 when there is only one." },
  { key: "divergence", label: "class divergence", better: "lower", digits: 4, about: "Kullback-Leibler divergence of the forged classes from the real ones', in nats. Even a perfect generator has about 9 / (2 n)." },
  { key: "spread", label: "spread", better: "floor", digits: 3, about: "Mean distance between two forged images over that between two real ones, in features: 1 for real images, near 0 when all forged ones are alike." },
];

export class Quality {
  #root;
  #chart;
  #chosen = ROWS[0];
  /** Of the run, or of A and B. */
  #trails = [trailOf(ROWS[0]), trailOf(ROWS[0])];
  /** Of the run, or of A and B. @type {ImageEvaluation[][]} */
  #histories = [[]];
  /** @type {Map<string, {row: HTMLTableRowElement, cells: HTMLTableCellElement[], pick: HTMLButtonElement}>} */
  #rows = new Map();
  /** One bar a class. @type {HTMLElement[]} */
  #bars = [];

  /** @param {HTMLElement} root holds a .chart, a table body, .accuracy and .empty-note */
  constructor(root) {
    this.#root = root;
    this.#chart = new Curves(this.#find(".chart"), {
      reach: true,
      title: "One measure of the generator's images over steps",
      curves: [{ label: "averaged G", color: "--generator" }, { label: "G as it is", color: "--generator", dash: [3, 4] }],
    });
    this.#find(".measures tbody").append(...ROWS.map((row) => this.#makeRow(row)));
    this.#choose(ROWS[0]);
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {Row} row */
  #makeRow(row) {
    const tr = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    const pick = document.createElement("button");
    pick.type = "button";
    pick.className = "pick";
    pick.textContent = row.label;
    pick.title = row.about;
    pick.onclick = () => this.#choose(row);
    head.append(pick);
    const cells = ["averaged", "raw", "floor", "best"].map((name) => {
      const cell = document.createElement("td");
      cell.className = name;
      cell.textContent = "–";
      return cell;
    });
    tr.append(head, ...cells);
    this.#rows.set(row.key, { row: tr, cells, pick });
    return tr;
  }

  /** @param {Row} row */
  #choose(row) {
    this.#chosen = row;
    for (const [key, { row: tr, pick }] of this.#rows) {
      tr.classList.toggle("chosen", key === row.key);
      pick.setAttribute("aria-pressed", String(key === row.key));
    }
    this.#find(".tells").textContent = row.about;
    this.#trails = [trailOf(row), trailOf(row)];
    this.#draw();
  }

  /**
   * @param {ImageEvaluation[][]} histories of the run, or of A and B, oldest first; a new run begins with another array
   * @param {number} shown the one of which more than the table is shown
   * @param {string[]} classes their names
   */
  update(histories, shown, classes) {
    if (classes.join() !== this.#bars.map((b) => b.textContent).join()) this.#nameClasses(classes);
    this.#histories = histories;
    this.#root.classList.toggle("empty", histories.every((h) => h.length === 0));
    const heads = histories.length > 1 ? PAIR_HEADS : HEADS;
    for (const [part, [text, about]] of Object.entries(heads)) {
      const head = this.#find(`thead .${part}`);
      head.textContent = text;
      head.title = about;
    }
    for (const row of ROWS) this.#fill(row);
    this.#fillClasses(histories[shown].at(-1));
    this.#draw();
  }

  /** @param {Row} row */
  #fill({ key, better, digits }) {
    const cells = this.#rows.get(key)?.cells ?? [];
    // What is far from its floor needs no digits that would widen the table.
    const show = (/** @type {number | undefined} */ v) => (v === undefined ? "–" : signed(v, Math.max(0, digits - Math.max(0, Math.floor(Math.log10(Math.abs(v)))))));
    const [history, second] = this.#histories;
    const texts = second ? pairTexts(history.at(-1), second.at(-1), key, show) : runTexts(history, key, better, show);
    cells.forEach((cell, i) => {
      if (cell.textContent !== texts[i]) cell.textContent = texts[i];
    });
  }

  /** @param {string[]} names */
  #nameClasses(names) {
    this.#bars = names.map((name) => {
      const bar = document.createElement("span");
      bar.textContent = name;
      return bar;
    });
    this.#find(".classes").replaceChildren(...this.#bars);
  }

  /** @param {ImageEvaluation | undefined} last */
  #fillClasses(last) {
    const percent = (/** @type {number | undefined} */ v) => (v === undefined ? "–" : `${Math.round(100 * v)} %`);
    this.#bars.forEach((bar, i) => {
      // A quarter of all images fills the height.
      bar.style.setProperty("--share", String(Math.min(1, 4 * (last?.averaged.shares[i] ?? 0))));
      bar.title = last ? `${percent(last.averaged.shares[i])} of the forged images, ${percent(last.floor.shares[i])} of the real ones` : "";
    });
    const spoken = this.#bars.map((bar, i) => `${bar.textContent} ${percent(last?.averaged.shares[i])}`).join(", ");
    this.#find(".classes").setAttribute("aria-label", `Share of each class: ${spoken}`);
    const { training, heldOut, fake } = last?.accuracy ?? {};
    this.#find(".accuracy").textContent = !last ? EMPTY : `D is right about ${percent(training)} of its training images, ${percent(heldOut)} of images it has never seen, ${percent(fake)} of the forged.`;
    this.#find(".copying b").textContent = last ? last.copying.toFixed(2) : "–";
  }

  #draw() {
    const { key } = this.#chosen;
    const reference = this.#histories.map((h) => h.at(-1)?.floor[key]).find((f) => f !== undefined);
    const series = this.#histories.map((history, i) => this.#trails[i].follow(history));
    const lines = reference === undefined ? [] : [{ value: reference, label: "floor: real against real", color: "--real" }];
    // Of two runs the averaged generators alone: four curves of one colour would be a riddle.
    this.#chart.update(series, series.length > 1 ? [0] : [0, 1], lines);
  }
}

/** @param {ImageEvaluation[]} history @param {Row["key"]} key @param {Row["better"]} better @param {(v: number | undefined) => string} show */
function runTexts(history, key, better, show) {
  const last = history.at(-1);
  if (!last) return ["–", "–", "–", "–"];
  const best = bestOf(history, key, better);
  return [show(last.averaged[key]), show(last.raw[key]), show(last.floor[key]), `${show(best.averaged[key])} at\u00a0${grouped(best.step)}`];
}

/** @param {ImageEvaluation | undefined} a @param {ImageEvaluation | undefined} b @param {Row["key"]} key @param {(v: number | undefined) => string} show */
function pairTexts(a, b, key, show) {
  const steps = [a, b].map((m) => (m ? grouped(m.step) : "–"));
  return [show(a?.averaged[key]), show(b?.averaged[key]), show((a ?? b)?.floor[key]), steps.join(", ")];
}

/** @param {Row} row */
function trailOf({ key }) {
  return new Trail(["averaged", "raw"], ({ averaged, raw }) => [averaged[key], raw[key]]);
}

/**
 * The measurement with the best averaged generator.
 * @param {ImageEvaluation[]} history @param {Row["key"]} key @param {Row["better"]} better
 */
export function bestOf(history, key, better) {
  const badness = (/** @type {ImageEvaluation} */ { averaged, floor }) => {
    if (better === "higher") return -averaged[key];
    return better === "lower" ? averaged[key] : Math.abs(averaged[key] - floor[key]);
  };
  return history.reduce((best, m) => (badness(m) < badness(best) ? m : best));
}

/**
 * Measurements as a table, one row each.
 * @param {ImageEvaluation[]} history
 */
export function qualityCsv(history) {
  const names = ROWS.map((r) => r.key);
  const head = ["step", "n", ...["averaged", "raw", "floor"].flatMap((of) => names.map((n) => `${of}_${n}`)), ...SIGNALS.map((s) => s.id), "copying"];
  const lines = history.map((m) => [
    m.step, m.n, ...[m.averaged, m.raw, m.floor].flatMap((of) => names.map((n) => of[n])), ...SIGNALS.map((s) => s.value(m)), m.copying,
  ]);
  return [head, ...lines].map((l) => `${l.join(",")}\n`).join("");
}
