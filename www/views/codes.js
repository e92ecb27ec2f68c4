// The panel of runs with classes or codes: how much D knows about them over the steps, and how often the classifier's
// prediction agrees with the condition that G received.

import { Curves } from "./curves.js";
import { askingOf } from "./view.js";

/** @import { Agreement, Config, ImageEvaluation, CodeRecognition } from "../protocol.js" */
/** @import { Series } from "../series.js" */

const CLASSES = 10;
/** ln 10 nats: the entropy of a code with ten values, and so the upper bound of the mutual information. */
const MOST = { value: Math.LN10, label: "ln 10: all of the code", color: "--muted" };

export class CodesView {
  #root;
  #chart;
  /** @type {HTMLTableCellElement[][]} */
  #cells = [];
  #names = "";

  /** @param {HTMLElement} root holds .message, .chart, .found and a table */
  constructor(root) {
    this.#root = root;
    this.#chart = new Curves(this.#find(".chart"), {
      title: "Mutual information between image and class or code, in nats, over steps",
      curves: [{ label: "information in nats", color: "--generator" }],
      reach: true,
    });
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /**
   * Prepares the panel for the conditioning of a run.
   * @param {Config | null} running @param {string[]} classes their names
   */
  begin(running, classes) {
    const { asks, coded, hasAuxHead, second } = askingOf(running);
    this.#root.hidden = !asks;
    this.#find("h2").firstChild?.replaceWith(second ? "Pair agreement " : "Conditional accuracy ");
    this.#find(".confusion").hidden = second !== null;
    this.#find(".chart").hidden = !hasAuxHead;
    this.#find(".message").textContent = second
      ? `digits and ${second}, trained without a single pair`
      : coded
        ? "codes without a given meaning; the curve is a lower bound of the mutual information between code and image"
        : hasAuxHead
          ? "classes, which D predicts too; the curve is a lower bound of the mutual information between class and image"
          : "classes";
    if (asks) this.#name(classes, coded);
  }

  /** @param {Series[]} runs @param {number} column index of the mutual information's column */
  draw(runs, column) {
    if (!this.#root.hidden && !this.#find(".chart").hidden) this.#chart.update(runs, [column], [MOST]);
  }

  /** @param {ImageEvaluation | null} measured the last evaluation @param {Config | null} running */
  update(measured, running) {
    const { coded, second } = askingOf(running);
    if (second) {
      this.#find(".found").textContent = measured?.agreement
        ? agreement(measured.agreement, second)
        : "Counted at the first evaluation.";
      return;
    }
    const found = measured?.codes ?? null;
    this.#find(".found").textContent = found ? sentence(found, coded) : "Counted at the first evaluation.";
    this.#cells.forEach((row, i) =>
      row.forEach((cell, j) => {
        const share = found?.confusion[i][j];
        cell.textContent = share === undefined ? "" : String(Math.round(100 * share));
        cell.style.setProperty("--share", String(share ?? 0));
      }),
    );
  }

  /** @param {string[]} classes @param {boolean} coded */
  #name(classes, coded) {
    const names = Array.from({ length: CLASSES }, (_, i) => classes[i] ?? String(i));
    const rows = names.map((name, i) => (coded ? `c${i}` : name));
    if (rows.concat(names).join() === this.#names) return;
    this.#names = rows.concat(names).join();
    const head = (/** @type {string} */ text, /** @type {string} */ scope) =>
      Object.assign(document.createElement("th"), { textContent: text, scope });
    const top = document.createElement("tr");
    top.append(head("", "col"), ...names.map((n) => head(n, "col")));
    this.#find(".confusion thead").replaceChildren(top);
    this.#cells = rows.map(() => names.map(() => document.createElement("td")));
    this.#find(".confusion tbody").replaceChildren(
      ...rows.map((name, i) => {
        const row = document.createElement("tr");
        row.append(head(name, "row"), ...this.#cells[i]);
        return row;
      }),
    );
  }
}

/** @param {Agreement} agreement @param {string} second the second domain */
export function agreement({ pairs, shuffled }, second) {
  const percent = (/** @type {number} */ v) => `${(100 * v).toFixed(1)} %`;
  return `${percent(pairs)} of the pixels of the ${second} from the EMA of G match the digit from the same noise. The unpaired baseline, a digit from another noise, matches ${percent(shuffled)}: the difference is what the pair has in common.`;
}

/** @param {CodeRecognition} found @param {boolean} coded */
export function sentence({ accuracy, purity, information }, coded) {
  const percent = (/** @type {number} */ v) => `${(100 * v).toFixed(1)} %`;
  const known =
    information === null
      ? ""
      : ` Mutual information: at least ${information.toFixed(2)} of ln 10 = ${MOST.value.toFixed(2)} nats.`;
  return coded
    ? `Purity ${percent(purity)}: the share of images in the most frequent class of their code.${known}`
    : `${percent(accuracy)} of the images of the EMA of G are classified as the class that was asked for.${known}`;
}
