// A run on points in the worker: its frames and its measures.

import { sendEvent } from "./protocol.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { MeasureEvery, SceneWish } from "./protocol.js" */

/** A look takes some milliseconds: this often it takes less than a hundredth of the time, and a movement is still seen. */
const LOOK_EVERY_MS = 1000;

export class PointRun {
  #id;
  #session;
  #goesOn;
  /** When the last look began, and at which step. */
  #looked = { at: -Infinity, step: 0 };

  /** @param {number} id @param {Core.Session} session @param {() => boolean} goesOn whether no other run has taken its place, and freed its session */
  constructor(id, session, goesOn) {
    this.#id = id;
    this.#session = session;
    this.#goesOn = goesOn;
  }

  /** Sends a frame. @param {SceneWish} wish */
  async look(wish) {
    const scene = await this.#session.scene(wish);
    sendEvent({ type: "scene", run: this.#id, scene });
  }

  /** Measures the run if it is time. @param {MeasureEvery} every @param {boolean} averaged */
  async measure(every, averaged) {
    const step = this.#session.steps;
    const due = every === "auto" ? performance.now() - this.#looked.at >= LOOK_EVERY_MS : every !== "never" && step - this.#looked.step >= every;
    if (!due) return;
    this.#looked = { at: performance.now(), step };
    const points = await this.#session.samplePoints(averaged);
    if (!this.#goesOn()) return;
    const { low, diagnosis } = this.#session.measurePoints(points);
    sendEvent({ type: "low", run: this.#id, low, diagnosis });
  }

  /** The next update in slow motion. @param {"generator" | "discriminator"} player */
  async walk(player) {
    sendEvent({ type: "walk", run: this.#id, walk: await this.#session.walk(player) });
  }

  /** Where G takes some z. @param {number} id of the question @param {Float32Array} z @param {boolean} averaged */
  async map(id, z, averaged) {
    sendEvent({ type: "mapped", run: this.#id, id, ...(await this.#session.map(z, averaged)) });
  }
}
