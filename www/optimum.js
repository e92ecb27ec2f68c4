// Trains D alone until it is as good as it will get against this G: the inner loop of Algorithm 1 with k without end (Goodfellow et al.
// 2014, proposition 2 asks for it). Judged by the gap to the optimal D*, which is known where the density is.

import { grouped } from "./numbers.js";

/** More updates than any D of this size has needed. */
export const MOST_UPDATES = 2000;
/** Updates between two looks at the gap: a picture for each of them is a film. */
export const STRIDE = 20;
/** Updates in which the gap has to fall by so much to count as falling. A D that comes from near 1/2 has slopes near 0,
 * and needs some hundred updates to leave it: with 600 of patience some stop half-way. */
const PATIENCE = 1000;
const FALLING = 0.97;
/** Closer than any curve is wide; where the data does not overlap, D is then right by 1 in 500. */
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

  /** @param {(updates: number) => void} train has D trained; `heard` is to be called with the gap then */
  constructor(train) {
    this.#train = train;
  }

  /** Share of the way, of the updates that are allowed at most. */
  get progress() {
    return Math.min(1, this.done / MOST_UPDATES);
  }

  /** @param {number} gap where it begins */
  begin(gap) {
    [this.running, this.reason, this.done, this.before, this.gap] = [true, null, 0, gap, gap];
    [this.#best, this.#bestAt] = [gap, 0];
    if (Number.isNaN(gap)) return this.#end("no-optimum");
    this.#train(STRIDE);
  }

  /** @param {number} gap after the updates that were asked for @param {number} updates how many there were */
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

  /** Something else has been done since: what was told no longer is so. */
  forget() {
    this.running = false;
    this.reason = null;
  }

  /** @param {Reason} reason */
  #end(reason) {
    this.running = false;
    this.reason = reason;
  }

  /** In words, for the status below the buttons. */
  get text() {
    const count = `${grouped(this.done)} updates of D`;
    if (this.running) return `${count} of at most ${grouped(MOST_UPDATES)}; the gap is ${this.gap.toFixed(3)}.`;
    const fell = `the gap went from ${this.before.toFixed(3)} to ${this.gap.toFixed(3)}`;
    switch (this.reason) {
      case "close": return `${count}: ${fell}. D is at its optimum.`;
      case "settled": return `${count}: ${fell} and no longer falls. Press again to go on all the same.`;
      case "most": return `${count}, the most that are made at once: ${fell}. Press again to go on.`;
      case "cancelled": return `Cancelled after ${count}: ${fell}.`;
      case "no-optimum": return "This loss has no closed-form D* to compare D with.";
      default: return "";
    }
  }
}
