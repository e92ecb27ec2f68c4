// Keeps two runs at the same step: both train to a common step, the faster waits there for the slower, and frames are
// requested while both stand there. A run that has failed is not waited for. Frames take a share of the time at most,
// as in a single run: on a slow GPU one of a density run takes longer than many steps.

import { BatchSize } from "../pace/batch-size.js";
import { FrameBudget } from "../pace/frame-budget.js";
import { negligible } from "../pace/other-work.js";
import { SAMPLES_EVERY_MS } from "./step-loop.js";

/** @import { Networks } from "../protocol.js" */
/** @import { Run } from "./run.js" */

/** @typedef {Pick<Run, "alive" | "arrived" | "step" | "shownStep" | "onPoints" | "requestFrame" | "trainTo" | "stepOnce">} LockStepRun */

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
  /** The round in progress: its steps, start time and time spent on frames. @type {{steps: number, at: number, frameMs: number} | null} */
  #round = null;
  /** The frames that have been requested and not all come: their step and time. @type {{step: number, at: number} | null} */
  #frame = null;
  #frames = new FrameBudget();
  #lastFrame = -Infinity;

  /** @param {LockStepRun[]} runs */
  constructor(runs) {
    this.#runs = runs;
  }

  play() {
    this.#playing = true;
    // Runs that have begun again never show what was requested of them before.
    this.#frame = null;
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

  /** A run may have reached the common step, or shown a frame. */
  arrived() {
    const alive = this.#runs.filter((r) => r.alive);
    const now = performance.now();
    this.#noteFrames(alive, now);
    if (alive.length === 0 || alive.some((r) => !r.arrived)) return;
    const onPoints = alive.every((r) => r.onPoints);
    const roundMs = onPoints ? POINTS_ROUND_MS : ROUND_MS;
    this.#rounds ??= new BatchSize(roundMs, MOST_STEPS);
    if (this.#round) this.#noteRound(this.#round, now);
    this.#round = null;
    const due = !this.#frame && this.#frames.due && now - this.#lastFrame >= (onPoints ? 0 : SAMPLES_EVERY_MS);
    // After the last round, frames are of the step at which both runs stopped.
    if (!this.#playing || due) this.#requestFrames(alive, now);
    if (!this.#playing) return;
    const { steps } = this.#rounds;
    this.#round = { steps, at: now, frameMs: 0 };
    const goal = Math.max(...alive.map((r) => r.step)) + steps;
    for (const run of alive) run.trainTo(goal, roundMs);
  }

  /** @param {{steps: number, at: number, frameMs: number}} round @param {number} now */
  #noteRound({ steps, at, frameMs }, now) {
    const ms = now - at;
    // Frames share the device with an unknown part of the steps: a round in which they take long says nothing of these.
    // There are enough others, because of the budget.
    if (!this.#frame && negligible(frameMs, ms)) this.#rounds?.note(steps, Math.max(ms, 1));
    this.#frames.trained(Math.max(this.#frame ? 0 : ms - frameMs, 0));
  }

  /** @param {LockStepRun[]} runs @param {number} now */
  #requestFrames(runs, now) {
    const stale = runs.filter((r) => (r.shownStep ?? r.step) !== r.step);
    if (stale.length === 0) return;
    this.#lastFrame = now;
    this.#frame = { step: Math.min(...stale.map((r) => r.step)), at: now };
    for (const run of stale) run.requestFrame();
    this.#noteFrames(runs, now);
  }

  /** Records the time of requested frames once all have come. @param {LockStepRun[]} runs @param {number} now */
  #noteFrames(runs, now) {
    if (!this.#frame) return;
    const { step, at } = this.#frame;
    if (runs.some((r) => (r.shownStep ?? step) < step)) return;
    this.#frame = null;
    this.#frames.drew(now - at);
    if (this.#round) this.#round.frameMs += now - Math.max(at, this.#round.at);
  }
}
