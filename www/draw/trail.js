// Curves of some values of each evaluation, updated incrementally: new evaluations of a history are appended, and the
// history of another run replaces the curves.

import { Series } from "../series.js";

/** @import { ImageEvaluation } from "../protocol.js" */

/** @template {{step: number}} [M=ImageEvaluation] an evaluation */
export class Trail {
  #values;
  /** @type {M[]} */
  #history = [];
  /** Number of evaluations already in the series. */
  #taken = 0;

  /**
   * @param {string[]} names @param {(measured: M) => (number | null)[]} values in the order of the names
   * @param {number} [limit] largest number of points
   */
  constructor(names, values, limit) {
    this.series = new Series(names, limit);
    this.#values = values;
  }

  /** @param {M[]} history oldest first; a new run begins with another array */
  follow(history) {
    if (history !== this.#history) {
      this.series.clear();
      this.#taken = 0;
    }
    this.#history = history;
    for (const measured of history.slice(this.#taken)) this.series.push(measured.step, this.#values(measured));
    this.#taken = history.length;
    return this.series;
  }
}
