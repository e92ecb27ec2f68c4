// The page's face of the worker: starts it, numbers its runs, drops what comes from an old one, starts it again after a
// crash.

import { startWorker } from "./browser.js";
import { sendCommand } from "./protocol.js";

/** @import { Command, Config, DiracRequest, Event, FramePolicy, MeasureEvery, Networks, FrameRequest, SetId, Shown, Unnumbered } from "./protocol.js" */

/** A worker that has not taken up a new run by then is busy with the old one, and is replaced: within two seconds with what that takes. */
const ANSWER_MS = 1500;

export class Client {
  /** @type {Worker | null} */
  #worker = null;
  /** What comes from other runs is dropped. */
  #run = 0;
  #runs = 0;
  #commands = 0;
  /** The worker has its module; before, a run has to wait anyway. */
  #ready = false;
  #answer = 0;
  /** @type {(event: Event) => void} */
  #listener;

  /** @param {(event: Event) => void} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Of the run that is heard of. */
  get run() {
    return this.#run;
  }

  /** Starts a worker, replacing one that runs: its memory, and the GPU's, goes with it. */
  start() {
    this.stop();
    const failed = (/** @type {string} */ message) => this.#receive({ type: "crashed", kind: "no-worker", message });
    const worker = startWorker(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), failed);
    if (!worker) return;
    worker.onmessage = ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker)
        this.#receive({ type: "crashed", kind: "error", message: event.message || "The worker could not be started." });
    };
    this.#worker = worker;
    this.#send({ type: "start", base: document.baseURI });
  }

  stop() {
    clearTimeout(this.#answer);
    this.#ready = false;
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** @param {Event} event */
  #receive(event) {
    if (event.type === "ready") this.#ready = true;
    if (event.type === "crashed" && event.kind === "error" && !this.#ready) event = { ...event, kind: "not-started" };
    if (event.type === "accepted") return clearTimeout(this.#answer);
    const stale = "run" in event && event.run !== null && event.run !== this.#run;
    if (!stale) this.#listener(event);
  }

  /** Returns the command's number, which its answer names. @param {Unnumbered} command */
  #send(command) {
    const numbered = /** @type {Command} */ ({ ...command, command: ++this.#commands });
    if (this.#worker) sendCommand(this.#worker, numbered);
    return numbered.command;
  }

  /** @param {SetId} set */
  load(set) {
    this.#send({ type: "load", set });
  }

  /** @param {SetId} set */
  cancelLoad(set) {
    this.#send({ type: "cancel-load", set });
  }

  /** Makes a number for a new run; events of others are dropped from here on. */
  begin() {
    this.#run = ++this.#runs;
  }

  /**
   * Has the worker make the run that has begun. One that does not take it up is replaced; `busy` hears of it.
   * @param {Omit<Command & {type: "create"}, "type" | "run" | "command">} what @param {() => void} busy
   */
  create(what, busy) {
    clearTimeout(this.#answer);
    this.#answer = Number(setTimeout(busy, ANSWER_MS));
    this.#send({ type: "create", run: this.#run, ...what });
  }

  /** Hears of an earlier run again, without a word to the worker: the new one was refused. @param {number} run */
  returnTo(run) {
    this.#run = run;
  }

  /** Has the worker go back to a run that it has kept. @param {number} run @param {() => void} busy the worker does not answer */
  resume(run, busy) {
    this.#run = run;
    clearTimeout(this.#answer);
    this.#answer = Number(setTimeout(busy, ANSWER_MS));
    this.#send({ type: "resume", run });
  }

  /** Changes settings of the run. Returns the number of the command. @param {Config} changes */
  update(changes) {
    return this.#send({ type: "update", run: this.#run, changes });
  }

  /** Asks for a batch of steps, or for as many of them as fit. Pausing is not asking. Returns the number of the command. @param {Networks} networks @param {FramePolicy} frame @param {number} steps @param {number} budgetMs */
  train(networks, frame, steps, budgetMs) {
    return this.#send({ type: "train", run: this.#run, networks, steps, budgetMs, frame });
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

  /** What scenes of runs on points are to hold. @param {FrameRequest} request */
  setFrameRequest(request) {
    this.#send({ type: "frame-request", run: this.#run, request });
  }

  /** The next update of a network in slow motion. @param {"generator" | "discriminator"} network */
  walk(network) {
    this.#send({ type: "walk", run: this.#run, network });
  }

  /** Asks where G takes some z. @param {Float32Array} z @param {number} id of the answer */
  map(z, id) {
    this.#send({ type: "map", run: this.#run, id, z });
  }

  /** Asks for the portrait of a Dirac-GAN. @param {DiracRequest} request @param {number} id of the answer */
  dirac(request, id) {
    this.#send({ type: "dirac", id, request });
  }

  requestFrame() {
    this.#send({ type: "frame", run: this.#run });
  }
}
