// The losses of both networks over the steps, with the lines that they reach in equilibrium.

import { recall, remember } from "../../browser.js";
import { Curves } from "../../draw/curves.js";
import { atMost } from "../../frames.js";
import { CURVES_EVERY_MS, referencesOf, saveCsv } from "../../draw/run-curves.js";
import { explainLines } from "./lines.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */

const SMOOTHING = "counterfeit.smoothing";

/** @implements {Panel} */
export class LossesPanel {
  #app;
  #curves;
  #save;
  #lines;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.#app = app;
    this.#lines = part("#lines");
    this.#curves = new Curves(part("#losses"), {
      title: "Losses of both networks over steps",
      curves: [
        { label: "D loss", short: "D", color: "--discriminator" },
        { label: "G loss", short: "G", color: "--generator", dash: [7, 3] },
      ],
      pointAt: (step) => app.linked.pointAt(step),
    });
    const log = /** @type {HTMLInputElement} */ (part("#log"));
    log.onchange = () => this.#curves.setLog(log.checked);
    const smoothing = /** @type {HTMLInputElement} */ (part("#smoothing"));
    smoothing.value = recall(SMOOTHING) ?? smoothing.value;
    const smoothen = () => this.#curves.setSmoothing(Number(smoothing.value));
    smoothing.oninput = () => {
      remember(SMOOTHING, smoothing.value);
      smoothen();
    };
    smoothen();
    this.#save = /** @type {HTMLButtonElement} */ (part("#save-csv"));
    this.#save.onclick = () => saveCsv(app, "step-", app.experiment.focus.series.csv());
  }

  /** @param {PanelEvent} event */
  update(event) {
    const { linked, experiment } = this.#app;
    if (event === "cursor") return this.#curves.showCursor(linked.cursor);
    if (event === "past") return this.#curves.setMark(linked.past);
    if (event !== "curves") explainLines(this.#lines, experiment.focus.info);
    this.#draw();
  }

  #draw = atMost("losses", CURVES_EVERY_MS, () => {
    const { runs, focus } = this.#app.experiment;
    this.#save.disabled = focus.series.length === 0;
    this.#curves.update(
      runs.map((run) => run.series),
      [0, 1],
      [...referencesOf(runs, "d_loss", "--discriminator"), ...referencesOf(runs, "g_loss", "--generator")],
    );
  });
}
