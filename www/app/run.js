// One run: its worker, its configuration and results, and the loop that requests steps. It knows neither the form nor
// the address, so that a second run can exist beside it: its owner is notified of changes and decides what follows.
//
// It shows only what the core has confirmed: a requested run has no configuration until it is created, and if it is
// refused, the previous run is restored.

import { Client } from "./client.js";
import { DataSets } from "./data-sets.js";
import { RunNotices } from "./errors.js";
import { DensityRun } from "./density-run.js";
import { Quality } from "./quality.js";
import { RunRecord, pushMetrics } from "./run-record.js";
import { SlowStart } from "./slow-start.js";
import { Speed } from "./speed.js";
import { StepLoop } from "./step-loop.js";

/** @import { Catalog, Config, Event, Networks, Shown } from "../protocol.js" */
/** @import { DensityChange } from "./density-run.js" */
/** @import { QualityChange } from "./quality.js" */
/**
 * @typedef {"ready" | "run" | "created" | "data" | "curves" | "frame" | "status" | "nearest" | "outline" | "diverged"
 *   | "refused" | "lost" | "gpu-late" | QualityChange | DensityChange} RunChange
 */
/** @typedef {import("./errors.js").Notices} Notices */
/** @import { Order, Stashed } from "./run-record.js" */

/** Time in milliseconds for the first step on an automatically chosen GPU. After that the run moves to the CPU. */
const FIRST_STEP_MS = 5000;

export class Run extends RunRecord {
  #client = new Client((event) => this.#receive(event));
  #changed;
  #loop;
  #speed = new Speed();
  /**
   * The requested run until it is created, and the previous run, which is restored if the request is refused.
   * @type {{order: Order, before: Stashed | null, keep: boolean} | null}
   */
  #asked = null;
  /** Whether a kept run is being resumed. */
  #resuming = false;
  /** Changes of settings without an answer yet, by command number. @type {Map<number, Config>} */
  #updates = new Map();
  #firstStep = 0;
  /** Whether a run has been created before. */
  #made = false;

  /** @type {Catalog | null} */
  catalog = null;
  /**
   * The networks that were requested last; they need not be those of the run.
   * @type {(Event & {type: "outline"}) | null}
   */
  outline = null;
  /** The nearest training image of the last request. @type {(Event & {type: "nearest"}) | null} */
  nearest = null;
  /** Size of the worker's WebAssembly memory in bytes. */
  memory = 0;
  /** The reason why there is no worker any more. @type {(Event & {type: "crashed"}) | null} */
  lost = null;
  /** The settings of the last change that the core refused. @type {Config} */
  refusedChanges = {};
  /** The setting that the core refused last, and why; null once it has accepted another. @type {{key: string, why: string} | null} */
  refused = null;
  /** The slow start of the demo on a first visit. */
  slowStart = new SlowStart();
  /** The previous run, which can be resumed. @type {Stashed | null} */
  kept = null;
  /** @type {Shown} */
  shown = { averaged: false, marks: false, view: { type: "classes" } };

