// The metrics of a run on images: all in a table, beside the real-data reference and the best value so far, and one of
// them as a curve.

import { grouped, signed } from "../../numbers.js";
import { Curves } from "../../draw/curves.js";
import { SIGNALS } from "../signals/signals.js";
import { Trail } from "../../draw/trail.js";

/** @import { ImageEvaluation, ImageMetrics } from "../../protocol.js" */
/**
 * @typedef {{key: Exclude<keyof ImageMetrics, "shares">, label: string, better: "higher" | "lower" | "reference",
 *   digits: number, about: string, ofClasses?: boolean}} Row `ofClasses`: it needs a classifier of the data set
 */

const EMPTY =
  "The numbers appear after the first evaluation: some fifty steps into the run, once all images have arrived.";

/** What a row says that needs a classifier which is not there. */
const NO_CLASSIFIER = "needs a classifier of this data set";

/** The features that an evaluation is based on. @param {ImageEvaluation} measured @param {string} set */
export function featuresOf({ classifier }, set) {
  return classifier === null ? "features of a network with random weights" : `classifier ${set} version ${classifier}`;
}

/**
 * Columns of the table: text and explanation.
 * @typedef {Record<"first" | "second" | "last", [string, string]>} Heads
 */
/** @type {Heads} */
const HEADS = {
  first: ["EMA of G", "Exponential moving average of G's weights; its half-life is a setting"],
  second: ["current G", "The weights of G at this step"],
  last: ["best, step", "The best of this run"],
};
/** @type {Heads} */
const PAIR_HEADS = {
  first: ["A", "EMA of A's generator"],
  second: ["B", "EMA of B's generator"],
  last: ["steps", "The steps of the last evaluations of A and B: each is evaluated when its worker has time"],
};

/** @type {Row[]} the metrics, each with what it shows and what it does not */
export const ROWS = [
  {
    key: "coverage",
    label: "coverage",
    better: "higher",
    digits: 3,
    about:
      "Share of the real images with a generated image within the distance of their fifth nearest real neighbour: how much of the data set G covers. Blind to bad images beside good ones. (Naeem et al. 2020)",
  },
  {
    key: "precision",
    label: "precision",
    better: "higher",
    digits: 3,
    about:
      "Share of the generated images inside the manifold of real ones: how many look right. High for a generator that knows one perfect 3, and for blurred images near one real outlier. (Kynkäänniemi et al. 2019)",
  },
  {
    key: "recall",
    label: "recall",
    better: "higher",
    digits: 3,
    about:
      "Share of the real images inside the manifold of generated ones. Outliers among the generated images make it too high. (Kynkäänniemi et al. 2019)",
  },
  {
    key: "density",
    label: "density",
    better: "reference",
    digits: 2,
    about:
      "How densely generated images lie around real ones: 1 for equal distributions; more means that G keeps to typical images. (Naeem et al. 2020)",
  },
  {
    key: "score",
    label: "MNIST score",
    ofClasses: true,
    better: "higher",
    digits: 2,
    about:
      "From 1 to 10: high when each image is clearly of one class and all classes are equally frequent. Blind to diversity within a class. The Inception score with our classifier, over the whole sample. (Salimans et al. 2016)",
  },
  {
    key: "frechet",
    label: "Fréchet distance",
    better: "lower",
    digits: 2,
    about:
      "Between two normal distributions fitted to the features, as in the FID: quality and diversity in one number. Biased upwards for few images: compare at one sample size only, and never with a published FID. (Heusel et al. 2017)",
  },
  {
    key: "kid",
    label: "KID",
    better: "lower",
    digits: 4,
    about:
      "Kernel Inception distance on our features: the squared MMD, without that bias. 0 on average for equal distributions at any sample size, and at times below 0. Noisy for few images. (Binkowski et al. 2018)",
  },
  {
    key: "entropy",
    label: "class entropy",
    ofClasses: true,
    better: "reference",
    digits: 3,
    about:
      "Entropy of the predicted classes, in nats: 2.303 when all ten are equally frequent, 0 when there is only one.",
  },
  {
    key: "divergence",
    label: "class divergence",
    ofClasses: true,
    better: "lower",
    digits: 4,
    about:
      "Kullback-Leibler divergence of the class shares of generated images from those of real ones, in nats. Even a perfect generator has about 9 / (2 n).",
  },
  {
    key: "diversity",
    label: "diversity",
    better: "reference",
    digits: 3,
    about:
      "Mean feature distance between two generated images divided by that between two real ones: 1 for real images, near 0 when all generated images are alike.",
  },
];

