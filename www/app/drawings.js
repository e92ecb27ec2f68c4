// The editors of data that the visitor draws: points in the plane, and a density on the line.

import { BinsDrawing } from "../dialogs/draw-density/bins.js";
import { Drawing } from "../views/drawing.js";
import { takeDrops } from "./drops.js";
import { $ } from "./page.js";
import { withoutData } from "./state.js";

/** @import { Experiment } from "./experiment.js" */

export class Drawings {
  #experiment;
  #points;
  #density;

  /** @param {Experiment} experiment @param {() => void} changed called when `unsent` may have changed */
  constructor(experiment, changed) {
    this.#experiment = experiment;
    this.#density = new BinsDrawing(
      /** @type {HTMLDialogElement} */ ($("draw-curve")),
      (heights) => experiment.setDrawn("curve", heights),
      changed,
    );
    this.#points = new Drawing(
      /** @type {HTMLDialogElement} */ ($("drawing")),
      (points) => experiment.setDrawn("drawn", points),
      changed,
    );
    takeDrops(this.#points);
  }

  /** Whether an editor holds a drawing that no run uses yet. */
  get unsent() {
    return this.#points.unsent || this.#density.unsent;
  }

  /** @param {"drawn" | "curve"} set */
  open(set) {
    (set === "curve" ? this.#density : this.#points).open(this.#experiment.drawn[set] ?? null);
  }

  /** Chooses a data set, or opens the editor of one that has not been drawn yet. @param {string} set */
  pick(set) {
    const { catalog, config, drawn } = this.#experiment;
    const undrawn = catalog && withoutData({ ...config, data: set }, catalog, drawn);
    if (undrawn) this.open(undrawn.id === "curve" ? "curve" : "drawn");
    else this.#experiment.pickData(set);
  }
}