  /** @param {Notices} notices @param {(change: RunChange, run: Run) => void} changed */
  constructor(notices, changed) {
    super();
    this.#changed = (/** @type {RunChange} */ change) => changed(change, this);
    this.#loop = new StepLoop(this.#client, this);
    this.notices = new RunNotices(notices);
    this.data = new DataSets(this.#client, this.notices, this.#changed);
    this.quality = new Quality(this.#client, this.notices, this.#changed);
    this.density = new DensityRun(this.#client, this.#changed);
  }

  /** Steps per second over the last seconds of training. */
  get speed() {
    return this.#speed.value;
  }

  /** Whether the run can train now or once it is created: nothing has failed. */
  get alive() {
    return this.divergence === null && this.lost === null && this.refusal === null;
  }

  /** Whether the run exists, or replaces one that did. */
  get present() {
    return this.info !== null || (this.#made && this.#asked !== null);
  }

  /** Whether the run exists or is requested. */
  get wanted() {
    return this.info !== null || this.#asked !== null;
  }

  /** Whether the run exists in its worker and can train. */
  get ready() {
    return this.info !== null && !this.#resuming && this.alive;
  }

  /** Whether a requested step has not come back yet, of a run that does not train on. */
  get stepping() {
    return this.#loop.halted && !this.#loop.idle;
  }

  /** Whether the run exists in its worker and has reached its goal. */
  get arrived() {
    return this.info !== null && !this.#resuming && this.#loop.idle;
  }

  /** Starts a worker; the present run is lost. */
  start() {
    this.catalog = this.lost = this.#asked = this.kept = null;
    this.notices.clearAll();
    this.data.forget();
    this.forget();
    this.#client.start();
    this.#changed("status");
  }

  /** Terminates the worker, which frees its memory. */
  stop() {
    this.#client.stop();
    this.#asked = this.kept = null;
    this.forget();
    this.notices.clearAll();
  }

  /**
   * Creates a run at step 0, as soon as the worker is ready. The previous run can be resumed.
   * @param {Order} order @param {boolean} [keep]
   */
  create(order, keep = true) {
    if (this.lost) this.start();
    // If several runs are requested before one is created, `before` stays the last run that existed.
    const before = this.#asked ? this.#asked.before : this.#stash();
    // The worker is still compiling programs of the old run: replace it instead of waiting.
    const stuck = this.preparing !== null && this.catalog !== null;
    this.forget();
    this.notices.clearAll();
    this.#asked = { order, before, keep };
    this.#client.begin();
    if (stuck) this.#replaceWorker();
    else if (this.catalog) this.#order();
    this.#changed("run");
  }

  #order() {
    if (!this.#asked) return;
    this.#client.create({ ...this.#asked.order, keep: this.#replaced !== null }, () => this.#replaceWorker());
  }

  /** The run that the requested one replaces, if it can be resumed. */
  get #replaced() {
    const { before = null, keep = false } = this.#asked ?? {};
    return keep && before && before.of.step > 0 ? before : null;
  }

  /** The run that can be resumed: the one that is being replaced, or the previous one. */
  get previous() {
    return this.#replaced ?? this.kept;
  }

  /** Replaces a worker that is busy with an abandoned run. The runs that it has kept are lost. */
  #replaceWorker() {
    if (this.#asked) this.#asked.before = null;
    this.kept = this.catalog = null;
    this.data.forget();
    this.#client.start();
    this.#changed("status");
  }

  /**
   * Resumes the previous run; the present one can then be resumed in turn. A run that is requested and not created yet
   * is abandoned.
   */
  back() {
    const { previous } = this;
    if (!previous) return;
    if (previous === this.kept) this.kept = this.#asked ? null : this.#stash();
    this.#asked = null;
    this.notices.clearAll();
    this.#restore(previous);
    this.#resuming = true;
    this.#client.resume(previous.id, () => {
      const { running, drawn, choice } = this;
      this.#resuming = false;
      if (running)
        this.create({ config: running, drawn, ...(choice ?? { device: "auto", avoid: null, origin: null }) }, false);
      this.#replaceWorker();
    });
    this.#changed("run");
  }

  /** Changes settings during the run. They are in effect once the core has answered. @param {Config} changes */
  update(changes) {
    if (this.running) this.#updates.set(this.#client.update(changes), changes);
  }

  forget() {
    clearTimeout(this.#firstStep);
    this.clear();
    this.#loop.forget();
    this.#updates.clear();
    this.#resuming = false;
    this.#speed.forget();
  }

  /** The page's data of the run, if it exists. @returns {Stashed | null} */
  #stash() {
    return this.info ? this.stash(this.#client.run) : null;
  }

  /** @param {Stashed} stashed */
  #restore(stashed) {
    this.forget();
    this.restore(stashed);
  }

  /**
   * Trains up to a step, or without end and with frames at intervals.
   * @param {number} goal @param {number} [budgetMs] time for the steps of one request
   */
  trainTo(goal, budgetMs) {
    if (goal === Infinity) this.#speed.forget();
    this.#loop.trainTo(goal, budgetMs);
  }

  /** Stops requesting steps. Steps already requested are still trained. */
  halt() {
    this.#loop.halt();
  }

  /** Trains one step. @param {Networks} networks */
  stepOnce(networks) {
    this.#loop.trainOnly(networks, 1);
  }

  /** Trains up to `steps` steps, as many as fit into one request. @param {Networks} networks @param {number} steps */
  trainOnly(networks, steps) {
    this.#loop.trainOnly(networks, steps);
  }

  /** Requests a frame of the present step. */
  requestFrame() {
    this.#client.requestFrame();
  }

  /** @param {Shown} shown */
  show(shown) {
    this.shown = shown;
    this.#client.show(shown);
  }

  /** Requests the training image nearest to an image. @param {Uint8Array<ArrayBuffer>} pixels @param {number} id */
  findNearest(pixels, id) {
    this.#client.nearest(pixels, id);
  }

  /** Requests the layers of a configuration's networks. @param {Config} config */
  sketch(config) {
    if (this.catalog) this.#client.outline(config);
  }

  /** @param {Event} event */
  #receive(event) {
    switch (event.type) {
      case "ready":
        return this.#ready(event);
      case "progress":
      case "data":
      case "data-failed":
        this.data.receive(event);
        if (event.type === "data" && event.set === this.running?.data) this.#imagesCame();
        return;
      case "created":
        return this.#created(event);
      case "resumed":
        this.#resuming = false;
        this.step = event.step;
        this.#changed("created");
        return this.#loop.next();
      case "updated":
        return this.#updated(event);
      case "preparing":
        if (event.done) clearTimeout(this.#firstStep);
        this.preparing = event.done ? null : event;
        return this.#changed("status");
      case "trained":
        return event.run === this.#client.run ? this.#trained(event) : this.#trainedBefore(event);
      case "frame":
        if (event.frame.type === "density") this.density.snapshot = event.frame;
        else this.samples = { ...event.frame, marks: event.marks };
        this.#loop.seen();
        return this.#changed("frame");
      case "nearest":
        this.nearest = event;
        return this.#changed("nearest");
      case "walk":
      case "mapped":
      case "dirac":
        return this.density.receive(event);
      case "outline":
        this.outline = event;
        return this.#changed("outline");
      case "evaluation":
        if (event.evaluation.type === "density") this.density.evaluations.push(event.evaluation);
        return this.quality.receive(event);
      case "measuring":
      case "measure-failed":
        return this.quality.receive(event);
      case "refused":
        return this.#refused(event);
      case "crashed":
        this.#client.stop();
        clearTimeout(this.#firstStep);
        this.#loop.forget();
        this.#asked = this.kept = this.preparing = null;
        this.#resuming = false;
        this.lost = event;
        this.data.stop();
        return this.#changed("lost");
    }
  }

  /** @param {Event & {type: "ready"}} event */
  #ready({ catalog }) {
    this.catalog = catalog;
    this.#client.measure(this.quality.every);
    this.show(this.shown);
    this.density.begin();
    this.#order();
    this.#changed("ready");
  }

  /** @param {Event & {type: "created"}} event */
  #created({ config, device, info }) {
    const { order = null, before = null } = this.#asked ?? {};
    this.#made = true;
    if (this.#replaced) this.kept = this.#replaced;
    this.#asked = null;
    // Data sets are in the memory of the device's WebAssembly module, so another device starts without them.
    if (before?.of.device?.kind !== device.kind) this.data.forget();
    [this.running, this.device, this.info, this.drawn] = [config, device, info, order?.drawn ?? null];
    this.choice = order && { device: order.device, avoid: order.avoid, origin: order.origin };
    this.refused = null;
    if (device.kind === "webgpu" && order?.device === "auto")
      this.#firstStep = Number(setTimeout(() => this.#changed("gpu-late"), FIRST_STEP_MS));
    this.#changed("created");
    this.#changed("run");
    this.#loop.next();
  }

  /** @param {Event & {type: "updated"}} event */
  #updated({ answers, config, info }) {
    this.#updates.delete(answers);
    this.refused = null;
    [this.running, this.info] = [config, info];
    this.notices.clear("refused");
    this.#changed("run");
    this.#loop.next();
  }

