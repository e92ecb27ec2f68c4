// The distribution of D's outputs on real and on generated images, at the last evaluation.

import { outputOf } from "../../app/output.js";
import { inFrame } from "../../frames.js";
import { OutputsView } from "./outputs.js";

/** @import { Panel, PanelContext } from "../panel.js" */

/** @implements {Panel} */
export class OutputsPanel {
  #app;
  #outputs;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#app = app;
    this.#outputs = new OutputsView(root);
  }

  update() {
    inFrame("outputs", () => {
      const { focus } = this.#app.experiment;
      this.#outputs.update(focus.quality.history.at(-1), outputOf(focus));
    });
  }
}