export class Quality {
  #root;
  #chart;
  #chosen = ROWS[0];
  /** The curves of the selected metric, for the run, or for runs A and B. */
  #trails = [trailOf(ROWS[0]), trailOf(ROWS[0])];
  /** The evaluations of the run, or of runs A and B. @type {ImageEvaluation[][]} */
  #histories = [[]];
  /**
   * @type {Map<string, {row: HTMLTableRowElement, cells: HTMLTableCellElement[], pick: HTMLButtonElement,
   *   needs: HTMLTableCellElement}>}
   */
  #rows = new Map();
  /** One bar per class. @type {HTMLElement[]} */
  #bars = [];

  /** @param {HTMLElement} root holds a .chart, a table body, .description and .accuracy */
  constructor(root) {
    this.#root = root;
    this.#chart = new Curves(this.#find(".chart"), {
      reach: true,
      title: "One metric of the generated images over steps",
      curves: [
        { label: "EMA of G", short: "EMA", color: "--generator" },
        { label: "current G", short: "G", color: "--generator", dash: [3, 4] },
      ],
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
    const cells = ["averaged", "raw", "reference", "best"].map((name) => {
      const cell = document.createElement("td");
      cell.className = name;
      cell.textContent = "–";
      return cell;
    });
    const needs = Object.assign(document.createElement("td"), { colSpan: cells.length, hidden: true });
    needs.className = "needs";
    needs.textContent = NO_CLASSIFIER;
    tr.append(head, ...cells, needs);
    this.#rows.set(row.key, { row: tr, cells, pick, needs });
    return tr;
  }

  /** @param {Row} row */
  #choose(row) {
    this.#chosen = row;
    for (const [key, { row: tr, pick }] of this.#rows) {
      tr.classList.toggle("chosen", key === row.key);
      pick.setAttribute("aria-pressed", String(key === row.key));
    }
    this.#find(".description").textContent = row.about;
    this.#trails = [trailOf(row), trailOf(row)];
    this.#draw();
  }

  /**
   * @param {ImageEvaluation[][]} histories of the run, or of A and B, oldest first; a new run begins with another array
   * @param {number} shown index of the history whose accuracies and class shares are shown
   * @param {string[]} [classes] names of the classes that the classifier tells apart; none without a classifier
   */
  update(histories, shown, classes) {
    const unknown = classes?.length === 0;
    if (classes?.join() !== this.#bars.map((b) => b.textContent).join()) this.#nameClasses(classes ?? []);
    this.#find(".of-classes").hidden = unknown;
    this.#find(".features").hidden = !unknown;
    this.#histories = histories;
    this.#root.classList.toggle(
      "empty",
      histories.every((h) => h.length === 0),
    );
    const heads = histories.length > 1 ? PAIR_HEADS : HEADS;
    for (const [part, [text, about]] of Object.entries(heads)) {
      const head = this.#find(`thead .${part}`);
      head.textContent = text;
      head.title = about;
    }
    for (const row of ROWS) this.#fill(row, unknown && row.ofClasses === true);
    this.#fillClasses(histories[shown].at(-1));
    this.#draw();
  }

  /** @param {Row} row @param {boolean} unknown whether it needs a classifier that is not there */
  #fill({ key, better, digits }, unknown) {
    const { cells = [], needs } = this.#rows.get(key) ?? {};
    for (const cell of cells) cell.hidden = unknown;
    if (needs) needs.hidden = !unknown;
    if (unknown) return;
    // Large values get fewer decimals, so that the table does not become wider.
    const show = (/** @type {number | null | undefined} */ v) =>
      v === undefined || v === null
        ? "–"
        : signed(v, Math.max(0, digits - Math.max(0, Math.floor(Math.log10(Math.abs(v))))));
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
    const shares = last?.averaged.shares ?? [];
    const percent = (/** @type {number | undefined} */ v) => (v === undefined ? "–" : `${Math.round(100 * v)} %`);
    this.#bars.forEach((bar, i) => {
      // Full height is a quarter of all images.
      bar.style.setProperty("--share", String(Math.min(1, 4 * (shares[i] ?? 0))));
      bar.title = last
        ? `${percent(shares[i])} of the generated images, ${percent(last.realReference.shares?.[i])} of the real ones`
        : "";
    });
    const spoken = this.#bars.map((bar, i) => `${bar.textContent} ${percent(shares[i])}`).join(", ");
    this.#find(".classes").setAttribute("aria-label", `Share of each class: ${spoken}`);
    const { training, heldOut, fake } = last?.accuracy ?? {};
    this.#find(".accuracy").textContent = !last
      ? EMPTY
      : `Accuracy of D: ${percent(training)} on its training images, ${percent(heldOut)} on held-out images, ${percent(fake)} on generated ones.`;
    this.#find(".copying b").textContent = last ? last.memorisationRatio.toFixed(2) : "–";
  }

  #draw() {
    const { key } = this.#chosen;
    const reference =
      this.#histories.map((h) => h.at(-1)?.realReference[key]).find((f) => f !== undefined) ?? undefined;
    const series = this.#histories.map((history, i) => this.#trails[i].follow(history));
    const lines =
      reference === undefined ? [] : [{ value: reference, label: "real data: against real data", color: "--real" }];
    // In a comparison only the EMA is drawn, because four curves in one colour cannot be told apart.
    this.#chart.update(series, series.length > 1 ? [0] : [0, 1], lines);
  }
}

