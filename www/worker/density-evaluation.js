// When a density run is evaluated: between two batches of steps, which wait for it.

import { nextTask } from "./evaluation-task.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { MeasureEvery } from "../protocol.js" */

/** Shortest time between automatic evaluations. */
const EVALUATE_EVERY_MS = 1000;
/**
 * An automatic evaluation is followed by a pause of so many times its duration, so that it takes a twentieth of the time
 * at most. On a CPU it takes some milliseconds; on a slow GPU, or with a slow read-back, more than a second.
 */
const REST = 20;

export class DensityEvaluation {
  #session;
  #evaluator;
  #isCurrent;
  /** Time from which the next automatic evaluation is due. */
  #dueAt = -Infinity;
  /** Step of the last evaluation. */
  #lastStep = 0;

  /**
   * @param {Core.Session} session @param {Core.Evaluator} evaluator
   * @param {() => boolean} isCurrent whether no other run has taken its place, and freed its session
   */
  constructor(session, evaluator, isCurrent) {
    this.#session = session;
    this.#evaluator = evaluator;
    this.#isCurrent = isCurrent;
  }

  free() {
    this.#evaluator.free();
  }

  /**
   * Evaluates the run if an evaluation is due. Returns the result, or null.
   * @param {MeasureEvery} every @param {boolean} averaged whether the EMA is evaluated
   */
  async consider(every, averaged) {
    const step = this.#session.steps;
    const due =
      every === "auto" ? performance.now() >= this.#dueAt : every !== "never" && step - this.#lastStep >= every;
    if (!due) return null;
    const start = performance.now();
    // None is due while this one is under way.
    [this.#dueAt, this.#lastStep] = [Infinity, step];
    try {
      this.#evaluator.begin(this.#session, averaged);
      for (;;) {
        const task = await nextTask(this.#evaluator, this.#session, this.#isCurrent, true);
        if (!task) return null;
        const { evaluation, diagnosis } = task;
        if (evaluation) return { evaluation, diagnosis, ms: performance.now() - start };
      }
    } finally {
      const end = performance.now();
      this.#dueAt = Math.max(start + EVALUATE_EVERY_MS, end + REST * (end - start));
    }
  }
}
