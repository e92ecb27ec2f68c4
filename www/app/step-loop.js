// Requests training steps from the worker, batch by batch; pausing means not requesting. Decides how many batches are
// in flight, how many steps each has, and which are followed by a frame.

import { nextFrame } from "../frames.js";

/** @import { Client } from "./client.js" */
/** @import { FramePolicy, Networks } from "../protocol.js" */
/** @import { Run } from "./run.js" */
/** @import { SlowStart } from "./slow-start.js" */
/** @typedef {Pick<Run, "step" | "device" | "onPoints" | "ready" | "waiting"> & {density: Pick<Run["density"], "stepsPerFrame">, slowStart?: SlowStart}} Stepper */

/** Sample grids are refreshed this often: more cannot be compared by eye. */
export const SAMPLES_EVERY_MS = 500;
/** Duration of a batch: long enough to hide the round trip, short enough for Pause to act at once. */
const BUDGET_MS = 80;
/** Duration of a batch in density runs, whose frames are cheap: one frame per batch. */
const POINTS_BUDGET_MS = 24;
/** More queued steps would only delay the numbers. */
const STEPS_PER_REQUEST = 64;
/** Time between requests while images are still loading. */
const WAITING_MS = 300;

export class StepLoop {
  #client;
  #run;
  #lastSamples = 0;
  /** Requested batches that were not answered yet, by command number. @type {Set<number>} */
  #inFlight = new Set();
  /** The step to train to; Infinity to train on until paused. */
  #goal = 0;
  /** Duration of a batch, in milliseconds. */
  #budgetMs = BUDGET_MS;

  /** @param {Client} client @param {Stepper} run */
  constructor(client, run) {
    this.#client = client;
    this.#run = run;
  }

  /** Whether no more steps are to be requested. */
  get halted() {
    return this.#goal === 0;
  }

  /** Whether nothing is in flight and the goal is reached. */
  get idle() {
    return this.#inFlight.size === 0 && this.#run.step >= this.#goal;
  }

  /** Trains up to a step, or until paused and with frames in between. @param {number} goal @param {number} [budgetMs] */
  trainTo(goal, budgetMs = BUDGET_MS) {
    this.#goal = goal;
    this.#budgetMs = budgetMs;
    this.next();
  }

  /** Requests no more steps; batches in flight are still answered. */
  halt() {
    this.#goal = 0;
  }

  /** Trains the given networks for one batch of at most so many steps, followed by a frame. @param {Networks} networks @param {number} steps */
  trainOnly(networks, steps) {
    if (!this.#run.ready || this.#inFlight.size > 0) return;
    this.halt();
    this.#ask(networks, "always", Math.min(steps, STEPS_PER_REQUEST), BUDGET_MS);
  }

  /** Another run begins, or there is none. */
  forget() {
    this.#goal = this.#lastSamples = 0;
    this.#inFlight.clear();
  }

  /** A batch was answered, or refused. @param {number} command */
  answered(command) {
    this.#inFlight.delete(command);
  }

  /** A sample grid has come. */
  seen() {
    this.#lastSamples = performance.now();
  }

  /** Requests the next batch after one was answered, now or later. */
  scheduleNext() {
    const { waiting, onPoints, density } = this.#run;
    // While images are awaited, asking again would only spin: the next "data" event asks.
    if (waiting) setTimeout(() => this.next(), WAITING_MS);
    // With a fixed number of steps per frame, one batch per drawn frame.
    else if (onPoints && density.stepsPerFrame < Infinity) nextFrame(() => this.next());
    else this.next();
  }

  /** Requests batches until enough are in flight. */
  next() {
    const {
      step,
      device,
      ready,
      onPoints,
      density: { stepsPerFrame },
      slowStart,
    } = this.#run;
    if (!ready) return;
    const free = this.#goal === Infinity;
    if (free && slowStart?.active(step, performance.now())) return this.#slowSteps(slowStart);
    // A GPU gets its next steps before the numbers of the last have been read back, so that neither waits for the
    // other. Towards a goal it does not: the second request would not know how far the first came.
    const most = free && device?.kind === "webgpu" && step > 0 ? 2 : 1;
    while (step < this.#goal && this.#inFlight.size < most) {
      // The first request is one step, so that the first picture comes at once.
      const steps = Math.min(step === 0 ? 1 : this.#goal - step, free ? STEPS_PER_REQUEST : Infinity);
      if (!onPoints) this.#ask("both", this.#samplesDue(free), steps, this.#budgetMs);
      else if (!free) this.#ask("both", "never", steps, this.#budgetMs);
      else
        this.#ask(
          "both",
          stepsPerFrame < Infinity ? "always" : "if-cheap",
          Math.min(steps, stepsPerFrame),
          POINTS_BUDGET_MS,
        );
    }
  }

  /** Few steps and their frame, as soon as the slow start allows; none while some are on their way. @param {SlowStart} slowStart */
  #slowSteps(slowStart) {
    if (this.#inFlight.size > 0) return;
    const now = performance.now();
    const wait = slowStart.waitMs(now);
    if (wait > 0) return void setTimeout(() => this.next(), wait);
    slowStart.requested(now);
    this.#ask("both", "always", slowStart.steps(now), BUDGET_MS);
  }

  /** @param {boolean} free @returns {FramePolicy} */
  #samplesDue(free) {
    if (!free || performance.now() - this.#lastSamples < SAMPLES_EVERY_MS) return "never";
    this.seen();
    return "if-cheap";
  }

  /** @param {Networks} networks @param {FramePolicy} frame @param {number} steps @param {number} budgetMs */
  #ask(networks, frame, steps, budgetMs) {
    this.#inFlight.add(this.#client.train(networks, frame, steps, budgetMs));
  }
}
