// The page's model of the experiment: the settings, their address, and the run or the two compared runs that they
// define. It knows no view; views are notified of changes.

import { randomBelow } from "../browser.js";
import { asShared } from "../data/drawn.js";
import { addressNotice, readAsNotice, undrawnNotice } from "./failures.js";
import { LockStep } from "./lock-step.js";
import { originOfAddress, originOfPreset, originOnData } from "./origin.js";
import { Run } from "./run.js";
import { cameByLink } from "./leave.js";
import { Recovery } from "./recovery.js";
import { fromHash, onData, presetOf, toHash, deviceFromAddress } from "./state.js";

/** @import { Catalog, Config, MeasureEvery, Networks, Preset, DevicePreference } from "../protocol.js" */
/** @import { RunChange } from "./run.js" */
/** @typedef {RunChange | "config" | "comparison"} Change */
/** @typedef {import("./errors.js").Notices} Notices */

/** Kinds of notices about the content of the address. */
const OF_AN_ADDRESS = ["address", "read-as", "undrawn"];

export class Experiment {
  #notices;
  #changed;
  #recovery = new Recovery(this);
  /** Keeps two compared runs at the same step; null without a comparison. @type {LockStep | null} */
  #lockStep = null;

  /** @type {Catalog | null} */
  catalog = null;
  /** @type {DevicePreference} */
  devicePreference = "auto";
  /** The settings in the form; in a comparison those of B. @type {Config} */
  config = {};
  /** What the settings came from, to which they can be reset. @type {import("./origin.js").Origin | null} */
  origin = null;
  /** The settings of A, during a comparison and while one is being set up; otherwise null. @type {Config | null} */
  base = null;
  /** The only run, or A. @type {Run} */
  run;
  /** B, or null without a comparison. @type {Run | null} */
  other = null;
  /** The visitor's drawings, by data set. @type {import("../data/drawn.js").Drawn} */
  drawn = {};
  /** The run in focus: the one shown by panels that show only one. @type {Run} */
  focus;
  playing = false;
  /** How often the visitor has picked another experiment, data set, device or seed: each has its entry in the history. */
  picks = 0;
  /** Whether the page started to play on its own, as the demo of a first visit. */
  demo = false;
  /** Reason not to use the GPU, until the visitor chooses a device; shown after "because". @type {string | null} */
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

  /** The only run, or A and B. */
  get runs() {
    return this.other ? [this.run, this.other] : [this.run];
  }

  /** Whether a comparison is being set up: B has no run yet. */
  get choosing() {
    return this.base !== null && this.other === null;
  }

  /** @returns {Preset | undefined} */
  get preset() {
    return this.catalog ? presetOf(this.config, this.catalog) : undefined;
  }

  /** The name of a data set. @param {string | number | undefined} set */
  nameOf(set) {
    const all = [...(this.catalog?.dataSets ?? []), ...(this.catalog?.toys ?? [])];
    return all.find(({ id }) => id === set)?.name ?? String(set ?? "");
  }

  /** Whether any run can train. */
  get canTrain() {
    return this.runs.some((r) => r.alive && r.present);
  }

  /** The previous run, if it can be resumed. */
  get before() {
    return this.other || this.base ? null : this.run.previous;
  }

  /** Starts the workers. Present runs are lost, their settings are kept. */
  start() {
    this.pause();
    for (const run of this.runs) run.start();
  }

  /** Changes the device, which restarts the runs. @param {DevicePreference} devicePreference */
  useDevice(devicePreference) {
    this.devicePreference = devicePreference;
    this.#avoid = null;
    this.picks += 1;
    this.restart();
  }

