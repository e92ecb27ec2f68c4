// The page's model of what goes on: the settings, the run, its curves, and the loop that asks the worker for more steps.
// Knows the client and the state, and no view: whoever renders is told what changed.

import { Client } from "./client.js";
import { DataSets } from "./data-sets.js";
import { addressNotice, crashedNotice, divergedNotice, notStartedNotice } from "./failures.js";
import { Quality } from "./quality.js";
import { Series } from "./series.js";
import { Speed } from "./speed.js";
import { fromHash, presetOf, toHash, wishOf } from "./state.js";

/** @import { Catalog, Config, DeviceChoice, Event, Players, Preset, RunInfo, Samples, SetId, Wish } from "./protocol.js" */
/** @typedef {"ready" | "config" | "run" | "data" | "curves" | "samples" | "status" | "nearest" | import("./quality.js").QualityChange} Change */
/** @typedef {import("./errors.js").Notices} Notices */

/** Two pictures a second are as many as one can compare. */
const SAMPLES_EVERY_MS = 500;

export const CURVES = ["d_loss", "g_loss", "d_real", "d_fake"];

export class Experiment {
  #client = new Client((event) => this.#receive(event));
  #notices;
  #changed;
  #lastSamples = 0;
  #inFlight = 0;
  #speed = new Speed();

  /** @type {Catalog | null} */
  catalog = null;
  /** @type {DeviceChoice | null} */
  device = null;
  /** @type {Wish} */
  wish = "auto";
  /** What the form shows. @type {Config} */
  config = {};
  /** What the run uses. @type {Config | null} */
  running = null;
  /** @type {RunInfo | null} */
  info = null;
  series = new Series(CURVES);
  /** @type {(Event & {type: "samples"}) | null} */
  samples = null;
  /** @type {DataSets} */
  data;
  /** Whether the pictures are the averaged generator's. */
  averaged = false;
  /** Whether the classifier marks them. */
  marks = false;
  playing = false;
  step = 0;
  elapsedMs = 0;
  /** Bytes of WebAssembly memory in the worker. */
  memory = 0;
  /** Set while the run waits for images. @type {string | null} */
  waiting = null;
  /** A loss is no longer a number: only a new run helps. */
  broken = false;
  /** How far the GPU has got with compiling its programs, while it does. @type {{compiled: number, asked: number} | null} */
  preparing = null;

  /** @type {Quality} */
  quality;
  /** The training image that was asked for last. @type {(Event & {type: "nearest"}) | null} */
  nearest = null;

