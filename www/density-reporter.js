// A density run in the worker: sends its frames and its evaluations to the page.

import { sendEvent } from "./protocol.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { MeasureEvery, FrameRequest } from "./protocol.js" */

/** Time between automatic evaluations. One takes some milliseconds: at this interval less than a hundredth of the time. */
const EVALUATE_EVERY_MS = 1000;

export class DensityReporter {
  #id;
  #session;
  #isCurrent;
  /** Start time and step of the last evaluation. */
  #lastEvaluation = { at: -Infinity, step: 0 };

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
      every === "auto"
        ? performance.now() - this.#lastEvaluation.at >= EVALUATE_EVERY_MS
        : every !== "never" && step - this.#lastEvaluation.step >= every;
    if (!due) return;
    this.#lastEvaluation = { at: performance.now(), step };
    const points = await this.#session.sampleDensity(ema);
    if (!this.#isCurrent()) return;
    const { metrics, diagnosis } = this.#session.evaluateDensity(points);
    sendEvent({ type: "density-evaluation", run: this.#id, evaluation: metrics, diagnosis });
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
