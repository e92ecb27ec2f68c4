// Two runs at the same step: both go to a common goal, the faster one waits there for the slower, and pictures are taken where they
// meet. A run that cannot go on is not waited for.

import { BatchSize } from "./batch-size.js";
import { SAMPLES_EVERY_MS } from "./step-loop.js";

/** @import { Networks } from "./protocol.js" */
/** @import { Run } from "./run.js" */

/** @typedef {Pick<Run, "alive" | "arrived" | "step" | "samples" | "onPoints" | "requestFrame" | "trainTo" | "stepOnce"> & {density: Pick<Run["density"], "snapshot">}} LockStepRun */

/** Training from goal to goal: long enough that meeting costs little, short enough that pause is felt at once. */
const ROUND_MS = 250;
/** Of densities, which are drawn after each round: short enough that they move. */
const POINTS_ROUND_MS = 50;
/** Pictures of the smallest networks are to keep changing too. */
const MOST_STEPS = 256;

export class LockStep {
  #runs;
  #playing = false;
  /** @type {BatchSize | null} */
  #rounds = null;
  /** The round on its way. @type {{steps: number, at: number} | null} */
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

  /** They still go on to the goal, so that both stand at the same step. */
  pause() {
    this.#playing = false;
  }

  /** @param {Networks} networks */
  step(networks) {
    const alive = this.#runs.filter((r) => r.alive);
    if (alive.some((r) => !r.arrived)) return;
    for (const run of alive) run.stepOnce(networks);
  }

  /** One of them may have reached the goal. */
  arrived() {
    const alive = this.#runs.filter((r) => r.alive);
    if (alive.length === 0 || alive.some((r) => !r.arrived)) return;
    const now = performance.now();
    const onPoints = alive.every((r) => r.onPoints);
    const roundMs = onPoints ? POINTS_ROUND_MS : ROUND_MS;
    this.#rounds ??= new BatchSize(roundMs, MOST_STEPS);
    if (this.#round) this.#rounds.note(this.#round.steps, now - this.#round.at);
    this.#round = null;
    // Where they stop, the pictures are to be of the step they stopped at.
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
