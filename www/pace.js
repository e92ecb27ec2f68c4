// Two runs at the same step: both go to a common goal, the faster one waits there for the slower, and pictures are taken where they
// meet. A run that cannot go on is not waited for.

import { SAMPLES_EVERY_MS } from "./run.js";

/** @import { Players } from "./protocol.js" */
/** @import { Run } from "./run.js" */

/** From goal to goal: long enough that meeting costs little, short enough that pause is felt at once. */
const ROUND_MS = 250;
/** As many as one request asks for at most. */
const MOST_STEPS = 64;

export class Pace {
  #runs;
  #playing = false;
  /** Steps to the next goal. */
  #steps = 1;
  /** When they set out for the goal; 0 while they stand. */
  #since = 0;
  #lastLook = -Infinity;

  /** @param {Pick<Run, "alive" | "arrived" | "step" | "samples" | "look" | "goTo" | "stepOnce">[]} runs */
  constructor(runs) {
    this.#runs = runs;
  }

  play() {
    this.#playing = true;
    this.arrived();
  }

  /** They still go on to the goal, so that both stand at the same step. */
  pause() {
    this.#playing = false;
  }

  /** @param {Players} players */
  step(players) {
    const alive = this.#runs.filter((r) => r.alive);
    if (alive.some((r) => !r.arrived)) return;
    for (const run of alive) run.stepOnce(players);
  }

  /** One of them may have reached the goal. */
  arrived() {
    const alive = this.#runs.filter((r) => r.alive);
    if (alive.length === 0 || alive.some((r) => !r.arrived)) return;
    const now = performance.now();
    if (this.#since > 0) this.#steps = stepsAfter(this.#steps, now - this.#since);
    this.#since = 0;
    // Where they stop, the pictures are to be of the step they stopped at.
    if (!this.#playing || now - this.#lastLook >= SAMPLES_EVERY_MS) this.#look(alive, now);
    if (!this.#playing) return;
    this.#since = now;
    const goal = Math.max(...alive.map((r) => r.step)) + this.#steps;
    for (const run of alive) run.goTo(goal);
  }

  /** @param {Pick<Run, "step" | "samples" | "look">[]} runs @param {number} now */
  #look(runs, now) {
    const stale = runs.filter((r) => r.samples !== null && r.samples.forged.step !== r.step);
    if (stale.length === 0) return;
    this.#lastLook = now;
    for (const run of stale) run.look();
  }
}

/** How many steps fit a round, by what the last ones took; at most twice as many as before. @param {number} steps @param {number} ms */
export function stepsAfter(steps, ms) {
  const fit = Math.floor((steps * ROUND_MS) / Math.max(ms, 1));
  return Math.min(Math.max(1, fit), 2 * steps, MOST_STEPS);
}
