// The mean of D's output on real and on generated samples, over the steps.

import { outputOf } from "../../app/output.js";
import { Curves } from "../../draw/curves.js";
import { CURVES_EVERY_MS, referencesOf } from "../../draw/run-curves.js";
import { atMost } from "../../frames.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */

/** Weak: the curves are means over a batch already. */
const SMOOTHING = 0.8;

/** @implements {Panel} */
export class MeanOutputPanel {
  #app;
  #curves;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#app = app;
    this.#curves = new Curves(/** @type {HTMLElement} */ (root.querySelector("#odds")), {
      title: "Mean discriminator output on real and on generated samples over steps",
      curves: [
        { label: "D(x) real", short: "D(x)", color: "--real" },
        { label: "D(G(z)) generated", short: "D(G(z))", color: "--generator", dash: [7, 3] },
      ],
      range: [0, 1],
      pointAt: (step) => app.linked.pointAt(step),
    });
    this.#curves.setSmoothing(SMOOTHING);
  }

  /** @param {PanelEvent} event */
  update(event) {
    const { linked, experiment } = this.#app;
    if (event === "cursor") return this.#curves.showCursor(linked.cursor);
    if (event === "past") return this.#curves.setMark(linked.past);
    if (event !== "curves")
      this.#curves.setRange(experiment.runs.every((r) => outputOf(r).type === "probability") ? [0, 1] : undefined);
    this.#draw();
  }

  #draw = atMost("odds", CURVES_EVERY_MS, () => {
    const { runs } = this.#app.experiment;
    this.#curves.update(
      runs.map((run) => run.series),
      [2, 3],
      referencesOf(runs, "output", "--muted"),
    );
  });
}
