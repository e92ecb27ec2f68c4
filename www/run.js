// One run: its worker, what it uses, what came of it, and the loop that asks for more steps. Knows no settings' form and no address,
// so that a second run can exist beside the first: whoever owns it hears what changed and decides what follows.

import { Client } from "./client.js";
import { DataSets } from "./data-sets.js";
import { RunNotices } from "./errors.js";
import { Ground } from "./ground.js";
import { Quality } from "./quality.js";
import { Series } from "./series.js";
import { Speed } from "./speed.js";

/** @import { Catalog, Config, DeviceChoice, Divergence, Event, Players, RunInfo, Shown, Wish } from "./protocol.js" */
/** @import { GroundChange } from "./ground.js" */
/** @import { QualityChange } from "./quality.js" */
/** @typedef {"ready" | "run" | "data" | "curves" | "samples" | "status" | "nearest" | "outline" | "diverged" | "refused" | "lost" | QualityChange | GroundChange} RunChange */
/** @typedef {import("./errors.js").Notices} Notices */

/** Two pictures a second are as many as one can compare. */
export const SAMPLES_EVERY_MS = 500;

/** Frames of points are cheap: as many as a request of steps leaves room for. */
const POINTS_BUDGET_MS = 24;

export const CURVES = ["d_loss", "g_loss", "d_real", "d_fake", "information"];

export class Run {
  #client = new Client((event) => this.#receive(event));
  #changed;
  #lastSamples = 0;
  #inFlight = 0;
  /** No step beyond this one is asked for; without end, the run goes on by itself. */
  #goal = 0;
  #speed = new Speed();
  /** @type {Float32Array | null} */
  #drawn = null;

  /** @type {Catalog | null} */
  catalog = null;
  /** @type {DeviceChoice | null} */
  device = null;
  /** What the run uses. @type {Config | null} */
  running = null;
  /** @type {RunInfo | null} */
  info = null;
  /** The networks that were asked for last; no part of the run. @type {(Event & {type: "outline"}) | null} */
  outline = null;
  series = new Series(CURVES);
  /** @type {(Event & {type: "samples"}) | null} */
  samples = null;
  /** The training image that was asked for last. @type {(Event & {type: "nearest"}) | null} */
  nearest = null;
  step = 0;
  elapsedMs = 0;
  /** Resolution and fade of networks that grow. @type {import("./protocol.js").Growth | null} */
  growth = null;
  /** Bytes of WebAssembly memory in the worker. */
  memory = 0;
  /** Set while the run waits for images. @type {string | null} */
  waiting = null;
  /** Why a loss is no longer a number: only a new run helps. @type {Divergence | null} */
  divergence = null;
  /** Why there is no worker any more. @type {string | null} */
  lost = null;
  /** How far the GPU has got with compiling its programs, while it does. @type {{compiled: number, asked: number} | null} */
  preparing = null;
  /** @type {Shown} */
  shown = { averaged: false, marks: false, view: { type: "classes" } };

