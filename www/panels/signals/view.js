// Signals of training over the evaluations, and gradients and updates layer by layer.

import { inFrame } from "../../frames.js";
import { Layers } from "./layers.js";
import { Signals } from "./signals.js";

/** @import { Panel, PanelContext } from "../panel.js" */

/** @implements {Panel} */
export class SignalsPanel {
  #app;
  #signals;
  #layers;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#app = app;
    this.#signals = new Signals(root);
    this.#layers = new Layers(/** @type {HTMLElement} */ (root.querySelector("#layers")));
  }

  update() {
    inFrame("layers", () => this.#layers.update(this.#history));
    inFrame("signals", () => this.#signals.update(this.#history));
  }

  get #history() {
    return this.#app.experiment.focus.quality.history;
  }
}
