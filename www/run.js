// One run: its worker, what it uses, what came of it, and the loop that asks for more steps. Knows no settings' form
// and no address, so that a second run can exist beside the first: whoever owns it hears what changed and decides what
// follows.
//
// What it shows is what the core has answered: a run that was asked for has no configuration until it is there, and a
// refused one leaves the run before as it was.

import { Client } from "./client.js";
import { DataSets } from "./data-sets.js";
import { RunNotices } from "./errors.js";
import { DensityRun } from "./density-run.js";
import { Quality } from "./quality.js";
import { Series } from "./series.js";
import { SlowStart } from "./slow-start.js";
import { Speed } from "./speed.js";
import { StepLoop } from "./step-loop.js";

/** @import { Catalog, Config, DeviceChoice, Divergence, Event, Networks, RunInfo, Shown, DevicePreference } from "./protocol.js" */
/** @import { DensityChange } from "./density-run.js" */
/** @import { QualityChange } from "./quality.js" */
/** @typedef {"ready" | "run" | "created" | "data" | "curves" | "samples" | "status" | "nearest" | "outline" | "diverged" | "refused" | "lost" | "gpu-late" |
 *   QualityChange | DensityChange} RunChange */
/** @typedef {import("./errors.js").Notices} Notices */
/** What was asked of the worker: a run's configuration, what a visitor drew, and where it is to run. @typedef {{config: Config,
 *   drawn: Float32Array | null, device: DevicePreference, avoid: string | null}} Order */
/** A run that stands aside for another, as the page knows it. @typedef {{id: number, of: Pick<Run, typeof OF_A_RUN[number]>, series: Series,
 *   quality: ReturnType<Quality["stash"]>, density: ReturnType<DensityRun["stash"]>}} Stashed */

/** A GPU that was chosen unasked and has not made its first step by then gives way to the CPU. */
const FIRST_STEP_MS = 5000;

export const CURVES = ["d_loss", "g_loss", "d_real", "d_fake", "information"];

/** What belongs to one run, and goes when another begins. */
const OF_A_RUN = /** @type {const} */ ([
  "running",
  "drawn",
  "device",
  "info",
  "samples",
  "growth",
  "step",
  "elapsedMs",
  "waiting",
  "divergence",
]);

export class Run {
  #client = new Client((event) => this.#receive(event));
  #changed;
  #loop;
  #speed = new Speed();
  /** The run that was asked for and is not there yet, and the one to go back to if it is refused. @type {{order: Order, before: Stashed | null, keep: boolean} | null} */
  #asked = null;
  /** Whether the run comes back from having stood aside. */
  #resuming = false;
  /** Changes of settings on their way, by the command that carries them. @type {Map<number, Config>} */
  #updates = new Map();
  #firstStep = 0;
  /** There has been a run. */
  #made = false;

  /** @type {Catalog | null} */
  catalog = null;
  /** Where the run is; null until it is there. @type {DeviceChoice | null} */
  device = null;
  /** What the run uses, as the core has answered. @type {Config | null} */
  running = null;
  /** What a visitor drew for it. @type {Float32Array | null} */
  drawn = null;
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
  /** Why there is no worker any more. @type {(Event & {type: "crashed"}) | null} */
  lost = null;
  /** Why there is no run: the core refused what was asked for, and there was none before. @type {string | null} */
  refusal = null;
  /** Settings of the last change that the core refused. @type {Config} */
  refusedChanges = {};
  /** How far the GPU has got with compiling its programs, while it does. @type {{compiled: number, asked: number} | null} */
  preparing = null;
  /** The pace of the demo on a first visit. */
  slowStart = new SlowStart();
  /** The run before, which can be gone back to. @type {Stashed | null} */
  kept = null;
  /** @type {Shown} */
  shown = { averaged: false, marks: false, view: { type: "classes" } };

