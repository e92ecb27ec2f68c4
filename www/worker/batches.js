// Batches of training steps: how many steps one holds, its read-back, and the frame and the evaluation after it.

import { sendEvent } from "../protocol.js";
import { markSpan } from "./marks.js";
import { OtherWork, negligible } from "../pace/other-work.js";

/** @import { Command, Event, FramePolicy, Networks, Report } from "../protocol.js" */
/** @import { SessionOwner, WorkerRun } from "./session-owner.js" */

/**
 * Pause between batches while images are loading, in milliseconds. It leaves time for the download: about 2 MB in 15
 * ms.
 */
const LOADING_PAUSE_MS = 15;
/** Longest time to queue a batch for a GPU, in milliseconds. */
const QUEUE_MS = 250;

/** @param {number} ms @returns {Promise<void>} */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Batches {
  #owner;
  /** Settled when the last batch has been reported to the page. @type {Promise<void>} */
  last = Promise.resolve();
  /** Time at which the results of the last batch were read. */
  #lastDone = 0;
  /** Steps that were queued and whose results were not read yet. */
  #unread = 0;
  /** Frames and evaluations, which share the device with the steps. */
  otherWork = new OtherWork();

  /** @param {SessionOwner} owner */
  constructor(owner) {
    this.#owner = owner;
  }

  /**
   * Trains a batch and reports it. Of two batches in flight the earlier is reported first.
   * @param {Command & {type: "train"}} command
   */
  train(command) {
    const before = this.last;
    const batch = this.#take(command);
    const tell = async () => {
      const trained = await batch;
      // The failure of the earlier batch is reported by its own call.
      await before.catch(() => {});
      if (trained && this.#owner.run?.id === command.run) sendEvent(trained);
    };
    this.last = tell();
    return this.last;
  }

  /**
   * Trains until the budget is spent, then reads all results at once.
   * @param {Command & {type: "train"}} command
   * @returns {Promise<(Event & {type: "trained"}) | undefined>}
   */
  async #take({ run: id, command, networks, steps, budgetMs, frame }) {
    const { run } = this.#owner;
    if (run?.id !== id) return undefined;
    const start = performance.now();
    const otherBefore = this.otherWork.ms;
    const { done, waiting } = queue(run, networks, steps, budgetMs);
    markSpan("submit", start);
    // Read before any await, because the next request may queue more steps in the meantime.
    const step = run.session.steps;
    const queued = (this.#unread += done);
    const report = await this.#read(run, done);
    // Time since the previous batch was done, or since this one began if that is later.
    const ms = performance.now() - Math.max(start, this.#lastDone);
    this.#lastDone = performance.now();
    // After every await, check that the run has not been replaced and its session freed.
    if (!this.#owner.isPresent(run)) return undefined;
    const taken = this.#lastDone - start;
    if (negligible(this.otherWork.ms - otherBefore, taken)) run.batch.note(done, taken, queued);
    run.frames.trained(ms);
    if (report.divergence) {
      report.divergence.breakdown = await run.session.breakdown();
      if (!this.#owner.isPresent(run)) return undefined;
    }
    // The run is being replaced: its steps are reported, and nothing is drawn or evaluated any more.
    if (this.#owner.newest === id && !(await this.#drawAndEvaluate(run, frame, report, step))) return undefined;
    const { bytes: memory } = this.#owner.engines;
    const growth = run.session.growth();
    return { type: "trained", run: id, answers: command, step, steps: done, ms, report, waiting, memory, growth };
  }

  /** Reads the results of all steps that were queued. @param {WorkerRun} run @param {number} done @returns {Promise<Report>} */
  async #read(run, done) {
    const start = performance.now();
    const report = await run.session.metrics().finally(() => {
      this.#unread -= done;
    });
    markSpan("read-back", start);
    return report;
  }

  /**
   * Draws and evaluates what is due. Returns whether the run is still the present one.
   * @param {WorkerRun} run @param {FramePolicy} frame @param {Report} report @param {number} step
   */
  async #drawAndEvaluate(run, frame, { divergence }, step) {
    const owner = this.#owner;
    if (frame === "always" || (frame === "if-cheap" && run.frames.due) || divergence) {
      await run.frames.draw(() => owner.sendFrame());
      if (!owner.isPresent(run)) return false;
    }
    if (!divergence) {
      await owner.evaluateIfDue(run, step);
      if (!owner.isPresent(run)) return false;
    }
    if (run.set && run.engine.stores.of(run.set).loading) {
      await pause(LOADING_PAUSE_MS);
      if (!owner.isPresent(run)) return false;
    }
    return true;
  }
}

/**
 * Queues steps until the budget is spent, or images that have not arrived yet are needed.
 * @param {WorkerRun} run @param {Networks} networks @param {number} steps @param {number} budgetMs
 */
function queue({ session, engine, batch }, networks, steps, budgetMs) {
  const start = performance.now();
  // Queuing a step takes less time than the GPU needs for it, so the number of steps follows from the times of earlier
  // batches, not from the time to queue.
  if (engine.kind === "webgpu") [steps, budgetMs] = [Math.min(steps, batch.steps), QUEUE_MS];
  let done = 0;
  try {
    while (done < steps && (done === 0 || performance.now() - start < budgetMs)) {
      session.step(networks);
      done++;
    }
  } catch (error) {
    if (/** @type {any} */ (error).kind !== "not-enough-data") throw error;
    return { done, waiting: /** @type {Error} */ (error).message };
  }
  return { done, waiting: null };
}
