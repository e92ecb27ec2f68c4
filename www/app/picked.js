// After a pick (experiment, data set, device, seed): says what became of the run before, and brings it back on request.

import { grouped } from "../numbers.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Toast } from "./toast.js" */

export class AfterPick {
  #toast;
  /** The picks that have been spoken of. */
  #picks = 0;

  /** @param {Toast} toast */
  constructor(toast) {
    this.#toast = toast;
  }

  /** A run has been created. @param {Experiment} experiment */
  created(experiment) {
    const { before, picks } = experiment;
    if (picks === this.#picks) return;
    this.#picks = picks;
    if (!before) return;
    const { step, running } = before.of;
    const name = experiment.nameOf(running?.data);
    this.#toast.show(`The run before (${name}, step ${grouped(step)}) is kept.`, {
      label: "Undo",
      run: () => experiment.back(),
    });
  }
}