  /** @param {Event & {type: "refused"}} event */
  #refused({ answers, key, message }) {
    this.refused = key === null ? null : { key, why: message };
    this.refusedChanges = this.#updates.get(answers ?? 0) ?? {};
    this.#updates.delete(answers ?? 0);
    this.#loop.answered(answers ?? 0);
    if (this.#asked) {
      const { before } = this.#asked;
      this.#asked = null;
      if (before) {
        this.#client.returnTo(before.id);
        this.#restore(before);
        this.#changed("run");
      } else this.refusal = message;
    }
    this.notices.show({ kind: "refused", text: message });
    this.#changed("refused");
  }

  /** More images of the run's data set have arrived. */
  #imagesCame() {
    if (!this.samples?.real) this.#client.requestFrame();
    if (this.waiting) this.#loop.next();
  }

  /** @param {Event & {type: "trained"}} event */
  #trained({ answers, step, ms, report, waiting, memory, growth }) {
    clearTimeout(this.#firstStep);
    this.#loop.answered(answers);
    const { metrics, divergence } = report;
    pushMetrics(this.series, metrics, this.info);
    this.step = step;
    this.memory = memory;
    this.growth = growth;
    this.elapsedMs += ms;
    this.waiting = waiting;
    this.divergence = divergence;
    this.#speed.note(step, performance.now());
    this.#changed("curves");
    if (divergence) return this.#changed("diverged");
    this.#loop.scheduleNext();
    // The last frame is of the step at which the run stops.
    if (this.#loop.halted && this.#loop.idle && (this.shownStep ?? step) !== step) this.requestFrame();
  }

  /** Steps of a run that had been replaced when they came: they are its own when it is resumed. @param {Event & {type: "trained"}} event */
  #trainedBefore({ run, step, ms, report, growth }) {
    const stashed = [this.#asked?.before, this.kept].find((s) => s?.id === run);
    if (!stashed) return;
    pushMetrics(stashed.series, report.metrics, stashed.of.info);
    const { elapsedMs } = stashed.of;
    Object.assign(stashed.of, { step, growth, elapsedMs: elapsedMs + ms, divergence: report.divergence });
    this.#changed("status");
  }
}
