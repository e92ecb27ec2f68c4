// Slow motion: a D step and a G step in six stages each. Independent of worker and views: it requests the minibatch of
// the next update, goes through the stages one by one or by a timer, and requests the update itself in the last stage.

/** @import { Walk } from "../protocol.js" */
/** @typedef {"discriminator" | "generator"} NetworkName */
/** @typedef {"both" | NetworkName} Whose */
/** @typedef {"noise" | "generate" | "score" | "loss" | "gradient" | "update"} Stage */
/** @typedef {{stage: Stage, network: NetworkName, walk: Walk}} Overlay the stage to highlight, with its minibatch */
/** @typedef {{ask: (network: NetworkName) => void, update: (network: NetworkName) => void, changed: () => void}} Actions */
/** @typedef {{set: (run: () => void, ms: number) => number, clear: (id: number) => void}} Clock */

/** In the order of every update. @type {Stage[]} */
export const STAGES = ["noise", "generate", "score", "loss", "gradient", "update"];
/** Duration of a stage: long enough to find the highlight and to read a sentence. GAN Lab takes 1.25 s. */
export const STAGE_MS = 1200;

/** @type {Clock} */
const REAL = { set: (run, ms) => window.setTimeout(run, ms), clear: (id) => window.clearTimeout(id) };

export class SlowMotion {
  #actions;
  #clock;
  #timer = 0;
  /** The network whose minibatch is awaited or shown. @type {NetworkName} */
  #network = "discriminator";
  #at = -1;
  /** @type {Walk | null} */
  #walk = null;
  /** The pending request. @type {"batch" | "update" | null} */
  #awaits = null;
  /** @type {Whose} */
  #whose = "both";
  timed = false;

  /** @param {Actions} actions @param {Clock} [clock] */
  constructor(actions, clock = REAL) {
    this.#actions = actions;
    this.#clock = clock;
  }

  get network() {
    return this.#network;
  }

  get whose() {
    return this.#whose;
  }

  /** @returns {Stage | null} */
  get stage() {
    return this.#walk && this.#at >= 0 ? STAGES[this.#at] : null;
  }

  /** Whether a request is pending, which the next stage has to wait for. */
  get waits() {
    return this.#awaits !== null;
  }

  /** @returns {Overlay | null} */
  get overlay() {
    const { stage } = this;
    return stage && this.#walk ? { stage, network: this.#network, walk: this.#walk } : null;
  }

  /** Chooses whose updates are shown; exits the present one if it is of the other network. @param {Whose} whose */
  choose(whose) {
    this.#whose = whose;
    if (whose !== "both" && whose !== this.#network) {
      this.#leave();
      this.#network = whose;
      if (this.timed) return this.next();
    }
    this.#actions.changed();
  }

  /** Goes to the next stage, or to the first of the next update. */
  next() {
    if (this.waits) return;
    if (!this.#walk) return this.#ask();
    if (this.#at + 1 === STAGES.length) {
      this.#leave();
      if (this.#whose === "both") this.#network = this.#network === "discriminator" ? "generator" : "discriminator";
      return this.#ask();
    }
    this.#at += 1;
    if (this.stage === "update") {
      this.#awaits = "update";
      this.#actions.update(this.#network);
    }
    this.#arrived();
  }

  /** Plays the stages by a timer, or waits for `next`. @param {boolean} timed */
  time(timed) {
    this.timed = timed;
    this.#stopClock();
    if (timed && !this.waits) this.next();
    else this.#actions.changed();
  }

  /** The minibatch has come. @param {Walk} walk */
  receive(walk) {
    if (this.#awaits !== "batch" || walk.network !== this.#network) return;
    this.#awaits = null;
    [this.#walk, this.#at] = [walk, 0];
    this.#arrived();
  }

  /** The update is done, and its frame has come. */
  updated() {
    if (this.#awaits !== "update") return;
    this.#awaits = null;
    this.#arrived();
  }

  /** Ends slow motion: no stage, no timer. */
  stop() {
    this.timed = false;
    this.#leave();
    this.#network = this.#whose === "generator" ? "generator" : "discriminator";
    this.#actions.changed();
  }

  #ask() {
    this.#awaits = "batch";
    this.#actions.ask(this.#network);
    this.#actions.changed();
  }

  #leave() {
    this.#stopClock();
    [this.#walk, this.#at, this.#awaits] = [null, -1, null];
  }

  /** A stage begins, or its pending request was answered. */
  #arrived() {
    this.#stopClock();
    if (this.timed && !this.waits) this.#timer = this.#clock.set(() => this.next(), STAGE_MS);
    this.#actions.changed();
  }

  #stopClock() {
    this.#clock.clear(this.#timer);
    this.#timer = 0;
  }
}
