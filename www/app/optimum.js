// Trains D alone to its optimum for the present G: the inner loop of Algorithm 1 with unlimited k, as proposition 2 of
// Goodfellow et al. 2014 assumes. The gap between D and D* decides when to stop; D* is known for toy densities.

import { grouped } from "../numbers.js";

/** Upper bound on the updates; no D of this size has needed more. */
export const MOST_UPDATES = 2000;
/** Updates between two evaluations of the gap, each with a frame. */
export const STRIDE = 20;
/**
 * Number of updates within which the gap has to fall by the factor FALLING. A D near 1/2 has a gradient near 0 and
 * needs several hundred updates to leave this region: with a patience of 600 some runs stop too early.
 */
const PATIENCE = 1000;
const FALLING = 0.97;
/** A gap narrower than the lines of the figure. Where the distributions are disjoint, D is then within 1/500 of D*. */
const CLOSE = 0.002;

/** @typedef {"close" | "settled" | "most" | "cancelled" | "no-optimum"} Reason */

export class ToOptimum {
  #train;
  #best = Infinity;
  #bestAt = 0;
  running = false;
  /** Updates of D so far. */
  done = 0;
  before = NaN;
  gap = NaN;
  /** Why it ended. @type {Reason | null} */
  reason = null;

  /** @param {(updates: number) => void} train trains D; the caller then passes the gap to `onTrained` */
  constructor(train) {
    this.#train = train;
  }

  /** Updates so far as a share of the upper bound. */
  get progress() {
    return Math.min(1, this.done / MOST_UPDATES);
  }

  /** @param {number} gap the initial gap */
  begin(gap) {
    [this.running, this.reason, this.done, this.before, this.gap] = [true, null, 0, gap, gap];
    [this.#best, this.#bestAt] = [gap, 0];
    if (Number.isNaN(gap)) return this.#end("no-optimum");
    this.#train(STRIDE);
  }

  /** @param {number} gap after the requested updates @param {number} updates number of these updates */
  onTrained(gap, updates) {
    if (!this.running) return;
    this.done += updates;
    this.gap = gap;
    if (Number.isNaN(gap)) return this.#end("no-optimum");
    if (gap < FALLING * this.#best) [this.#best, this.#bestAt] = [gap, this.done];
    if (gap < CLOSE) return this.#end("close");
    if (this.done - this.#bestAt >= PATIENCE) return this.#end("settled");
    if (this.done >= MOST_UPDATES) return this.#end("most");
    this.#train(STRIDE);
  }

  cancel() {
    if (this.running) this.#end("cancelled");
  }

  /** Discards the result, because a network has been trained since. */
  forget() {
    this.running = false;
    this.reason = null;
  }

  /** @param {Reason} reason */
  #end(reason) {
    this.running = false;
    this.reason = reason;
  }

  /** Progress or result as a sentence, for the status below the buttons. */
  get text() {
    const count = `${grouped(this.done)} updates of D`;
    if (this.running) return `${count} of at most ${grouped(MOST_UPDATES)}; the gap is ${this.gap.toFixed(3)}.`;
    const fell = `the gap went from ${this.before.toFixed(3)} to ${this.gap.toFixed(3)}`;
    switch (this.reason) {
      case "close":
        return `${count}: ${fell}. D is at its optimum.`;
      case "settled":
        return `${count}: ${fell} and no longer falls. Press again to go on all the same.`;
      case "most":
        return `${count}, the most that are made at once: ${fell}. Press again to go on.`;
      case "cancelled":
        return `Cancelled after ${count}: ${fell}.`;
      case "no-optimum":
        return "D* is not drawn for this loss, so there is no gap.";
      default:
        return "";
    }
  }
}
