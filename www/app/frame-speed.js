// The choice of how many steps a frame of a density run shows, from slow motion to as many as fit.

import { $ } from "./page.js";

/** @import { ByHand } from "./by-hand.js" */
/** @import { Change, Experiment } from "./experiment.js" */
/** @import { Stage } from "./stage.js" */

export class FrameSpeed {
  #experiment;
  #byHand;
  /** @type {HTMLSelectElement} */
  #select = $("speed");

  /** @param {Experiment} experiment @param {ByHand} byHand @param {Stage} stage */
  constructor(experiment, byHand, stage) {
    this.#experiment = experiment;
    this.#byHand = byHand;
    this.#select.onchange = () => {
      const { value } = this.#select;
      // Whoever chooses a speed gets it.
      experiment.faster();
      if (value !== "slow") return this.#set(value);
      experiment.pause();
      byHand.slow.time(true);
      stage.reveal($("walk"));
    };
  }

  /** @param {Change | "by-hand"} change */
  onChange(change) {
    const { value } = this.#select;
    const { overlay, waits } = this.#byHand.slow;
    const slowIsOver = this.#experiment.playing || (!overlay && !waits);
    if (value === "slow" && slowIsOver) this.#set("Infinity");
    else if (value !== "slow" && change === "comparison") this.#set(value);
  }

  /** @param {string} speed steps per frame */
  #set(speed) {
    this.#select.value = speed;
    for (const run of this.#experiment.runs) run.density.stepsPerFrame = Number(speed);
  }
}
