// The page's model of what goes on: the settings, their address, and the run that they make, or the two runs that are compared.
// Knows no view: whoever renders is told what changed.

import { addressNotice, crashedNotice, divergedNotice, lostOfTwoNotice, notStartedNotice } from "./failures.js";
import { Pace } from "./pace.js";
import { Run } from "./run.js";
import { explainStart } from "./start-failure.js";
import { fromHash, onData, presetOf, toHash, wishOf } from "./state.js";

/** @import { Catalog, Config, MeasureEvery, Players, Preset, Wish } from "./protocol.js" */
/** @import { RunChange } from "./run.js" */
/** @typedef {RunChange | "config" | "comparison"} Change */
/** @typedef {import("./errors.js").Notices} Notices */
/** @typedef {import("./failures.js").Spared} Spared */

export class Experiment {
  #notices;
  #changed;
  /** Present while two runs are compared. @type {Pace | null} */
  #pace = null;

  /** @type {Catalog | null} */
  catalog = null;
  /** @type {Wish} */
  wish = "auto";
  /** What the form shows; of two runs, B's settings. @type {Config} */
  config = {};
  /** A's settings, from the moment that something is to be compared with them. @type {Config | null} */
  base = null;
  /** The only run, or A. @type {Run} */
  run;
  /** B. @type {Run | null} */
  other = null;
  /** What a visitor drew, by its data set: points, or a density on the line. @type {Record<string, Float32Array>} */
  drawn = {};
  /** Which of two runs is shown where there is room for one. @type {Run} */
  focus;
  playing = false;

  /** @param {Notices} notices @param {(change: Change, run: Run) => void} changed */
  constructor(notices, changed) {
    this.#notices = notices;
    this.#changed = changed;
    this.run = this.focus = this.#newRun();
  }

  #newRun() {
    return new Run(this.#notices, (change, run) => this.#heard(change, run));
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
    return this.runs.some((r) => r.alive && r.running !== null);
  }

  /** Starts the workers on the wished device; runs that go on are lost, their settings are not. @param {Wish} wish */
  start(wish) {
    this.wish = wish;
    this.pause();
    for (const run of this.runs) run.start(wish);
  }

  /** Settings and device from the address, at the start and when the address is edited. @param {Location} location */
  readAddress(location) {
    if (!this.catalog) return;
    const { config, other, dropped } = fromHash(location.hash, this.catalog);
    const all = [...wishOf(location).dropped, ...dropped];
    if (all.length > 0) this.#notices.show(addressNotice(all));
    if (!other) this.#close(this.run);
    [this.base, this.config] = other ? [config, other] : [null, config];
    if (other) this.#open();
    this.#changed("config", this.run);
  }

  get hash() {
    if (!this.catalog) return "";
    return this.base && this.other ? toHash(this.base, this.wish, this.catalog, this.config) : toHash(this.base ?? this.config, this.wish, this.catalog);
  }

  /** A setting was edited: the run takes it at its next step, or it waits for a new run. @param {Config} config */
  edit(config) {
    this.config = config;
    // Two runs have one seed.
    if (this.base) this.base = { ...this.base, seed: config.seed };
    else this.#updateLive();
    this.#changed("config", this.run);
  }