  /**
   * Reads settings and device from the address, at the start and when the address is edited.
   * @param {Location} location
   */
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
    this.origin = originOfAddress(location.hash, config, this.catalog);
    if (other) this.#open();
    this.#changed("config", this.run);
  }

  /** Removes the notices about an earlier address. */
  #forgetAddress() {
    for (const kind of OF_AN_ADDRESS) this.#notices.clear(kind);
  }

  get hash() {
    if (!this.catalog) return "";
    const other = this.base && this.other ? this.config : undefined;
    return toHash(this.base ?? this.config, this.devicePreference, this.catalog, other, this.drawn);
  }

  /** Applies an edited setting: the run uses it from its next step on, or after a restart. @param {Config} config */
  edit(config) {
    this.faster();
    const changed = this.catalog?.fields.filter((f) => f.live && config[f.key] !== this.config[f.key]) ?? [];
    if (changed.length > 0 && !this.base)
      this.run.update(Object.fromEntries(changed.map((f) => [f.key, config[f.key]])));
    this.set(config);
  }

  /** Sets the form's settings without changing the run. @param {Config} config */
  set(config) {
    this.config = config;
    // Compared runs have the same seed.
    if (this.base) this.base = { ...this.base, seed: config.seed };
    this.#changed("config", this.run);
  }

  /**
   * Uses a whole configuration and restarts with it at once. While a comparison is being set up, it becomes B's,
   * without a restart.
   * @param {Config} config
   */
  #pick(config) {
    this.#forgetAddress();
    this.picks += 1;
    this.set(config);
    if (!this.choosing) this.restart();
  }

  /**
   * Applies changes that a diagnosis or a notice advises.
   * @param {Config} changes @param {boolean} restart whether they need a restart @param {Run} [run]
   */
  apply(changes, restart, run = this.run) {
    if (this.base && run === this.run) {
      this.base = { ...this.base, ...changes };
      this.#changed("config", run);
    } else this.edit({ ...this.config, ...changes });
    if (restart) this.restart();
  }

  /**
   * Changes the data set. Other images keep the settings; a density of another kind brings its own configuration.
   * @param {string} set
   */
  pickData(set) {
    if (!this.catalog) return;
    // Selecting images ends the demo of a first visit and waits for Play, because images have to be downloaded.
    if (this.demo && this.catalog.dataSets.some((d) => d.id === set)) this.pause();
    const next = onData(this.config, set, this.catalog);
    if (!this.base) this.origin = originOnData(this.origin, next, this.catalog);
    this.#pick(next);
  }

  /**
   * Starts a run on the visitor's drawing: points in 2-D, or a density in 1-D.
   * @param {"drawn" | "curve"} set @param {Float32Array} values
   */
  setDrawn(set, values) {
    this.drawn = { ...this.drawn, [set]: asShared(set, values) };
    this.#notices.clear("undrawn");
    this.pickData(set);
    // While a comparison is being set up, “Start both” starts the training.
    if (!this.choosing) this.play();
  }

  /** @param {string} id @param {Config} [changes] settings that differ from the preset's */
  usePreset(id, changes = {}) {
    const preset = this.catalog?.presets.find((p) => p.id === id);
    if (!preset) return;
    if (!this.base) this.origin = originOfPreset(preset);
    this.#pick({ ...preset.config, seed: this.config.seed, ...changes });
  }

  newSeed() {
    this.picks += 1;
    this.set({ ...this.config, seed: randomBelow(1_000_000) });
    this.restart();
  }

  /** Resumes the previous run, on the device that was chosen for it; the present one can then be resumed in turn. */
  back() {
    if (!this.before) return;
    this.pause();
    this.run.back();
    const { running, drawn, choice } = this.run;
    if (!running) return;
    if (drawn) this.drawn = { ...this.drawn, [running.data]: drawn };
    if (choice) [this.devicePreference, this.#avoid, this.origin] = [choice.device, choice.avoid, choice.origin];
    this.set({ ...running });
  }

  /**
   * Starts new runs with the present settings, and continues to play if the old ones did.
   * @param {boolean} [keep] whether the previous run may be resumed
   */
  restart(keep = true) {
    // Only the demo has a slow start, not a run that the visitor started.
    if (keep) this.run.slowStart.end();
    if (!this.catalog) {
      // The worker has failed or is still loading. The settings are kept, and its next run uses them.
      if (this.runs.every((run) => run.lost)) this.start();
      return;
    }
    for (const run of this.runs) run.create(this.#orderOf(run), keep);
    this.#changed("config", this.run);
    if (this.playing) this.play(this.demo);
  }

  /** @param {Run} run @param {DevicePreference} [device] @returns {import("./run-record.js").Order} */
  #orderOf(run, device = this.devicePreference) {
    const config = { ...(run === this.run ? (this.base ?? this.config) : this.config) };
    return { config, drawn: this.drawn[config.data] ?? null, device, avoid: this.#avoid, origin: this.origin };
  }

  /**
   * Loads the images of a run. B waits until A has them and takes them from the browser's storage, because both at once
   * would download them twice.
   * @param {Run} run
   */
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

  /** Starts the demo of a first visit: slow training without a click. */
  playDemo() {
    this.run.slowStart.begin();
    this.play(true);
  }

  /** Whether training is in its slow start. */
  get slow() {
    return this.playing && this.other === null && this.run.slowStart.active(this.run.step, performance.now());
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

  /** Trains one step. @param {Networks} networks */
  stepOnce(networks) {
    if (this.playing) this.pause();
    if (this.#lockStep) this.#lockStep.step(networks);
    else this.run.stepOnce(networks);
  }

  /** @param {import("../protocol.js").Shown} shown */
  show(shown) {
    for (const run of this.runs) run.show(shown);
  }

  /** Sets how often the runs are evaluated. @param {MeasureEvery} every */
  measure(every) {
    for (const run of this.runs) run.quality.setEvery(every);
  }

  /** Begins to set up a comparison: the present run becomes A, and the form edits B. */
  compare() {
    if (this.base || !this.run.running) return;
    this.base = { ...this.run.running };
    this.#changed("comparison", this.run);
  }

  /** Starts both runs of the comparison at step 0. */
  begin() {
    if (!this.choosing) return;
    this.#open();
    this.restart();
    this.play();
  }

  /** Cancels the comparison that is being set up. The form shows A's settings again. */
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

  /** Ends the comparison: keeps one run, and terminates the worker of the other. @param {Run} kept */
  keep(kept) {
    if (!this.other) return;
    this.base = null;
    this.config = { ...(kept.running ?? this.config) };
    // Its data may be of another kind than the experiment's that the comparison began with.
    if (this.catalog) this.origin = originOnData(this.origin, this.config, this.catalog);
    this.#close(kept);
    // Its notices were removed with its letter: show them again without the letter.
    if (kept.lost !== null) this.restart();
    else if (kept.broken) this.#recovery.diverged(kept);
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
    // A last event may come from a worker that has ended.
    if (!this.runs.includes(run)) return;
    if (change === "ready") this.catalog = run.catalog;
    if (change === "created") this.#created(run);
    if (change === "data" && this.other && run === this.run) this.#load(this.other);
    this.#recovery.onRunChange(change, run);
    this.#changed(change, run);
    this.#lockStep?.arrived();
  }

  /** @param {Run} run */
  #created(run) {
    this.#load(run);
    this.#recovery.created(run);
    this.#meetOnOneDevice();
  }

  /** Moves B to the device of A, which is known once A has been created: compared runs use the same device. */
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

  /**
   * Restarts on the CPU, because the automatically chosen GPU does not work.
   * @param {string} why said after "because"
   */
  leaveGpu(why) {
    this.#avoid = why;
    this.restart(false);
  }
}
