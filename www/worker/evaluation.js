// When a run on images is evaluated: while it trains, a few milliseconds at a time, between batches of steps.

import { Evaluators } from "./classifiers.js";
import { nextTask } from "./evaluation-task.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { Diagnosis, Evaluation, Marks, MeasureEvery, SetId } from "../protocol.js" */
/**
 * @typedef {{evaluator: Core.Evaluator, session: Core.Session, report: boolean, spent: number}} Current the evaluation
 *   in progress, and its time so far in milliseconds
 */
/** @typedef {{evaluation: Evaluation, diagnosis: Diagnosis | null, report: boolean, ms: number}} Evaluated */
/**
 * `onMarksChange`: labels of single images have become available.
 * @typedef {{progress: (done: number, of: number) => void, done: (evaluated: Evaluated) => void,
 *   failed: (error: unknown, report: boolean) => void, onMarksChange: () => void}} EvaluationCallbacks
 */

/**
 * Pause after an automatic evaluation, as a multiple of its duration. Its cost for caches and for the page is not part
 * of its duration, so the pause is longer than the duration alone requires: docs/decisions/pace.md.
 */
const REST = 30;
/** First step at which a run is evaluated. Before that the samples are noise. */
const FIRST_STEP = 50;

export class EvaluationScheduler {
  #core;
  #callbacks;
  /** @type {{live: Evaluators, report: Evaluators} | null} */
  #evaluators = null;
  /** @type {Current | null} */
  #current = null;
  #pumping = false;
  /** Whether an evaluation is waiting for its classifier. */
  #beginning = false;
  /** Whether the grid is waiting for the classifier. */
  #fetching = false;
  /** Start time, step and duration of the last automatic evaluation, in milliseconds. */
  #last = { at: -Infinity, step: 0, spent: 0 };
  /** Whether an evaluation has failed. No automatic one begins until an evaluation is requested. */
  #failed = false;
  /** Number of runs so far, by which tasks of an old run are recognised and ended. */
  #run = 0;
  /** Counts requests to begin or cancel: a begin whose classifier arrives after another request is stale. */
  #requests = 0;

  /** @param {typeof Core} core @param {EvaluationCallbacks} callbacks */
  constructor(core, callbacks) {
    this.#core = core;
    this.#callbacks = callbacks;
  }

  /** Another run begins, perhaps on other data: ends evaluations of the old one. @param {SetId} set */
  reset(set) {
    this.leave();
    this.#failed = false;
    this.#last = { at: -Infinity, step: 0, spent: 0 };
    this.#evaluators?.live.evaluator?.cancel();
    if (this.#evaluators?.live.set === set) return;
    this.#evaluators?.live.free();
    this.#evaluators?.report.free();
    this.#evaluators = { live: new Evaluators(this.#core, set, false), report: new Evaluators(this.#core, set, true) };
  }

  /** The run is replaced: ends its evaluations. */
  leave() {
    this.#run += 1;
    this.#current = null;
  }

  /** Begins an evaluation if one is due. @param {Core.Session} session @param {MeasureEvery} every @param {number} step */
  consider(session, every, step) {
    if (this.#current || this.#beginning || this.#failed || every === "never" || step < FIRST_STEP) return;
    const { at, step: before, spent } = this.#last;
    const due = every === "auto" ? performance.now() - at >= REST * spent : step - before >= every;
    if (due) this.#begin(session, false);
  }

  /**
   * Evaluates now, with the sample size of a report. An automatic evaluation in progress is cancelled.
   * @param {Core.Session} session
   */
  report(session) {
    this.#begin(session, true);
  }

  retry() {
    this.#failed = false;
  }

  cancel() {
    this.#current = null;
    this.#requests++;
  }

  /** The classifier's labels of images; null while it is loading. @param {Uint8Array} pixels @returns {Marks | null} */
  marks(pixels) {
    const live = this.#evaluators?.live;
    if (live?.evaluator) return live.evaluator.classify(pixels);
    if (live && !this.#fetching && !this.#failed) this.#fetch(live);
    return null;
  }

  /** @param {Evaluators} live */
  async #fetch(live) {
    this.#fetching = true;
    try {
      await live.get();
    } catch (error) {
      // The visitor may have chosen another data set in the meantime.
      if (live !== this.#evaluators?.live) return;
      this.#failed = true;
      return this.#callbacks.failed(error, false);
    } finally {
      this.#fetching = false;
    }
    this.#callbacks.onMarksChange();
  }

  /** @param {Core.Session} session @param {boolean} report */
  async #begin(session, report) {
    const [run, request] = [this.#run, ++this.#requests];
    const isStale = () => run !== this.#run || request !== this.#requests;
    this.#beginning = true;
    this.#last = { ...this.#last, at: performance.now(), step: session.steps };
    try {
      const evaluator = await this.#evaluators?.[report ? "report" : "live"].get();
      if (!evaluator || isStale()) return;
      evaluator.begin(session, false);
      this.#current = { evaluator, session, report, spent: 0 };
      this.#pump();
    } catch (error) {
      if (isStale()) return;
      this.#failed = true;
      this.#callbacks.failed(error, report);
    } finally {
      this.#beginning = false;
    }
  }

  /** Runs the evaluation in pieces, and handles messages between them. */
  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#current) {
      const current = this.#current;
      try {
        await this.#piece(current);
      } catch (error) {
        // The evaluation was cancelled, or its run has been replaced.
        if (current === this.#current) {
          this.#current = null;
          this.#failed = true;
          this.#callbacks.failed(error, current.report);
        }
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#pumping = false;
  }

  /** @param {Current} current */
  async #piece(current) {
    const { evaluator, session, report } = current;
    const { hasReference } = evaluator;
    const task = await nextTask(evaluator, session, () => current === this.#current, !report);
    if (!task) return;
    current.spent += task.queuedMs;
    // Work that is done only once, such as the real-data reference, does not count towards the pause.
    if (hasReference) current.spent += task.computedMs;
    else if (evaluator.hasReference) this.#callbacks.onMarksChange();
    const { done, of, evaluation, diagnosis } = task;
    if (!evaluation) return report ? this.#callbacks.progress(done, of) : undefined;
    this.#current = null;
    if (!report) this.#last.spent = current.spent;
    this.#callbacks.done({ evaluation, diagnosis, report, ms: current.spent });
  }
}
