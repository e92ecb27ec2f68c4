// What G makes of a class or code: the mutual information over the steps, and what the classifier sees.

import { conditionsOf } from "../../app/conditions.js";
import { CURVES } from "../../app/run-record.js";
import { CURVES_EVERY_MS } from "../../draw/run-curves.js";
import { atMost, inFrame } from "../../frames.js";
import { CodesView } from "./codes.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */

/** @implements {Panel} */
export class ConditionalAccuracyPanel {
  #app;
  #codes;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#app = app;
    this.#codes = new CodesView(root);
  }

  /** @param {PanelEvent} event */
  update(event) {
    const { focus } = this.#app.experiment;
    if (event !== "curves" && event !== "evaluation") this.#codes.begin(focus.running, conditionsOf(focus));
    if (event !== "evaluation") this.#drawCurve();
    if (event !== "curves")
      inFrame("recognised", () => this.#codes.update(focus.quality.history.at(-1) ?? null, focus.running));
  }

  #drawCurve = atMost("codes", CURVES_EVERY_MS, () =>
    this.#codes.draw(
      this.#app.experiment.runs.map((run) => run.series),
      CURVES.indexOf("information"),
    ),
  );
}
