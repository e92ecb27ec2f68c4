// The page's model of what goes on: the settings, their address, and the run that they make, or the two runs that are
// compared. Knows no view: whoever renders is told what changed.

import { randomBelow } from "./browser.js";
import { asShared } from "./drawn.js";
import {
  addressNotice,
  deviceNotice,
  divergedNotice,
  lostNotice,
  lostOfTwoNotice,
  notStartedNotice,
  readAsNotice,
  undrawnNotice,
} from "./failures.js";
import { LockStep } from "./lock-step.js";
import { Run } from "./run.js";
import { cameByLink } from "./leave.js";
import { explainGpuCode, explainStart } from "./start-failure.js";
import { fromHash, onData, presetOf, toHash, deviceFromAddress } from "./state.js";

/** @import { Catalog, Config, MeasureEvery, Networks, Preset, DevicePreference } from "./protocol.js" */
/** @import { RunChange } from "./run.js" */
/** @typedef {RunChange | "config" | "comparison"} Change */
/** @typedef {import("./errors.js").Notices} Notices */
/** @typedef {import("./failures.js").Survivor} Survivor */

/** Kinds of notices that are about what stands in the address. */
const OF_AN_ADDRESS = ["address", "read-as", "undrawn"];

export class Experiment {
  #notices;
  #changed;
  /** Present while two runs are compared. @type {LockStep | null} */
  #lockStep = null;

  /** @type {Catalog | null} */
  catalog = null;
  /** @type {DevicePreference} */
  devicePreference = "auto";
  /** What the form shows; of two runs, B's settings. @type {Config} */
  config = {};
  /** A's settings, from the moment that something is to be compared with them. @type {Config | null} */
  base = null;
  /** The only run, or A. @type {Run} */
  run;
  /** B. @type {Run | null} */
  other = null;
  /** What a visitor drew, by its data set. @type {import("./drawn.js").Drawn} */
  drawn = {};
  /** Which of two runs is shown where there is room for one. @type {Run} */
  focus;
  playing = false;
  /** Playing began with the page, not with the visitor. */
  demo = false;
  /** Why the GPU is not to be tried again, until the visitor chooses a device: said after "because". @type {string | null} */
  #avoid = null;

  /** @param {Notices} notices @param {(change: Change, run: Run) => void} changed */
  constructor(notices, changed) {
    this.#notices = notices;
    this.#changed = changed;
    this.run = this.focus = this.#newRun();
  }

  #newRun() {
    return new Run(this.#notices, (change, run) => this.#onRunChange(change, run));
  }

  /** One run, or A and B. */
  get runs() {
    return this.other ? [this.run, this.other] : [this.run];
  }

  /** Somebody is choosing what B is to differ in. */
  get choosing() {
    return this.base !== null && this.other === null;
  }

  /** @returns {Preset | undefined} */
  get preset() {
    return this.catalog ? presetOf(this.config, this.catalog) : undefined;
  }

  /** Whether Play would lead anywhere. */
  get canTrain() {
    return this.runs.some((r) => r.alive && r.present);
  }

  /** The run before the present one, if it can be gone back to. */
  get before() {
    return this.other || this.base ? null : this.run.kept;
  }

  /** Starts the workers; runs that go on are lost, their settings are not. */
  start() {
    this.pause();
    for (const run of this.runs) run.start();
  }

  /** Another device is another run. @param {DevicePreference} devicePreference */
  useDevice(devicePreference) {
    this.devicePreference = devicePreference;
    this.#avoid = null;
    this.restart();
  }

  /** Settings and device from the address, at the start and when the address is edited. @param {Location} location */
  readAddress(location) {
    if (!this.catalog) return;
    this.#forgetAddress();
    const { config, other, dropped, notes, drawn, undrawn } = fromHash(location.hash, this.catalog, this.drawn);
    for (const [set, values] of Object.entries(drawn)) if (this.drawn[set] !== values) cameByLink(values);
    this.drawn = drawn;
    const device = deviceFromAddress(location);
    if (device.devicePreference !== this.devicePreference)
      [this.devicePreference, this.#avoid] = [device.devicePreference, null];
    const all = [...device.dropped, ...dropped];
    if (all.length > 0) this.#notices.show(addressNotice(all));
    if (notes.length > 0) this.#notices.show(readAsNotice(notes));
    if (undrawn) this.#notices.show(undrawnNotice(undrawn));
    if (!other) this.#close(this.run);
    [this.base, this.config] = other ? [config, other] : [null, config];
    if (other) this.#open();
    this.#changed("config", this.run);
  }

  /** What was said of an address that is another now. */
  #forgetAddress() {
    for (const kind of OF_AN_ADDRESS) this.#notices.clear(kind);
  }