  /** @param {Notices} notices @param {(change: RunChange, run: Run) => void} changed */
  constructor(notices, changed) {
    this.#changed = (/** @type {RunChange} */ change) => changed(change, this);
    this.notices = new RunNotices(notices);
    this.data = new DataSets(this.#client, this.notices, this.#changed);
    this.quality = new Quality(this.#client, this.notices, this.#changed);
    this.ground = new Ground(this.#client, this.#changed);
  }

  /** Steps a second over the last seconds of training. */
  get speed() {
    return this.#speed.value;
  }

  /** Neither a number that is none nor a lost worker stands in its way. */
  get alive() {
    return this.divergence === null && this.lost === null;
  }

  /** A loss is no longer a number. */
  get broken() {
    return this.divergence !== null;
  }

  /** Its samples are points, not images. */
  get onPoints() {
    return this.info !== null && this.info.space !== "images";
  }

  /** It exists in its worker and has nothing left to do. */
  get arrived() {
    return this.info !== null && this.#inFlight === 0 && this.step >= this.#goal;
  }

  /** Starts a worker on the wished device; a run that goes on is lost. @param {Wish} wish */
  start(wish) {
    this.device = this.lost = null;
    this.data.forget();
    this.forget();
    this.#client.start(wish);
    this.#changed("status");
  }

  /** Ends the worker: its memory goes with it. */
  stop() {
    this.#client.stop();
    this.forget();
    this.notices.clearAll();
  }

  /** Begins at step 0, as soon as the worker is ready. @param {Config} config @param {Float32Array | null} drawn what a visitor drew */
  create(config, drawn) {
    this.forget();
    this.notices.clear("diverged");
    this.running = config;
    this.#drawn = drawn;
    if (this.device) this.#client.create(config, drawn);
    this.#changed("run");
  }

  /** Settings that may change while the run goes on. @param {Config} config */
  update(config) {
    this.running = config;
    this.#client.update(config);
  }

  forget() {
    this.running = this.info = this.samples = this.growth = null;
    this.ground.forget();
    this.series.clear();
    this.step = this.elapsedMs = this.#lastSamples = this.#goal = this.#inFlight = 0;
    this.#speed.forget();
    this.waiting = this.divergence = this.preparing = null;
    this.quality.forget();
  }

  /** Trains up to a step, or without end and with pictures now and then. @param {number} goal */
  goTo(goal) {
    if (goal === Infinity) this.#speed.forget();
    this.#goal = goal;
    this.#next();
  }

  /** What was asked for still comes. */
  halt() {
    this.#goal = 0;
  }

  /** One step. @param {Players} players */
  stepOnce(players) {
    this.stepAlone(players, 1);
  }

  /** So many steps at most, as many as a request has room for. @param {Players} players @param {number} steps */
  stepAlone(players, steps) {
    if (this.#inFlight > 0 || !this.alive) return;
    this.halt();
    this.#inFlight = 1;
    this.#client.train(players, true, steps);
  }

  /** Asks for pictures of the step it is at. */
  look() {
    this.#client.look();
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.#client.show(shown);
  }

  /** Asks for the training image most like some pixels. @param {Uint8Array<ArrayBuffer>} pixels @param {number} id */
  findNearest(pixels, id) {
    this.#client.nearest(pixels, id);
  }

  /** Asks what the networks of a configuration look like. @param {Config} config */
  sketch(config) {
    if (this.device) this.#client.outline(config);
  }

  #next() {
    if (!this.info || !this.alive) return;
    const free = this.#goal === Infinity;
    // A GPU gets its next steps before the numbers of the last have been read back, so that neither waits for the other. Towards a
    // goal it does not: the second request would not know how far the first came.
    const most = free && this.device?.kind === "webgpu" && this.step > 0 ? 2 : 1;
    while (this.step < this.#goal && this.#inFlight < most) {
      const samples = free && (this.onPoints || performance.now() - this.#lastSamples >= SAMPLES_EVERY_MS);
      if (samples) this.#lastSamples = performance.now();
      this.#inFlight += 1;
      // The first request is one step, so that the first picture comes at once.
      const steps = this.step === 0 ? 1 : this.#goal - this.step;
      if (this.onPoints) this.#client.train("both", samples, Math.min(steps, this.ground.stepsPerFrame), POINTS_BUDGET_MS);
      else this.#client.train("both", samples, steps);
    }
  }

  /** @param {Event} event */
  #receive(event) {
    switch (event.type) {
      case "ready": return this.#ready(event);
      case "progress":
      case "data":
      case "data-failed":
        this.data.receive(event);
        if (event.type === "data" && event.set === this.running?.data) this.#imagesCame();
        return;
      case "created":
      case "updated":
        this.info = event.info;
        this.#changed("run");
        return this.#next();
      case "preparing":
        this.preparing = event.done ? null : event;
        return this.#changed("status");
      case "trained": return this.#trained(event);
      case "samples":
        this.samples = event;
        this.#lastSamples = performance.now();
        return this.#changed("samples");
      case "nearest":
        this.nearest = event;
        return this.#changed("nearest");
      case "scene":
      case "walk":
      case "mapped":
      case "dirac": return this.ground.receive(event);
      case "low":
        this.quality.diagnosis = event.diagnosis;
        return this.ground.receive(event);
      case "outline":
        this.outline = event;
        return this.#changed("outline");
      case "measuring":
      case "measured":
      case "measure-failed": return this.quality.receive(event);
      case "refused":
        this.#inFlight = 0;
        this.notices.show({ kind: "refused", text: event.message });
        return this.#changed("refused");
      case "crashed":
        this.#client.stop();
        this.#inFlight = 0;
        this.lost = event.message;
        this.data.stop();
        return this.#changed("lost");
    }
  }

  /** @param {Event & {type: "ready"}} event */
  #ready({ catalog, device }) {
    this.catalog = catalog;
    this.device = device;
    this.#client.measure(this.quality.every);
    this.show(this.shown);
    this.ground.begin();
    if (this.running) this.#client.create(this.running, this.#drawn);
    this.#changed("ready");
  }

  /** More images of the run's data set. */
  #imagesCame() {
    if (!this.samples?.genuine) this.#client.look();
    if (this.waiting) this.#next();
  }

  /** @param {Event & {type: "trained"}} event */
  #trained({ step, ms, report, waiting, memory, growth }) {
    this.#inFlight -= 1;
    const { metrics, divergence } = report;
    metrics.step.forEach((at, i) => {
      const entropy = metrics.entropy[i];
      // What D knows of the code: H(c) less what is left open (Chen et al. 2016).
      const information = entropy === null ? null : Math.LN10 - entropy;
      this.series.push(at, [metrics.dLoss[i], metrics.gLoss[i], metrics.dReal[i], metrics.dFake[i], information]);
    });
    this.step = step;
    this.memory = memory;
    this.growth = growth;
    this.elapsedMs += ms;
    this.waiting = waiting;
    this.divergence = divergence;
    this.#speed.note(step, performance.now());
    this.#changed("curves");
    if (divergence) return this.#changed("diverged");
    // While images are awaited, asking again would only spin: the next "data" event asks.
    if (waiting) setTimeout(() => this.#next(), 300);
    // In step with what is drawn, where so many steps a frame are asked for.
    else if (this.onPoints && this.ground.stepsPerFrame < Infinity) requestAnimationFrame(() => this.#next());
    else this.#next();
  }
}
