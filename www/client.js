// The page's face of the worker: starts it, numbers its runs, drops what comes from an old one, starts it again after a crash.

import { startWorker } from "./browser.js";
import { sendCommand } from "./protocol.js";

/** @import { Command, Config, DiracWish, Event, MeasureEvery, Players, SceneWish, SetId, Shown, Wish } from "./protocol.js" */

/** Steps of one request: long enough to hide the round trip, short enough that pause is felt at once. */
const BUDGET_MS = 80;
/** More queued steps would only delay the numbers. */
const STEPS_PER_REQUEST = 64;

export class Client {
  /** @type {Worker | null} */
  #worker = null;
  #run = 0;
  /** @type {(event: Event) => void} */
  #listener;

  /** @param {(event: Event) => void} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Starts a worker, replacing one that runs: its memory, and the GPU's, goes with it. @param {Wish} wish */
  start(wish) {
    this.stop();
    const failed = (/** @type {string} */ message) => this.#receive({ type: "crashed", message });
    const worker = startWorker(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), failed);
    if (!worker) return;
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#receive({ type: "crashed", message: event.message || "The worker could not be started." });
    };
    this.#worker = worker;
    this.#send({ type: "start", wish, base: document.baseURI });
  }

  stop() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** @param {Event} event */
  #receive(event) {
    const stale = "run" in event && event.run !== null && event.run !== this.#run;
    if (!stale) this.#listener(event);
  }

  /** @param {Command} command */
  #send(command) {
    if (this.#worker) sendCommand(this.#worker, command);
  }

  /** @param {SetId} set */
  load(set) {
    this.#send({ type: "load", set });
  }

  /** @param {SetId} set */
  cancelLoad(set) {
    this.#send({ type: "cancel-load", set });
  }

  /** Begins a new run; events of the one before are dropped from here on. @param {Config} config @param {Float32Array | null} drawn */
  create(config, drawn) {
    this.#run += 1;
    this.#send({ type: "create", run: this.#run, config, drawn });
  }

  /** @param {Config} config */
  update(config) {
    this.#send({ type: "update", run: this.#run, config });
  }

  /** Asks for a batch of steps, or for as many of them as fit. Pausing is not asking. @param {Players} players @param {boolean} samples @param {number} steps @param {number} [budgetMs] */
  train(players, samples, steps, budgetMs = BUDGET_MS) {
    this.#send({ type: "train", run: this.#run, players, steps: Math.min(steps, STEPS_PER_REQUEST), budgetMs, samples });
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#send({ type: "show", ...shown });
  }

  /** Asks for the training image most like some pixels. @param {Uint8Array<ArrayBuffer>} pixels @param {number} id of the answer */
  nearest(pixels, id) {
    this.#send({ type: "nearest", run: this.#run, id, pixels });
  }

  /** How often to measure, from now on. @param {MeasureEvery} every */
  measure(every) {
    this.#send({ type: "measure", run: this.#run, every });
  }

  /** Measures now, with ten times the images. */
  report() {
    this.#send({ type: "report", run: this.#run });
  }

  cancelReport() {
    this.#send({ type: "cancel-report", run: this.#run });
  }

  /** Asks what the networks of a configuration look like. @param {Config} config */
  outline(config) {
    this.#send({ type: "outline", config });
  }

  /** What scenes of runs on points are to hold. @param {SceneWish} wish */
  scene(wish) {
    this.#send({ type: "scene", run: this.#run, wish });
  }

  /** The next update of a network in slow motion. @param {"generator" | "discriminator"} player */
  walk(player) {
    this.#send({ type: "walk", run: this.#run, player });
  }

  /** Asks where G takes some z. @param {Float32Array} z @param {number} id of the answer */
  map(z, id) {
    this.#send({ type: "map", run: this.#run, id, z });
  }

  /** Asks for the portrait of a Dirac-GAN. @param {DiracWish} wish @param {number} id of the answer */
  dirac(wish, id) {
    this.#send({ type: "dirac", id, wish });
  }

  look() {
    this.#send({ type: "look", run: this.#run });
  }
}
