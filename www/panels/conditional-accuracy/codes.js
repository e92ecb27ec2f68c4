// The panel of runs with classes or codes: how much D knows about them over the steps, and how often the classifier's
// prediction agrees with the condition that G received.

import { Curves } from "../../draw/curves.js";
import { askingOf } from "../samples/contents.js";

/** @import { Agreement, Config, ImageEvaluation, CodeRecognition } from "../../protocol.js" */
/** @import { Series } from "../../series.js" */

export class CodesView {
  #root;
  #chart;
  /** @type {HTMLTableCellElement[][]} */
  #cells = [];
  #names = "";
  /** Number of values of the class or code. */
  #count = 0;

  /** @param {HTMLElement} root holds .message, .chart, .found and a table */
  constructor(root) {
    this.#root = root;
    this.#chart = new Curves(this.#find(".chart"), {
      title: "Mutual information between image and class or code, in nats, over steps",
      curves: [{ label: "information in nats", short: "information", color: "--generator" }],
      reach: true,
    });
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /**
   * Prepares the panel for the conditioning of a run.
   * @param {Config | null} running @param {string[]} conditions the values of the class or code
   */
  begin(running, conditions) {
    const { asks, coded, hasAuxHead, second } = askingOf(running);
    this.#root.hidden = !asks;
    this.#find("h2").firstChild?.replaceWith(second ? "Pair agreement " : "Conditional accuracy ");
    this.#find(".confusion").hidden = second !== null;
    this.#count = conditions.length;
    this.#find(".chart").hidden = !hasAuxHead;
    this.#find(".message").textContent = second
      ? `images and ${second}, trained without a single pair`
      : coded
        ? "codes without a given meaning; the curve is a lower bound of the mutual information between code and image"
        : hasAuxHead
          ? "classes, which D predicts too; the curve is a lower bound of the mutual information between class and image"
          : "classes";
    if (asks) this.#name(conditions, coded);
  }

  /** @param {Series[]} runs @param {number} column index of the mutual information's column */
  draw(runs, column) {
    // The entropy of a class or code with n equally frequent values: the upper bound of the mutual information.
    const most = { value: Math.log(this.#count), label: `ln ${this.#count}: all of the code`, color: "--muted" };
    if (!this.#root.hidden && !this.#find(".chart").hidden) this.#chart.update(runs, [column], [most]);
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
    const counted = measured ? UNKNOWN : "Counted at the first evaluation.";
    this.#find(".found").textContent = found ? sentence(found, coded, this.#count) : counted;
    this.#find(".confusion").hidden = measured !== null && !found?.classified;
    this.#cells.forEach((row, i) =>
      row.forEach((cell, j) => {
        const share = found?.classified?.confusion[i][j];
        cell.textContent = share === undefined ? "" : String(Math.round(100 * share));
        cell.style.setProperty("--share", String(share ?? 0));
      }),
    );
  }

  /** @param {string[]} names @param {boolean} coded */
  #name(names, coded) {
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
  return `${percent(pairs)} of the pixels of the ${second} from the EMA of G match the image from the same noise. The unpaired baseline, an image from another noise, matches ${percent(shuffled)}: the difference is what the pair has in common.`;
}

/** What is said where no classifier knows the data set. */
const UNKNOWN = "How many images are of their class is not counted: no classifier knows this data set.";

/** @param {CodeRecognition} found @param {boolean} coded @param {number} n number of values of the class or code */
export function sentence({ classified, information }, coded, n) {
  const percent = (/** @type {number} */ v) => `${(100 * v).toFixed(1)} %`;
  const known =
    information === null
      ? ""
      : ` Mutual information: at least ${information.toFixed(2)} of ln ${n} = ${Math.log(n).toFixed(2)} nats.`;
  if (!classified) return `${UNKNOWN}${known}`;
  const { accuracy, purity } = classified;
  return coded
    ? `Purity ${percent(purity)}: the share of images in the most frequent class of their code.${known}`
    : `${percent(accuracy)} of the images of the EMA of G are classified as the class that was asked for.${known}`;
}
