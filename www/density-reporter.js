// A density run in the worker: sends its frames and its evaluations to the page.

import { sendEvent } from "./protocol.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { MeasureEvery, FrameRequest } from "./protocol.js" */

/** Shortest time between automatic evaluations. */
const EVALUATE_EVERY_MS = 1000;
/**
 * An automatic evaluation is followed by a pause of so many times its duration, so that it takes a twentieth of the time
 * at most. On a CPU it takes some milliseconds; on a slow GPU, or with a slow read-back, more than a second.
 */
const REST = 20;

export class DensityReporter {
  #id;
  #session;
  #isCurrent;
  /** Time from which the next automatic evaluation is due. */
  #dueAt = -Infinity;
  /** Step of the last evaluation. */
  #lastStep = 0;

  /** @param {number} id @param {Core.Session} session @param {() => boolean} isCurrent whether no other run has taken its place, and freed its session */
  constructor(id, session, isCurrent) {
    this.#id = id;
    this.#session = session;
    this.#isCurrent = isCurrent;
  }

  /** Sends a frame. @param {FrameRequest} request */
  async sendFrame(request) {
    const snapshot = await this.#session.densityFrame(request);
    sendEvent({ type: "snapshot", run: this.#id, snapshot });
  }

  /** Evaluates the run if an evaluation is due. @param {MeasureEvery} every @param {boolean} ema */
  async measure(every, ema) {
    const step = this.#session.steps;
    const due =
      every === "auto" ? performance.now() >= this.#dueAt : every !== "never" && step - this.#lastStep >= every;
    if (!due) return;
    const start = performance.now();
    // None is due while this one is under way.
    [this.#dueAt, this.#lastStep] = [Infinity, step];
    try {
      const points = await this.#session.sampleDensity(ema);
      if (!this.#isCurrent()) return;
      const { metrics, diagnosis } = this.#session.evaluateDensity(points);
      sendEvent({ type: "density-evaluation", run: this.#id, evaluation: metrics, diagnosis });
    } finally {
      const end = performance.now();
      this.#dueAt = Math.max(start + EVALUATE_EVERY_MS, end + REST * (end - start));
    }
  }

  /** Sends the minibatch of the next update, for slow motion. @param {"generator" | "discriminator"} network */
  async walk(network) {
    sendEvent({ type: "walk", run: this.#id, walk: await this.#session.walk(network) });
  }

  /** Sends G(z) of some z. @param {number} id of the question @param {Float32Array} z @param {boolean} ema */
  async map(id, z, ema) {
    sendEvent({ type: "mapped", run: this.#id, id, ...(await this.#session.map(z, ema)) });
  }
}
