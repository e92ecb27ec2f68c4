// The page's connection to the worker: starts it, restarts it after a crash, assigns ids to runs, and drops events of
// old runs.

import { startWorker } from "../browser.js";
import { sendCommand } from "../protocol.js";

/** @import { Command, Config, DiracRequest, Event, FramePolicy, MeasureEvery, Networks } from "../protocol.js" */
/** @import { DensityContent, SetId, Shown, Unnumbered } from "../protocol.js" */

/**
 * Time in milliseconds for the worker to accept a new run. After that it is still busy with the old run and is
 * replaced, so that the new run starts within two seconds.
 */
const ANSWER_MS = 1500;

export class Client {
  /** @type {Worker | null} */
  #worker = null;
  /** Id of the present run; events of other runs are dropped. */
  #run = 0;
  #runs = 0;
  #commands = 0;
  /** Whether the worker has loaded its module. Before that, a new run has to wait in any case. */
  #ready = false;
  #answer = 0;
  /** @type {(event: Event) => void} */
  #listener;

  /** @param {(event: Event) => void} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Id of the present run. */
  get run() {
    return this.#run;
  }

  /** Starts a worker. A worker that is running is terminated, which frees its memory and that of the GPU. */
  start() {
    this.stop();
    const failed = (/** @type {string} */ message) => this.#receive({ type: "crashed", kind: "no-worker", message });
    const worker = startWorker(
      () => new Worker(new URL("../worker/worker.js", import.meta.url), { type: "module" }),
      failed,
    );
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
    // The last steps of a replaced run are its own when it is resumed.
    if (!stale || event.type === "trained") this.#listener(event);
  }

  /** Sends a command. Returns its number, to which the answer refers. @param {Unnumbered} command */
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

  /** Assigns an id to a new run; events of other runs are dropped from now on. */
  begin() {
    this.#run = ++this.#runs;
  }

  /**
   * Makes the worker create the new run. Calls `busy` if the worker does not accept it in time.
   * @param {Omit<Command & {type: "create"}, "type" | "run" | "command">} what @param {() => void} busy
   */
  create(what, busy) {
    clearTimeout(this.#answer);
    this.#answer = Number(setTimeout(busy, ANSWER_MS));
    this.#send({ type: "create", run: this.#run, ...what });
  }

  /**
   * Makes an earlier run the present one again, because the new one was refused. The worker needs no command.
   * @param {number} run
   */
  returnTo(run) {
    this.#run = run;
  }

  /**
   * Makes the worker resume a run that it has kept.
   * @param {number} run @param {() => void} busy called if the worker does not answer in time
   */
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

  /**
   * Requests a batch of steps, as many as fit into the budget. To pause, the page requests no more steps. Returns the
   * number of the command.
   * @param {Networks} networks @param {FramePolicy} frame @param {number} steps @param {number} budgetMs
   */
  train(networks, frame, steps, budgetMs) {
    return this.#send({ type: "train", run: this.#run, networks, steps, budgetMs, frame });
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#send({ type: "show", ...shown });
  }

  /**
   * Requests the training image nearest to an image.
   * @param {Uint8Array<ArrayBuffer>} pixels @param {number} id of the answer
   */
  nearest(pixels, id) {
    this.#send({ type: "nearest", run: this.#run, id, pixels });
  }

  /** Sets how often the run is evaluated. @param {MeasureEvery} every */
  measure(every) {
    this.#send({ type: "measure", run: this.#run, every });
  }

  /** Requests an evaluation with ten times the images. */
  report() {
    this.#send({ type: "report", run: this.#run });
  }

  cancelReport() {
    this.#send({ type: "cancel-report", run: this.#run });
  }

  /** Requests the layers of a configuration's networks. @param {Config} config */
  outline(config) {
    this.#send({ type: "outline", config });
  }

  /** Sets the content of frames of a density run. @param {DensityContent} request */
  setFrameRequest(request) {
    this.#send({ type: "frame-request", run: this.#run, request });
  }

  /**
   * Requests the minibatch of the next update of a network, for slow motion.
   * @param {"generator" | "discriminator"} network
   */
  walk(network) {
    this.#send({ type: "walk", run: this.#run, network });
  }

  /** Requests G(z) of some z. @param {Float32Array} z @param {number} id of the answer */
  map(z, id) {
    this.#send({ type: "map", run: this.#run, id, z });
  }

  /** Requests the phase portrait of a Dirac-GAN. @param {DiracRequest} request @param {number} id of the answer */
  dirac(request, id) {
    this.#send({ type: "dirac", id, request });
  }

  requestFrame() {
    this.#send({ type: "frame", run: this.#run });
  }
}
