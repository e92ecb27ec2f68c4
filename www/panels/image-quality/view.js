// Quality of generated images: metrics over the evaluations and in a table, how often to evaluate, and the report card.

import { predictedClassesOf } from "../../app/conditions.js";
import { toHash } from "../../app/state.js";
import { saveCsv } from "../../draw/run-curves.js";
import { inFrame } from "../../frames.js";
import { Quality, qualityCsv } from "./quality.js";
import { ReportCard } from "./report.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */
/** @import { Run } from "../../app/run.js" */

/** @implements {Panel} */
export class ImageQualityPanel {
  #root;
  #app;
  #quality;
  #reportCard;
  /** The report that was opened last; each opens once. @type {import("../../protocol.js").ImageEvaluation | null} */
  #opened = null;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    const { experiment } = app;
    this.#root = root;
    this.#app = app;
    this.#quality = new Quality(root);
    this.#reportCard = new ReportCard(/** @type {HTMLDialogElement} */ (document.getElementById("report")), app.save);
    const every = /** @type {HTMLSelectElement} */ (this.#part("#measure-every"));
    every.onchange = () => {
      const { value } = every;
      experiment.measure(value === "auto" || value === "never" ? value : Number(value));
      app.stage.deliver("status", experiment.focus);
    };
    this.#part("#report-card").onclick = () => experiment.focus.quality.evaluateNow();
    this.#part("#measure-cancel").onclick = () => experiment.focus.quality.cancel();
    this.#part("#save-quality").onclick = () => saveCsv(app, "quality-", qualityCsv(experiment.focus.quality.history));
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {PanelEvent} event @param {Run} run */
  update(event, run) {
    if (event === "report" || event === "shown") this.#open(run);
    this.#drawButtons();
    if (event !== "measuring") inFrame("quality", () => this.#draw());
  }

  #draw() {
    const { runs, focus } = this.#app.experiment;
    this.#quality.update(
      runs.map((r) => r.quality.history),
      runs.indexOf(focus),
      predictedClassesOf(focus),
    );
  }

  #drawButtons() {
    const { focus } = this.#app.experiment;
    const { progress, history } = focus.quality;
    this.#part("#measuring").hidden = !progress;
    /** @type {HTMLProgressElement} */ (this.#part("#measure-progress")).value = progress
      ? progress.done / progress.of
      : 0;
    const disable = (/** @type {string} */ selector, /** @type {boolean} */ disabled) => {
      /** @type {HTMLButtonElement} */ (this.#part(selector)).disabled = disabled;
    };
    disable("#report-card", focus.running === null || progress !== null);
    disable("#save-quality", history.length === 0);
  }

  /** @param {Run} run */
  #open(run) {
    const { running: config, catalog, device, quality } = run;
    if (!quality.report || quality.report === this.#opened || !config || !catalog) return;
    this.#opened = quality.report;
    this.#reportCard.open({
      measured: quality.report,
      config,
      changed: toHash(config, "auto", catalog).split("&").filter(Boolean),
      device: device?.name ?? "",
      address: this.#app.address(),
      classes: predictedClassesOf(run) ?? [],
    });
  }
}