  /** @param {Notices} notices @param {(change: Change) => void} changed */
  constructor(notices, changed) {
    this.#notices = notices;
    this.#changed = changed;
    this.data = new DataSets(this.#client, notices, changed);
    this.quality = new Quality(this.#client, notices, changed);
  }

  /** Steps a second over the last seconds of training. */
  get speed() {
    return this.#speed.value;
  }

  /** @returns {Preset | undefined} */
  get preset() {
    return this.catalog ? presetOf(this.config, this.catalog) : undefined;
  }

  /** Starts a worker on the wished device; a run that goes on is lost, its settings are not. @param {Wish} wish */
  start(wish) {
    this.wish = wish;
    this.device = null;
    this.data.forget();
    this.#forgetRun();
    this.#inFlight = 0;
    this.playing = false;
    this.#client.start(wish);
    this.#changed("status");
  }

  /** Settings and device from the address, at the start and when the address is edited. @param {Location} location */
  readAddress(location) {
    if (!this.catalog) return;
    const { config, dropped } = fromHash(location.hash, this.catalog);
    const all = [...wishOf(location).dropped, ...dropped];
    if (all.length > 0) this.#notices.show(addressNotice(all));
    this.config = config;
    this.#changed("config");
  }

  get hash() {
    return this.catalog ? toHash(this.config, this.wish, this.catalog) : "";
  }

  /** A setting was edited: the run takes it at its next step, or it waits for a new run. @param {Config} config */
  edit(config) {
    this.config = config;
    const { running, catalog } = this;
    if (running && catalog) {
      const live = catalog.fields.filter((f) => f.live && running[f.key] !== config[f.key]);
      if (live.length > 0) {
        this.running = { ...running, ...Object.fromEntries(live.map((f) => [f.key, config[f.key]])) };
        this.#client.update(this.running);
      }
    }
    this.#changed("config");
  }

  /** Settings that somebody was advised to change. @param {Config} changes @param {boolean} restart whether they take a new run */
  apply(changes, restart) {
    this.edit({ ...this.config, ...changes });
    if (restart) this.restart();
  }

  /** @param {SetId} set */
  pickData(set) {
    this.edit({ ...this.config, data: set });
    this.data.load(set);
  }

  /** @param {string} id */
  usePreset(id) {
    const preset = this.catalog?.presets.find((p) => p.id === id);
    if (!preset) return;
    this.config = { ...preset.config, seed: this.config.seed };
    this.restart();
  }

  newSeed() {
    this.config = { ...this.config, seed: crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000 };
    this.restart();
  }

  /** A new run with what the form shows; goes on playing if it was. */
  restart() {
    this.#forgetRun();
    this.running = { ...this.config };
    this.#notices.clear("diverged");
    this.#client.create(this.running);
    this.data.load(/** @type {SetId} */ (this.config.data));
    this.#changed("config");
    this.#changed("run");
    this.#next();
  }

  #forgetRun() {
    this.running = null;
    this.info = null;
    this.series.clear();
    this.samples = null;
    this.step = this.elapsedMs = this.#lastSamples = 0;
    this.#speed.forget();
    this.#inFlight = 0;
    this.waiting = null;
    this.broken = false;
    this.preparing = null;
    this.quality.forget();
  }

  play() {
    if (this.broken) return;
    this.playing = true;
    this.#speed.forget();
    this.#changed("status");
    this.#next();
  }

  pause() {
    this.playing = false;
    this.#changed("status");
  }

  /** One step. @param {Players} players */
  stepOnce(players) {
    if (this.#inFlight > 0 || this.broken) return;
    this.pause();
    this.#inFlight = 1;
    this.#client.train(players, true, 1);
  }

  /** @param {boolean} averaged @param {boolean} marks */
  show(averaged, marks) {
    [this.averaged, this.marks] = [averaged, marks];
    this.#client.show(averaged, marks);
  }

  /** Asks for the training image most like some pixels. @param {Uint8Array<ArrayBuffer>} pixels @param {number} id */
  findNearest(pixels, id) {
    this.#client.nearest(pixels, id);
  }

  #next() {
    if (!this.playing || !this.running || this.broken) return;
    // A GPU gets its next steps before the numbers of the last have been read back, so that neither waits for the other.
    const most = this.device?.kind === "webgpu" && this.step > 0 ? 2 : 1;
    while (this.#inFlight < most) {
      const samples = performance.now() - this.#lastSamples >= SAMPLES_EVERY_MS;
      if (samples) this.#lastSamples = performance.now();
      this.#inFlight += 1;
      // The first request is one step, so that the first picture comes at once.
      this.#client.train("both", samples, this.step === 0 ? 1 : undefined);
    }
  }

  /** @param {Event} event */
  #receive(event) {
    switch (event.type) {
      case "ready":
        this.catalog = event.catalog;
        this.device = event.device;
        this.#client.measure(this.quality.every);
        this.#client.show(this.averaged, this.marks);
        this.#changed("ready");
        break;
      case "progress":
      case "data":
      case "data-failed":
        this.data.receive(event);
        if (event.type === "data" && event.set === this.running?.data) this.#imagesCame();
        break;
      case "created":
      case "updated":
        this.info = event.info;
        this.#changed("run");
        break;
      case "preparing":
        this.preparing = event.done ? null : event;
        this.#changed("status");
        break;
      case "trained":
        this.#trained(event);
        break;
      case "samples":
        this.samples = event;
        this.#lastSamples = performance.now();
        this.#changed("samples");
        break;
      case "nearest":
        this.nearest = event;
        this.#changed("nearest");
        break;
      case "measuring":
      case "measured":
      case "measure-failed":
        this.quality.receive(event);
        break;
      case "refused":
        this.#inFlight = 0;
        this.pause();
        this.#notices.show({ kind: "refused", text: event.message });
        break;
      case "crashed":
        this.#crashed(event.message);
        break;
    }
  }

  /** More images of the run's data set. */
  #imagesCame() {
    if (!this.samples?.genuine) this.#client.look();
    if (this.waiting) this.#next();
  }

  /** @param {Event & {type: "trained"}} event */
  #trained({ step, ms, report, waiting, memory }) {
    this.#inFlight -= 1;
    const { metrics, divergence } = report;
    metrics.step.forEach((at, i) => {
      this.series.push(at, [metrics.dLoss[i], metrics.gLoss[i], metrics.dReal[i], metrics.dFake[i]]);
    });
    this.step = step;
    this.memory = memory;
    this.elapsedMs += ms;
    this.waiting = waiting;
    this.#speed.note(step, performance.now());
    this.#changed("curves");
    if (divergence) this.#diverged(divergence);
    // While images are awaited, asking again would only spin: the next "data" event asks.
    else if (!waiting) this.#next();
    else if (this.playing) setTimeout(() => this.#next(), 300);
  }

  /** @param {import("./protocol.js").Divergence} divergence */
  #diverged(divergence) {
    this.broken = true;
    this.pause();
    const key = divergence.cause === "generator" ? "g_lr" : "d_lr";
    const lower = Number(this.config[key]) / 10;
    this.#notices.show(divergedNotice(divergence, lower, () => this.apply({ [key]: lower }, true)));
  }

  /** @param {string} message */
  #crashed(message) {
    this.pause();
    this.#client.stop();
    this.#inFlight = 0;
    const start = (/** @type {Wish} */ wish) => this.start(wish);
    const gpu = this.device?.kind === "webgpu" || this.wish === "webgpu";
    this.#notices.show(this.device ? crashedNotice(message, this.wish, gpu, start) : notStartedNotice(message, this.wish, start));
  }
}
