// Evaluates the run while it trains: a few milliseconds at a time, between batches of steps. Part of the worker.

import { reason, whyMissing } from "./delivery.js";
import { Watch, ask, handing } from "./download.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { Diagnosis, Marks, ImageEvaluation, MeasureEvery, SetId } from "./protocol.js" */
/** @typedef {{session: Core.Session, data: Core.Data}} Subject */
/**
 * @typedef {{evaluator: Core.Evaluator, subject: Subject, report: boolean, spent: number}} Current the evaluation in
 *   progress, and its time so far in milliseconds
 */

/**
 * Pause after an automatic evaluation, as a multiple of its duration. Its cost for caches and for the page is not part
 * of its duration, so the pause is longer than the duration alone requires: docs/decisions/pace.md.
 */
const REST = 30;
/** First step at which a run is evaluated. Before that the samples are noise. */
const FIRST_STEP = 50;

/**
 * Addresses of the classifiers, which are bundled under names with a content hash. Other data sets are evaluated on
 * features with random weights.
 * @type {Partial<Record<SetId, URL>>}
 */
const CLASSIFIERS = {
  mnist: new URL("./classifiers/mnist.bin", import.meta.url),
  fashion: new URL("./classifiers/fashion.bin", import.meta.url),
};

/** A classifier that did not load. Another attempt may succeed. */
export class ClassifierError extends Error {
  /** @param {string} message @param {import("./delivery.js").Cause | null} cause */
  constructor(message, cause = null) {
    super(message);
    this.cause = cause;
  }
}

/**
 * Builds a value from a classifier's file. If the file does not arrive or is rejected, it is requested once more,
 * bypassing the browser's cache.
 * @template T @param {URL} url
 * @param {(file: Uint8Array) => T} make throws an error with a `kind` if the file is not a classifier
 * @returns {Promise<T>}
 */
async function fromClassifier(url, make) {
  let last = "";
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const watch = new Watch(new AbortController().signal);
    try {
      const { body } = await ask(url.href, watch, cache);
      const file = new Uint8Array(await new Response(body).arrayBuffer());
      return handing(() => make(file));
    } catch (error) {
      last = watch.explain(error, url.host).message;
    } finally {
      watch.done();
    }
  }
  const found = await whyMissing(new URL("..", url).href);
  const hint = found.cause === "updated" ? " Reload to measure." : "";
  throw new ClassifierError(
    `The classifier that measuring needs could not be fetched. ${reason(found) || last} Training goes on.${hint}`,
    found.cause,
  );
}

/** Evaluates one run after the other on one data set, at one sample size. */
class Evaluators {
  /** The evaluator, once its classifier is loaded. @type {Core.Evaluator | null} */
  evaluator = null;
  /** @type {Promise<Core.Evaluator> | null} */
  #coming = null;

  /** @param {typeof Core} core @param {SetId} set @param {boolean} report */
  constructor(core, set, report) {
    this.core = core;
    this.set = set;
    this.report = report;
  }

  /** Loads the classifier once for all callers, and again after a failure. */
  get() {
    this.#coming ??= this.#make().catch((error) => {
      this.#coming = null;
      throw error;
    });
    return this.#coming;
  }

  async #make() {
    const url = CLASSIFIERS[this.set];
    this.evaluator = url
      ? await fromClassifier(url, (file) => new this.core.Evaluator(file, this.report))
      : this.core.Evaluator.onRandomFeatures(this.set, this.report);
    return this.evaluator;
  }

  /** Another run begins. */
  forget() {
    this.evaluator?.forget();
  }

  free() {
    this.evaluator?.free();
    this.evaluator = this.#coming = null;
  }
}

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

  /**
   * @param {typeof Core} core
   * @param {{progress: (done: number, of: number) => void, done: (measured: ImageEvaluation, diagnosis: Diagnosis |
   *   null, report: boolean, ms: number) => void, failed: (error: unknown, report: boolean) => void, onMarksChange: ()
   *   => void}} callbacks `onMarksChange`: labels of single images have become available
   */
  constructor(core, callbacks) {
    this.#core = core;
    this.#callbacks = callbacks;
  }

  /** Another run begins, perhaps on other data: ends evaluations of the old one. @param {SetId} set */
  reset(set) {
    this.leave();
    this.#failed = false;
    this.#last = { at: -Infinity, step: 0, spent: 0 };
    this.#evaluators?.live.forget();
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

  /** The evaluations of the run, which is being replaced. @returns {Core.History | null} */
  takeHistory() {
    return this.#evaluators?.live.evaluator?.takeHistory() ?? null;
  }

  /** Continues with the evaluations of a previous run. @param {Core.History} history */
  resume(history) {
    this.#evaluators?.live.evaluator?.resume(history);
  }

  /** Begins an evaluation if one is due. @param {Subject} subject @param {MeasureEvery} every @param {number} step */
  consider(subject, every, step) {
    if (this.#current || this.#beginning || this.#failed || every === "never" || step < FIRST_STEP) return;
    const { at, step: before, spent } = this.#last;
    const due = every === "auto" ? performance.now() - at >= REST * spent : step - before >= every;
    if (due) this.#begin(subject, false);
  }

  /**
   * Evaluates now, with the sample size of a report. An automatic evaluation in progress is cancelled.
   * @param {Subject} subject
   */
  report(subject) {
    this.#begin(subject, true);
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

  /** @param {Subject} subject @param {boolean} report */
  async #begin(subject, report) {
    const [run, request] = [this.#run, ++this.#requests];
    const isStale = () => run !== this.#run || request !== this.#requests;
    this.#beginning = true;
    this.#last = { ...this.#last, at: performance.now(), step: subject.session.steps };
    try {
      const evaluator = await this.#evaluators?.[report ? "report" : "live"].get();
      if (!evaluator || isStale()) return;
      evaluator.begin(subject.session);
      this.#current = { evaluator, subject, report, spent: 0 };
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
    const {
      evaluator,
      subject: { session, data },
      report,
    } = current;
    let start = performance.now();
    const pending = evaluator.sample(data);
    current.spent += performance.now() - start;
    const sample = await pending;
    // The run may have been replaced while the device computed.
    if (current !== this.#current) return sample?.free();
    start = performance.now();
    const { hasReference } = evaluator;
    const measured = evaluator.advance(data, sample);
    const [done, of] = evaluator.progress();
    // Work that is done only once, such as the real-data reference, does not count towards the pause.
    if (hasReference) current.spent += performance.now() - start;
    else if (evaluator.hasReference) this.#callbacks.onMarksChange();
    if (!measured) return report ? this.#callbacks.progress(done, of) : undefined;
    this.#current = null;
    if (!report) this.#last.spent = current.spent;
    // A report has another sample size, so it does not become part of the history.
    this.#callbacks.done(measured, report ? null : evaluator.diagnosis(session), report, current.spent);
  }
}