/**
 * @param {ImageEvaluation[]} history @param {Row["key"]} key @param {Row["better"]} better
 * @param {(v: number | null | undefined) => string} show
 */
function runTexts(history, key, better, show) {
  const last = history.at(-1);
  if (!last) return ["–", "–", "–", "–"];
  const best = bestOf(history, key, better);
  return [
    show(last.averaged[key]),
    show(last.raw[key]),
    show(last.realReference[key]),
    `${show(best.averaged[key])} at\u00a0${grouped(best.step)}`,
  ];
}

/**
 * @param {ImageEvaluation | undefined} a @param {ImageEvaluation | undefined} b @param {Row["key"]} key
 * @param {(v: number | null | undefined) => string} show
 */
function pairTexts(a, b, key, show) {
  const steps = [a, b].map((m) => (m ? grouped(m.step) : "–"));
  return [show(a?.averaged[key]), show(b?.averaged[key]), show((a ?? b)?.realReference[key]), steps.join(", ")];
}

/** @param {Row} row */
function trailOf({ key }) {
  return new Trail(["averaged", "raw"], ({ averaged, raw }) => [averaged[key], raw[key]]);
}

/**
 * The evaluation with the best value of a metric, for the EMA of G.
 * @param {ImageEvaluation[]} history @param {Row["key"]} key @param {Row["better"]} better
 */
export function bestOf(history, key, better) {
  const badness = (/** @type {ImageEvaluation} */ { averaged, realReference }) => {
    // Without a classifier all are alike.
    const value = averaged[key] ?? 0;
    if (better === "higher") return -value;
    return better === "lower" ? value : Math.abs(value - (realReference[key] ?? 0));
  };
  return history.reduce((best, m) => (badness(m) < badness(best) ? m : best));
}

/**
 * Evaluations as CSV, one row each.
 * @param {ImageEvaluation[]} history
 */
export function qualityCsv(history) {
  const names = ROWS.map((r) => r.key);
  const head = [
    "step",
    "n",
    ...["averaged", "raw", "real_reference"].flatMap((of) => names.map((n) => `${of}_${n}`)),
    ...SIGNALS.map((s) => s.id),
    "memorisation_ratio",
    "features",
  ];
  const lines = history.map((m) => [
    m.step,
    m.n,
    ...[m.averaged, m.raw, m.realReference].flatMap((of) => names.map((n) => of[n])),
    ...SIGNALS.map((s) => s.value(m)),
    m.memorisationRatio,
    m.classifier === null ? "random weights" : `classifier version ${m.classifier}`,
  ]);
  return [head, ...lines].map((l) => `${l.join(",")}\n`).join("");
}
