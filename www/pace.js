// Two runs at the same step: both go to a common goal, the faster one waits there for the slower, and pictures are taken where they
// meet. A run that cannot go on is not waited for.

import { SAMPLES_EVERY_MS } from "./run.js";

/** @import { Players } from "./protocol.js" */
/** @import { Run } from "./run.js" */

/** @typedef {Pick<Run, "alive" | "arrived" | "step" | "elapsedMs" | "samples" | "onPoints" | "look" | "goTo" | "stepOnce"> & {ground: Pick<Run["ground"], "scene">}} Runner */

/** Training from goal to goal: long enough that meeting costs little, short enough that pause is felt at once. */
const ROUND_MS = 250;
/** Of points, which are drawn after each round: short enough that they move. */
const POINTS_ROUND_MS = 50;
/** Pictures of the smallest networks are to keep changing too. */
const MOST_STEPS = 256;

export class Pace {
  #runs;
  #playing = false;
  /** Steps to the next goal. */
  #steps = 1;
  /** Where each set out for the goal: its step, and the time that its steps had taken. @type {{step: number, elapsedMs: number}[]} */
  #start = [];
  #lastLook = -Infinity;

  /** @param {Runner[]} runs */
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
    const onPoints = alive.every((r) => r.onPoints);
    // Where they stop, the pictures are to be of the step they stopped at.
    if (!this.#playing || now - this.#lastLook >= (onPoints ? 0 : SAMPLES_EVERY_MS)) this.#look(alive, now);
    if (!this.#playing) return;
    this.#steps = stepsAfter(this.#steps, Math.max(...this.#runs.map((run, i) => msPerStep(run, this.#start[i]))), onPoints ? POINTS_ROUND_MS : ROUND_MS);
    this.#start = this.#runs.map(({ step, elapsedMs }) => ({ step, elapsedMs }));
    const goal = Math.max(...alive.map((r) => r.step)) + this.#steps;
    for (const run of alive) run.goTo(goal);
  }

  /** @param {Runner[]} runs @param {number} now */
  #look(runs, now) {
    const stale = runs.filter((r) => {
      const shown = r.samples?.forged ?? r.ground.scene;
      return shown && shown.step !== r.step;
    });
    if (stale.length === 0) return;
    this.#lastLook = now;
    for (const run of stale) run.look();
  }
}

/**
 * By the worker's clock, since what lies between its batches would make rounds shorter and that share larger. 0 where it cannot be said.
 * @param {Runner} run @param {{step: number, elapsedMs: number} | undefined} start
 */
function msPerStep({ step, elapsedMs }, start) {
  return start && step > start.step ? (elapsedMs - start.elapsedMs) / (step - start.step) : 0;
}

/** How many steps make a round, by what the slower run takes for one; at most twice as many as before. @param {number} steps @param {number} ms for a step; 0 if unknown @param {number} [roundMs] */
export function stepsAfter(steps, ms, roundMs = ROUND_MS) {
  if (ms <= 0) return steps;
  return Math.min(Math.max(1, Math.floor(roundMs / ms)), 2 * steps, MOST_STEPS);
}
