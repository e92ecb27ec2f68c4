// One task of an evaluation, on images or on a density: some milliseconds of the device and of this thread.

import { markSpan } from "./marks.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { Diagnosis, Evaluation } from "../protocol.js" */
/**
 * @typedef {{done: number, of: number, evaluation: Evaluation | null, diagnosis: Diagnosis | null, queuedMs: number,
 *   computedMs: number}} Task tasks done and in all; the result after the last; the time that this thread took to queue
 *   what is read, and to compute
 */

/**
 * Runs the next task of an evaluation. Returns null if it is over, because another evaluation or run has taken its place.
 * @param {Core.Evaluator} evaluator @param {Core.Session} session @param {() => boolean} isCurrent
 * @param {boolean} record whether the result becomes part of the run's history, from which it is diagnosed
 * @returns {Promise<Task | null>}
 */
export async function nextTask(evaluator, session, isCurrent, record) {
  const begun = performance.now();
  const pending = evaluator.sample(session);
  const queuedMs = performance.now() - begun;
  const sample = await pending;
  // The run may have been replaced, and its session freed, while the device computed.
  if (!isCurrent()) {
    sample?.free();
    return null;
  }
  const start = performance.now();
  const task = session.evaluate(evaluator, sample, record);
  markSpan("evaluation", start);
  return { ...task, queuedMs, computedMs: performance.now() - start };
}
