// The first visit: the demo starts by itself and slowly, can be replayed, and stops once the run no longer improves.

import { mediaMatches } from "../browser.js";
import { grouped } from "../numbers.js";
import { $ } from "./page.js";
import { SLOW_UNTIL_STEP } from "./slow-start.js";

/** @import { Change, Experiment } from "./experiment.js" */
/** @import { Toast } from "./toast.js" */

/**
 * The demo goes on at least to this step: its text promises all modes within two thousand, and at the slow pace of the
 * start evaluations that are near each other agree too easily.
 */
const LEAST_STEPS = 3000;
/** Changes after which the button may appear or go. @type {Change[]} */
const SHOWS = ["run", "config", "status", "curves", "comparison"];

export class FirstVisit {
  #experiment;
  #toast;
  #first;
  #button = $("replay");

  /** @param {Experiment} experiment @param {Toast} toast @param {boolean} first whether the address has no settings */
  constructor(experiment, toast, first) {
    this.#experiment = experiment;
    this.#toast = toast;
    this.#first = first;
    this.#button.onclick = () => this.#replay();
  }

  /** Starts the demo, unless the visitor prefers reduced motion: then Play starts it. */
  begin() {
    if (this.#first && !mediaMatches("(prefers-reduced-motion: reduce)")) this.#experiment.playDemo();
    this.#show();
  }

  #replay() {
    this.#experiment.restart();
    this.#experiment.playDemo();
  }

  /** @param {Change} change */
  onChange(change) {
    if (SHOWS.includes(change)) this.#show();
    const { demo, playing, focus } = this.#experiment;
    if (!demo || !playing || change !== "evaluation" || focus.step < LEAST_STEPS) return;
    const { diagnosis } = focus.quality;
    if (diagnosis?.state !== "plateau" && diagnosis?.state !== "settled") return;
    this.#experiment.pause();
    this.#toast.show(`The demo has stopped at step ${grouped(focus.step)}: ${diagnosis.title}. Play goes on.`);
  }

  /** “Replay the start” is there once the start is over, while the experiment is the one that the first visit shows. */
  #show() {
    const { catalog, preset, other, run } = this.#experiment;
    const shown = this.#first && other === null && preset !== undefined && preset.id === catalog?.first;
    this.#button.hidden = !shown || run.step < SLOW_UNTIL_STEP;
  }
}
