// The evaluators of runs on images, each with the classifier of its data set, which is loaded on first use.

import { reason, whyMissing } from "../delivery.js";
import { Watch, ask, handing } from "../data/download.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { SetId } from "../protocol.js" */

/**
 * Addresses of the classifiers, which are bundled under names with a content hash. Other data sets are evaluated on
 * features with random weights.
 * @type {Partial<Record<SetId, URL>>}
 */
const CLASSIFIERS = {
  mnist: new URL("../classifiers/mnist.bin", import.meta.url),
  fashion: new URL("../classifiers/fashion.bin", import.meta.url),
};

/** A classifier that did not load. Another attempt may succeed. */
export class ClassifierError extends Error {
  /** @param {string} message @param {import("../delivery.js").Cause | null} cause */
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
export class Evaluators {
  /** The evaluator, once its classifier is loaded. @type {Core.Evaluator | null} */
  evaluator = null;
  /** @type {Promise<Core.Evaluator> | null} */
  #coming = null;

  /** @param {typeof Core} core @param {SetId} set @param {boolean} report whether it evaluates ten times the images */
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

  free() {
    this.evaluator?.free();
    this.evaluator = this.#coming = null;
  }
}