  /** @param {Notices} notices @param {(change: RunChange, run: Run) => void} changed */
  constructor(notices, changed) {
    this.#changed = (/** @type {RunChange} */ change) => changed(change, this);
    this.#loop = new StepLoop(this.#client, this);
    this.notices = new RunNotices(notices);
    this.data = new DataSets(this.#client, this.notices, this.#changed);
    this.quality = new Quality(this.#client, this.notices, this.#changed);
    this.density = new DensityRun(this.#client, this.#changed);
  }

  /** Steps a second over the last seconds of training. */
  get speed() {
    return this.#speed.value;
  }

  /** Nothing stands in its way: it can train, or will as soon as it is there. */
  get alive() {
    return this.divergence === null && this.lost === null && this.refusal === null;
  }

  /** A loss is no longer a number. */
  get broken() {
    return this.divergence !== null;
  }

  /** It is there, or takes the place of one that was. */
  get present() {
    return this.info !== null || (this.#made && this.#asked !== null);
  }

  /** It is there, or on its way. */
  get wanted() {
    return this.info !== null || this.#asked !== null;
  }

  /** Its samples are points, not images. */
  get onPoints() {
    return this.info !== null && this.info.space !== "images";
  }

  /** It exists in its worker, and nothing stands in its way. */
  get ready() {
    return this.info !== null && !this.#resuming && this.alive;
  }

  /** It exists in its worker and has nothing left to do. */
  get arrived() {
    return this.info !== null && !this.#resuming && this.#loop.idle;
  }

  /** Starts a worker; a run that goes on is lost. */
  start() {
    this.catalog = this.lost = this.#asked = this.kept = null;
    this.notices.clearAll();
    this.data.forget();
    this.forget();
    this.#client.start();
    this.#changed("status");
  }

  /** Ends the worker: its memory goes with it. */
  stop() {
    this.#client.stop();
    this.#asked = this.kept = null;
    this.forget();
    this.notices.clearAll();
  }

  /** Begins at step 0, as soon as the worker is ready. What there is of the run before can be gone back to. @param {Order} order @param {boolean} [keep] */
  create(order, keep = true) {
    if (this.lost) this.start();
    // Of several that are asked for at once, the one that was there stands before them all.
    const before = this.#asked ? this.#asked.before : this.#stash();
    // Its programs are still being compiled, which would have to be waited for.
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
    const { order, before, keep } = this.#asked;
    this.#client.create({ ...order, keep: keep && before !== null && before.of.step > 0 }, () => this.#replaceWorker());
  }

  /** Its worker is busy with what nobody waits for any more. Runs that it has kept go with it. */
  #replaceWorker() {
    if (this.#asked) this.#asked.before = null;
    this.kept = this.catalog = null;
    this.data.forget();
    this.#client.start();
    this.#changed("status");
  }

  /** The run before takes the place of the present one, which can be gone back to in turn. */
  back() {
    const { kept } = this;
    if (!kept || this.#asked) return;
    this.kept = this.#stash();
    this.#restore(kept);
    this.#resuming = true;
    this.#client.resume(kept.id, () => {
      const { running, drawn } = this;
      this.#resuming = false;
      if (running) this.create({ config: running, drawn, device: "auto", avoid: null }, false);
      this.#replaceWorker();
    });
    this.#changed("run");
  }

  /** Settings that may change while the run goes on; it has them once the core has answered. @param {Config} changes */
  update(changes) {
    if (this.running) this.#updates.set(this.#client.update(changes), changes);
  }

  forget() {
    clearTimeout(this.#firstStep);
    this.running = this.drawn = this.device = this.info = this.samples = this.growth = this.refusal = null;
    this.density.forget();
    this.series = new Series(CURVES);
    this.step = this.elapsedMs = 0;
    this.#loop.forget();
    this.#updates.clear();
    this.#resuming = false;
    this.#speed.forget();
    this.waiting = this.divergence = this.preparing = null;
    this.quality.forget();
  }

  /** What the page knows of the run, if it is there. @returns {Stashed | null} */
  #stash() {
    if (!this.info) return null;
    const of = /** @type {Stashed["of"]} */ (Object.fromEntries(OF_A_RUN.map((key) => [key, this[key]])));
    return {
      id: this.#client.run,
      of,
      series: this.series,
      quality: this.quality.stash(),
      density: this.density.stash(),
    };
  }

  /** @param {Stashed} stashed */
  #restore({ of, series, quality, density }) {
    this.forget();
    Object.assign(this, of);
    this.series = series;
    this.quality.restore(quality);
    this.density.restore(density);
  }

  /** Trains up to a step, or without end and with pictures now and then. @param {number} goal @param {number} [budgetMs] how long the steps of one request may take */
  trainTo(goal, budgetMs) {
    if (goal === Infinity) this.#speed.forget();
    this.#loop.trainTo(goal, budgetMs);
  }

  /** What was asked for still comes. */
  halt() {
    this.#loop.halt();
  }

  /** One step. @param {Networks} networks */
  stepOnce(networks) {
    this.#loop.trainOnly(networks, 1);
  }

  /** So many steps at most, as many as a request has room for. @param {Networks} networks @param {number} steps */
  trainOnly(networks, steps) {
    this.#loop.trainOnly(networks, steps);
  }

  /** Asks for pictures of the step it is at. */
  requestFrame() {
    this.#client.requestFrame();
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
        return this.#trained(event);
      case "samples":
        this.samples = event;
        this.#loop.seen();
        return this.#changed("samples");
      case "nearest":
        this.nearest = event;
        return this.#changed("nearest");
      case "snapshot":
      case "walk":
      case "mapped":
      case "dirac":
        return this.density.receive(event);
      case "density-evaluation":
        this.quality.diagnosis = event.diagnosis;
        return this.density.receive(event);
      case "outline":
        this.outline = event;
        return this.#changed("outline");
      case "measuring":
      case "measured":
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
    const { order, before, keep } = this.#asked ?? { order: null, before: null, keep: false };
    this.#asked = null;
    this.#made = true;
    if (keep && before && before.of.step > 0) this.kept = before;
    // Data sets lie in the memory of a device's module.
    if (before?.of.device?.kind !== device.kind) this.data.forget();
    [this.running, this.device, this.info, this.drawn] = [config, device, info, order?.drawn ?? null];
    if (device.kind === "webgpu" && order?.device === "auto")
      this.#firstStep = Number(setTimeout(() => this.#changed("gpu-late"), FIRST_STEP_MS));
    this.#changed("created");
    this.#changed("run");
    this.#loop.next();
  }

  /** @param {Event & {type: "updated"}} event */
  #updated({ answers, config, info }) {
    this.#updates.delete(answers);
    [this.running, this.info] = [config, info];
    this.notices.clear("refused");
    this.#changed("run");
    this.#loop.next();
  }

  /** @param {Event & {type: "refused"}} event */
  #refused({ answers, message }) {
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

  /** More images of the run's data set. */
  #imagesCame() {
    if (!this.samples?.real) this.#client.requestFrame();
    if (this.waiting) this.#loop.next();
  }

  /** @param {Event & {type: "trained"}} event */
  #trained({ answers, step, ms, report, waiting, memory, growth }) {
    clearTimeout(this.#firstStep);
    this.#loop.answered(answers);
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
    this.#loop.scheduleNext();
  }
}
