// The data part of the drawer: the picker, with the experiment behind it.

import { DataPicker } from "./data-picker.js";

/** @import { PanelContext } from "../panel.js" */
/** @import { Catalog } from "../../protocol.js" */

/** The editors of data that the visitor draws, which may be cancelled. */
const EDITORS = ["drawing", "draw-curve"];

export class DataPickerPanel {
  #app;
  #picker;

  /** @param {HTMLElement} root @param {Catalog} catalog @param {PanelContext} app */
  constructor(root, catalog, app) {
    this.#app = app;
    root.setAttribute("role", "radiogroup");
    root.setAttribute("aria-label", "Data set");
    this.#picker = new DataPicker(root, catalog, {
      pick: app.pickData,
      load: (set) => app.experiment.run.data.load(set),
      cancel: (set) => app.experiment.run.data.cancel(set),
      draw: ({ id }) => app.drawData(id === "curve" ? "curve" : "drawn"),
    });
    // After a cancelled drawing the earlier choice is chosen again.
    for (const id of EDITORS) document.getElementById(id)?.addEventListener("close", () => this.update());
  }

  update() {
    const { config, run, drawn } = this.#app.experiment;
    this.#picker.update(String(config.data), run.data, drawn);
  }
}