  get hash() {
    if (!this.catalog) return "";
    const other = this.base && this.other ? this.config : undefined;
    return toHash(this.base ?? this.config, this.devicePreference, this.catalog, other, this.drawn);
  }

  /** A setting was edited: the run takes it at its next step, or it waits for a new run. @param {Config} config */
  edit(config) {
    this.faster();
    const changed = this.catalog?.fields.filter((f) => f.live && config[f.key] !== this.config[f.key]) ?? [];
    if (changed.length > 0 && !this.base)
      this.run.update(Object.fromEntries(changed.map((f) => [f.key, config[f.key]])));
    this.#set(config);
  }

  /** What the form shows; the run goes on with what it has. @param {Config} config */
  #set(config) {
    this.config = config;
    // Two runs have one seed.
    if (this.base) this.base = { ...this.base, seed: config.seed };
    this.#changed("config", this.run);
  }

  /** A whole configuration was picked: a new run, shown as such at once, unless somebody is choosing what to compare. @param {Config} config */
  #pick(config) {
    this.#forgetAddress();
    this.#set(config);
    if (!this.choosing) this.restart();
  }

  /** Settings that somebody was advised to change. @param {Config} changes @param {boolean} restart whether they take a new run @param {Run} [run] */
  apply(changes, restart, run = this.run) {
    if (this.base && run === this.run) {
      this.base = { ...this.base, ...changes };
      this.#changed("config", run);
    } else this.edit({ ...this.config, ...changes });
    if (restart) this.restart();
  }

  /** Another data set: images keep the settings, a density of another kind brings its own. @param {string} set */
  pickData(set) {
    if (!this.catalog) return;
    // What moved by itself for a first visitor makes room for what was picked, which waits for Play: images take a
    // download.
    if (this.demo && this.catalog.dataSets.some((d) => d.id === set)) this.pause();
    this.#pick(onData(this.config, set, this.catalog));
  }

  /** A run on what a visitor drew: points, or a density on the line. @param {"drawn" | "curve"} set @param {Float32Array} values */
  setDrawn(set, values) {
    this.drawn = { ...this.drawn, [set]: asShared(set, values) };
    this.#notices.clear("undrawn");
    this.pickData(set);
    // While B is being chosen, “Start both” trains.
    if (!this.choosing) this.play();
  }

  /** @param {string} id */
  usePreset(id) {
    const preset = this.catalog?.presets.find((p) => p.id === id);
    if (preset) this.#pick({ ...preset.config, seed: this.config.seed });
  }

  newSeed() {
    this.#set({ ...this.config, seed: randomBelow(1_000_000) });
    this.restart();
  }

  /** The run before the present one goes on; the present one can be gone back to in turn. */
  back() {
    if (!this.before) return;
    this.pause();
    this.run.back();
    const { running, drawn } = this.run;
    if (!running) return;
    if (drawn) this.drawn = { ...this.drawn, [running.data]: drawn };
    this.#set({ ...running });
  }

  /** A new run with what the form shows, or two; goes on playing if it was. @param {boolean} [keep] whether the run before can be gone back to */
  restart(keep = true) {
    // Only the demo starts slowly, not a run that somebody asked for.
    if (keep) this.run.slowStart.end();
    if (!this.catalog) {
      // Its worker is gone, or has not come yet: settings are kept, and begin with the next.
      if (this.runs.every((run) => run.lost)) this.start();
      return;
    }
    for (const run of this.runs) run.create(this.#orderOf(run), keep);
    this.#changed("config", this.run);
    if (this.playing) this.play(this.demo);
  }

  /** @param {Run} run @param {DevicePreference} [device] @returns {import("./run.js").Order} */
  #orderOf(run, device = this.devicePreference) {
    const config = { ...(run === this.run ? (this.base ?? this.config) : this.config) };
    return { config, drawn: this.drawn[config.data] ?? null, device, avoid: this.#avoid };
  }

  /** B takes the images that A has fetched from the browser's storage: together they would be asked for twice. @param {Run} run */
  #load(run) {
    const set = this.catalog?.dataSets.find((d) => d.id === run.running?.data)?.id;
    if (!run.device || !set) return;
    if (run === this.run || this.run.running?.data !== set || this.run.data.of(set).complete) run.data.load(set);
  }

  /** @param {boolean} [demo] the page plays, not the visitor */
  play(demo = false) {
    if (!this.runs.some((r) => r.alive && r.wanted)) return;
    this.playing = true;
    this.demo = demo;
    if (!demo) this.run.slowStart.end();
    if (this.#lockStep) this.#lockStep.play();
    else this.run.trainTo(Infinity);
    this.#changed("status", this.run);
  }

  /** The demo of a first visit: training starts by itself, and slowly. */
  playDemo() {
    this.run.slowStart.begin();
    this.play(true);
  }

  /** Whether training is in its slow start. */
  get slow() {
    return this.playing && this.other === null && this.run.slowStart.active(this.run.step);
  }

  /** Ends the slow start. */
  faster() {
    if (!this.slow) return;
    this.run.slowStart.end();
    this.play(this.demo);
  }

  pause() {
    this.playing = this.demo = false;
    if (this.#lockStep) this.#lockStep.pause();
    else this.run.halt();
    this.#changed("status", this.run);
  }

  /** One step. @param {Networks} networks */
  stepOnce(networks) {
    if (this.playing) this.pause();
    if (this.#lockStep) this.#lockStep.step(networks);
    else this.run.stepOnce(networks);
  }

  /** @param {import("./protocol.js").Shown} shown */
  show(shown) {
    for (const run of this.runs) run.show(shown);
  }

  /** How often to measure. @param {MeasureEvery} every */
  measure(every) {
    for (const run of this.runs) run.quality.setEvery(every);
  }

  /** The present run becomes A; the form is B's from here on. */
  compare() {
    if (this.base || !this.run.running) return;
    this.base = { ...this.run.running };
    this.#changed("comparison", this.run);
  }

  /** Both from step 0. */
  begin() {
    if (!this.choosing) return;
    this.#open();
    this.restart();
    this.play();
  }

  /** What was to be compared with A is kept in the form, for the next run. */
  cancel() {
    if (!this.choosing || !this.base) return;
    [this.config, this.base] = [this.base, null];
    this.#changed("comparison", this.run);
    this.#changed("config", this.run);
  }

  #open() {
    if (this.other) return;
    const other = this.#newRun();
    other.shown = this.run.shown;
    other.quality.every = this.run.quality.every;
    this.run.notices.setLetter("A");
    other.notices.setLetter("B");
    this.other = other;
    this.run.halt();
    this.#lockStep = new LockStep(this.runs);
    other.start();
    this.#changed("comparison", this.run);
  }

  /** Ends the comparison: one of the two goes on alone, the other's worker ends. @param {Run} kept */
  keep(kept) {
    if (!this.other) return;
    this.base = null;
    this.config = { ...(kept.running ?? this.config) };
    this.#close(kept);
    // What was said of it was said with its letter.
    if (kept.lost !== null) this.restart();
    else if (kept.broken) this.#diverged(kept);
    else if (this.playing) this.play();
  }

  /** @param {Run} kept */
  #close(kept) {
    this.base = null;
    for (const run of this.runs) if (run !== kept) run.stop();
    const before = this.other;
    this.run = this.focus = kept;
    this.other = this.#lockStep = null;
    kept.notices.setLetter("");
    if (!before) return;
    this.#changed("comparison", kept);
    this.#changed("config", kept);
  }

  /** @param {Run} run */
  focusOn(run) {
    this.focus = run;
    this.#changed("comparison", run);
  }

  /** @param {RunChange} change @param {Run} run */
  #onRunChange(change, run) {
    // A worker that was ended may have been heard of a last time.
    if (!this.runs.includes(run)) return;
    if (change === "ready") this.catalog = run.catalog;
    if (change === "created") this.#created(run);
    if (change === "data" && this.other && run === this.run) this.#load(this.other);
    if (change === "refused") this.#refused(run);
    if (change === "diverged") this.#diverged(run);
    if (change === "lost") this.#lost(run);
    if (change === "gpu-late") this.#leaveGpu("the GPU had not made its first step after 5 seconds");
    this.#changed(change, run);
    this.#lockStep?.arrived();
  }

  /** @param {Run} run */
  #created(run) {
    this.#load(run);
    if (run.device?.unloaded) void this.#gpuUnloaded(run, run.device);
    else if (run.device?.refused) run.notices.show(deviceNotice(run.device));
    this.#meetOnOneDevice();
  }

  /** The code for the GPU did not come: the run is on the CPU meanwhile. @param {Run} run @param {import("./protocol.js").DeviceChoice} device */
  async #gpuUnloaded(run, device) {
    // A module that could not be fetched once is not fetched again by the same worker.
    const again = () => {
      this.start();
      this.restart();
    };
    const notice = await explainGpuCode(device, again);
    if (run.device === device) run.notices.show(notice);
  }

  /** Two runs that are compared are where A is, which is not known before it is there. */
  #meetOnOneDevice() {
    const {
      run: { device: a },
      other,
    } = this;
    const b = other?.device;
    if (!other || !a || !b || a.kind === b.kind || b.refused) return;
    other.create(this.#orderOf(other, a.kind), false);
    if (this.playing) this.play(this.demo);
  }

  /** What was chosen unasked proved a bad choice: the same run on the CPU. @param {string} why said after "because" */
  #leaveGpu(why) {
    this.#avoid = why;
    this.restart(false);
  }

  /** What the core refused is taken back; the form keeps what waits for a new run. @param {Run} run */
  #refused(run) {
    const { running, refusedChanges } = run;
    const keys = Object.keys(refusedChanges).filter((key) => this.config[key] === refusedChanges[key]);
    if (running && keys.length > 0)
      this.#set({ ...this.config, ...Object.fromEntries(keys.map((key) => [key, running[key]])) });
    // The other of two can go on; a run that has just come back stands still.
    if (keys.length === 0 && !this.#survivor(run)) this.pause();
  }

  /** @param {Run} run */
  #diverged(run) {
    this.pause();
    const { divergence } = run;
    const config = this.base && run === this.run ? this.base : this.config;
    if (!divergence) return;
    const key = divergence.cause === "generator" ? "g_lr" : "d_lr";
    const lower = Number(config[key]) / 10;
    run.notices.show(
      divergedNotice(divergence, lower, () => this.apply({ [key]: lower }, true, run), this.#survivor(run)),
    );
  }

  /** The other of two, where it can go on alone. @param {Run} run */
  #survivor(run) {
    const survivor = this.runs.find((r) => r !== run && r.alive);
    return survivor && { letter: survivor === this.run ? "A" : "B", keep: () => this.keep(survivor) };
  }

  /** @param {Run} run */
  #lost(run) {
    const { lost } = run;
    if (!lost) return;
    const { playing } = this;
    // Nothing is lost with it, and nobody has asked for a GPU.
    if (lost.kind === "gpu-lost" && this.devicePreference === "auto" && run.step === 0 && !this.other)
      return this.#leaveGpu("the GPU was lost before its first step");
    this.pause();
    const again = () => this.#startAgain(this.devicePreference);
    const onCpu = () => this.#startAgain("cpu");
    const survivor = this.#survivor(run);
    const gpu = run.device?.kind === "webgpu" || this.devicePreference === "webgpu";
    if (lost.kind === "no-worker") return run.notices.show(notStartedNotice(lost.message, again));
    if (lost.kind === "not-started") return void this.#notStarted(run, lost, survivor);
    if (survivor) run.notices.show(lostOfTwoNotice(lost, again, onCpu, survivor));
    else run.notices.show(lostNotice(lost, again, gpu ? onCpu : null, playing));
  }

  /** The worker never got ready: perhaps for a reason that is none of its own. @param {Run} run @param {import("./failures.js").Lost} lost @param {Survivor} [survivor] */
  async #notStarted(run, lost, survivor) {
    const again = () => this.#startAgain(this.devicePreference);
    const notice = await explainStart({
      again,
      gpu: this.devicePreference !== "cpu",
      more: survivor && [{ label: `End the comparison, keep ${survivor.letter}`, run: survivor.keep }],
      stands: () => run.lost === lost && this.runs.includes(run),
      otherwise: () =>
        survivor ? lostOfTwoNotice(lost, again, again, survivor) : notStartedNotice(lost.message, again),
    });
    if (notice) run.notices.show(notice);
  }

  /** @param {DevicePreference} devicePreference */
  #startAgain(devicePreference) {
    this.devicePreference = devicePreference;
    this.#avoid = null;
    for (const run of this.runs) run.notices.clearAll();
    this.restart();
  }
}
