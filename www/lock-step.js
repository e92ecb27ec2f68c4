// Keeps two runs at the same step: both train to a common step, the faster waits there for the slower, and frames are
// requested while both stand there. A run that has failed is not waited for.

import { BatchSize } from "./batch-size.js";
import { SAMPLES_EVERY_MS } from "./step-loop.js";

/** @import { Networks } from "./protocol.js" */
/** @import { Run } from "./run.js" */

/** @typedef {Pick<Run, "alive" | "arrived" | "step" | "samples" | "onPoints" | "requestFrame" | "trainTo" | "stepOnce"> & {density: Pick<Run["density"], "snapshot">}} LockStepRun */

/** Time between two common steps: long enough to keep the cost of waiting low, short enough for Pause to act at once. */
const ROUND_MS = 250;
/** The same for density runs, which are drawn after each round: short enough for a smooth motion. */
const POINTS_ROUND_MS = 50;
/** Upper bound on the steps of a round, so that the pictures of tiny networks keep changing too. */
const MOST_STEPS = 256;

export class LockStep {
  #runs;
  #playing = false;
  /** @type {BatchSize | null} */
  #rounds = null;
  /** The round in progress: its steps and start time. @type {{steps: number, at: number} | null} */
  #round = null;
  #lastFrame = -Infinity;

  /** @param {LockStepRun[]} runs */
  constructor(runs) {
    this.#runs = runs;
  }

  play() {
    this.#playing = true;
    this.arrived();
  }

  /** Stops after the present round, so that both runs stop at the same step. */
  pause() {
    this.#playing = false;
  }

  /** @param {Networks} networks */
  step(networks) {
    const alive = this.#runs.filter((r) => r.alive);
    if (alive.some((r) => !r.arrived)) return;
    for (const run of alive) run.stepOnce(networks);
  }

  /** A run may have reached the common step. */
  arrived() {
    const alive = this.#runs.filter((r) => r.alive);
    if (alive.length === 0 || alive.some((r) => !r.arrived)) return;
    const now = performance.now();
    const onPoints = alive.every((r) => r.onPoints);
    const roundMs = onPoints ? POINTS_ROUND_MS : ROUND_MS;
    this.#rounds ??= new BatchSize(roundMs, MOST_STEPS);
    if (this.#round) this.#rounds.note(this.#round.steps, now - this.#round.at);
    this.#round = null;
    // After the last round, frames are of the step at which both runs stopped.
    if (!this.#playing || now - this.#lastFrame >= (onPoints ? 0 : SAMPLES_EVERY_MS)) this.#requestFrames(alive, now);
    if (!this.#playing) return;
    const { steps } = this.#rounds;
    this.#round = { steps, at: now };
    const goal = Math.max(...alive.map((r) => r.step)) + steps;
    for (const run of alive) run.trainTo(goal, roundMs);
  }

  /** @param {LockStepRun[]} runs @param {number} now */
  #requestFrames(runs, now) {
    const stale = runs.filter((r) => {
      const shown = r.samples?.fake ?? r.density.snapshot;
      return shown && shown.step !== r.step;
    });
    if (stale.length === 0) return;
    this.#lastFrame = now;
    for (const run of stale) run.requestFrame();
  }
}
