// The report card: an evaluation with many images, as text to copy and as JSON to download.

import { closeDialog, copyText, openDialog } from "../../browser.js";
import { ROWS, featuresOf } from "./quality.js";

/** @import { Config, ImageEvaluation } from "../../protocol.js" */
/**
 * @typedef {{measured: ImageEvaluation, config: Config, changed: string[], device: string, address: string,
 *   classes: string[]}} Card
 */

/** @param {Card} card @returns {string} */
export function reportText({ measured, changed, config, device, address, classes }) {
  const { step, n, raw, averaged, realReference, accuracy, memorisationRatio } = measured;
  const cell = (/** @type {string | number} */ v, width = 12) => String(v).padStart(width);
  const lines = ROWS.map(
    ({ key, label, digits }) =>
      label.padEnd(18) + [averaged, raw, realReference].map((of) => cell(of[key]?.toFixed(digits) ?? "–")).join(""),
  );
  const shares = classes.map(
    (c, i) =>
      c.padEnd(18) +
      [averaged, raw, realReference].map((of) => cell(`${(100 * (of.shares?.[i] ?? 0)).toFixed(1)} %`)).join(""),
  );
  const percent = (/** @type {number} */ v) => `${(100 * v).toFixed(0)} %`;
  return [
    `Counterfeit, report card`,
    `data ${config.data}, seed ${config.seed}, step ${step}, device ${device}`,
    `settings that differ from the default: ${changed.length > 0 ? changed.join(", ") : "none"}`,
    `${n} generated and as many real images; ${featuresOf(measured, String(config.data))}`,
    ``,
    " ".repeat(18) + ["EMA of G", "current G", "real data"].map((t) => cell(t)).join(""),
    ...lines,
    ``,
    ...(shares.length > 0
      ? ["share of class", ...shares]
      : ["–: needs a classifier, and no classifier knows this data set."]),
    ``,
    `accuracy of D: ${percent(accuracy.training)} on its training images, ${percent(accuracy.heldOut)} on held-out images, ${percent(accuracy.fake)} on generated ones.`,
    `memorisation ratio ${memorisationRatio.toFixed(2)}: median distance from an image of the EMA of G to its nearest training image, divided by that of held-out real images.`,
    `real data: the same metrics on as many held-out real images. Do not compare with another sample size, classifier or data set.`,
    address,
  ].join("\n");
}

export class ReportCard {
  #dialog;
  /** @param {HTMLDialogElement} dialog @param {(blob: Blob, name: string) => void} save */
  constructor(dialog, save) {
    this.#dialog = dialog;
    this.save = save;
  }

  /** @param {Card} card */
  open(card) {
    const text = reportText(card);
    const title = document.createElement("h2");
    title.textContent = "Report card";
    const body = document.createElement("pre");
    body.textContent = text;
    body.tabIndex = 0;
    const button = (/** @type {string} */ label, /** @type {(button: HTMLButtonElement) => void} */ run) => {
      const node = document.createElement("button");
      node.type = "button";
      node.textContent = label;
      node.onclick = () => run(node);
      return node;
    };
    const { measured, config, device, address } = card;
    const json = JSON.stringify(
      { config, device, address, features: featuresOf(measured, String(config.data)), ...measured },
      null,
      2,
    );
    const buttons = document.createElement("p");
    buttons.className = "buttons";
    buttons.append(
      button("Copy text", async (node) => {
        const copied = await copyText(text);
        if (!copied) getSelection()?.selectAllChildren(body);
        node.textContent = copied ? "Copied" : "Selected: copy it with the keyboard";
      }),
      button("Save JSON", () =>
        this.save(new Blob([json], { type: "application/json" }), `counterfeit-report-${measured.step}.json`),
      ),
      button("Close", () => closeDialog(this.#dialog)),
    );
    this.#dialog.replaceChildren(title, body, buttons);
    openDialog(this.#dialog);
  }
}
