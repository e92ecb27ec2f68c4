// Quality of generated points: metrics against the known density, over the evaluations and in a table.

import { atMost } from "../../frames.js";
import { ModesView, densityCsv } from "./modes.js";

/** @import { Panel, PanelContext } from "../panel.js" */

/** Metrics change slowly. */
const EVERY_MS = 200;

/** @implements {Panel} */
export class DensityQualityPanel {
  #app;
  #modes;
  #save;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    const { experiment, save } = app;
    this.#app = app;
    this.#modes = new ModesView(root);
    this.#save = /** @type {HTMLButtonElement} */ (root.querySelector("#save-density-csv"));
    this.#save.onclick = () =>
      save(
        new Blob([densityCsv(experiment.focus.density.evaluations)], { type: "text/csv" }),
        `counterfeit-measures-${experiment.focus.step}.csv`,
      );
  }

  update() {
    this.#draw();
  }

  #draw = atMost("density-quality", EVERY_MS, () => {
    const { runs, focus } = this.#app.experiment;
    this.#modes.update(
      runs.map((run) => run.density.evaluations),
      runs.indexOf(focus),
    );
    this.#save.disabled = focus.density.evaluations.length === 0;
  });
}