  #updateLive() {
    const { catalog, config, run: { running } } = this;
    const live = catalog?.fields.filter((f) => f.live && running && running[f.key] !== config[f.key]) ?? [];
    if (live.length > 0) this.run.update({ ...running, ...Object.fromEntries(live.map((f) => [f.key, config[f.key]])) });
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
    this.edit(onData(this.config, set, this.catalog));
    const images = this.catalog.dataSets.find((d) => d.id === set);
    if (!images) return this.choosing ? undefined : this.restart();
    if (!this.base) this.run.data.load(images.id);
  }

  /** A run on what a visitor drew: points, or a density on the line. @param {"drawn" | "curve"} set @param {Float32Array} values */
  setDrawn(set, values) {
    this.drawn = { ...this.drawn, [set]: values };
    this.pickData(set);
  }

  /** @param {string} id */
  usePreset(id) {
    const preset = this.catalog?.presets.find((p) => p.id === id);
    if (!preset) return;
    this.edit({ ...preset.config, seed: this.config.seed });
    if (!this.choosing) this.restart();
  }

  newSeed() {
    this.edit({ ...this.config, seed: crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000 });
    this.restart();
  }

  /** A new run with what the form shows, or two; goes on playing if it was. */
  restart() {
    if (!this.catalog) return;
    const configs = this.base ? [this.base, this.config] : [this.config];
    this.runs.forEach((run, i) => run.create({ ...configs[i] }, this.drawn[configs[i].data] ?? null));
    this.runs.forEach((run) => this.#load(run));
    this.#changed("config", this.run);
    if (this.playing) this.play();
  }

  /** B takes the images that A has fetched from the browser's storage: together they would be asked for twice. @param {Run} run */
  #load(run) {
    const set = this.catalog?.dataSets.find((d) => d.id === run.running?.data)?.id;
    if (!run.device || !set) return;
    if (run === this.run || this.run.running?.data !== set || this.run.data.of(set).complete) run.data.load(set);
  }

  play() {
    if (!this.canTrain) return;
    this.playing = true;
    if (this.#pace) this.#pace.play();
    else this.run.goTo(Infinity);
    this.#changed("status", this.run);
  }

  pause() {
    this.playing = false;
    if (this.#pace) this.#pace.pause();
    else this.run.halt();
    this.#changed("status", this.run);
  }

  /** One step. @param {Players} players */
  stepOnce(players) {
    if (this.playing) this.pause();
    if (this.#pace) this.#pace.step(players);
    else this.run.stepOnce(players);
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
    this.#pace = new Pace(this.runs);
    other.start(this.wish);
    this.#changed("comparison", this.run);
  }

  /** Ends the comparison: one of the two goes on alone, the other's worker ends. @param {Run} kept */
  keep(kept) {
    if (!this.other) return;
    this.base = null;
    this.config = { ...(kept.running ?? this.config) };
    this.#close(kept);
    // What was said of it was said with its letter.
    if (kept.lost !== null) this.start(this.wish);
    else if (kept.broken) this.#diverged(kept);
    else if (this.playing) this.play();
  }

  /** @param {Run} kept */
  #close(kept) {
    this.base = null;
    for (const run of this.runs) if (run !== kept) run.stop();
    const before = this.other;
    this.run = this.focus = kept;
    this.other = this.#pace = null;
    kept.notices.setLetter("");
    if (!before) return;
    this.#changed("comparison", kept);
    this.#changed("config", kept);
  }

  /** @param {Run} run */
  lookAt(run) {
    this.focus = run;
    this.#changed("comparison", run);
  }

  /** @param {RunChange} change @param {Run} run */
  #heard(change, run) {
    // A worker that was ended may have been heard of a last time.
    if (!this.runs.includes(run)) return;
    if (change === "ready") {
      this.catalog = run.catalog;
      if (run.running) this.#load(run);
    }
    if (change === "data" && this.other && run === this.run) this.#load(this.other);
    if (change === "refused") this.pause();
    if (change === "diverged") this.#diverged(run);
    if (change === "lost") this.#lost(run);
    this.#changed(change, run);
    this.#pace?.arrived();
  }

  /** @param {Run} run */
  #diverged(run) {
    this.pause();
    const { divergence } = run;
    const config = this.base && run === this.run ? this.base : this.config;
    if (!divergence) return;
    const key = divergence.cause === "generator" ? "g_lr" : "d_lr";
    const lower = Number(config[key]) / 10;
    run.notices.show(divergedNotice(divergence, lower, () => this.apply({ [key]: lower }, true, run), this.#spared(run)));
  }

  /** The other of two, where it can go on alone. @param {Run} run */
  #spared(run) {
    const spared = this.runs.find((r) => r !== run && r.alive);
    return spared && { letter: spared === this.run ? "A" : "B", keep: () => this.keep(spared) };
  }

  /** @param {Run} run */
  #lost(run) {
    this.pause();
    const message = run.lost ?? "";
    const start = (/** @type {Wish} */ wish) => this.#startAgain(wish);
    const spared = this.#spared(run);
    const gpu = run.device?.kind === "webgpu" || this.wish === "webgpu";
    if (!run.device) return void this.#notStarted(run, message, spared);
    if (spared) run.notices.show(lostOfTwoNotice(message, this.wish, start, spared));
    else run.notices.show(crashedNotice(message, this.wish, gpu, start));
  }

  /** The worker never got ready: perhaps for a reason that is none of its own. @param {Run} run @param {string} message @param {Spared} [spared] */
  async #notStarted(run, message, spared) {
    const { wish } = this;
    const start = (/** @type {Wish} */ device) => this.#startAgain(device);
    const notice = await explainStart({
      wish, start, more: spared && [{ label: `End the comparison, keep ${spared.letter}`, run: spared.keep }],
      stands: () => run.lost !== null && this.runs.includes(run),
      otherwise: () => (spared ? lostOfTwoNotice(message, wish, start, spared) : notStartedNotice(message, wish, start)),
    });
    if (notice) run.notices.show(notice);
  }

  /** @param {Wish} wish */
  #startAgain(wish) {
    for (const run of this.runs) run.notices.clearAll();
    this.start(wish);
  }
}
