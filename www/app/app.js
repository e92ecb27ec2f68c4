// The page's parts, and which of them follow which change of the experiment.

import glossary from "../../docs/glossary.md?raw";
import { safely, saveFile } from "../browser.js";
import { PANELS } from "../panels/list.js";
import { ComparisonBar } from "../views/comparison.js";
import { DiagnosisLine } from "../views/diagnosis.js";
import { GlossaryDialog } from "../views/glossary.js";
import { StatusLine } from "../views/status.js";
import { Address } from "./address.js";
import { Bar } from "./bar.js";
import { Buttons } from "./buttons.js";
import { ByHand } from "./by-hand.js";
import { Drawings } from "./drawings.js";
import { Experiment } from "./experiment.js";
import { FirstVisit } from "./first-visit.js";
import { FrameSpeed } from "./frame-speed.js";
import { Inspector } from "./inspect.js";
import { guardLeaving, openLinksBeside } from "./leave.js";
import { Lessons } from "./lessons.js";
import { Linked } from "./linked.js";
import { $ } from "./page.js";
import { optionsIn, withOptions } from "./page-options.js";
import { AfterPick } from "./picked.js";
import { likelySpace, spaceOf } from "./space.js";
import { Stage } from "./stage.js";
import { deviceFromAddress, settled } from "./state.js";
import { Toast } from "./toast.js";
import { showWaiting, watchDevice } from "./waiting.js";

/** @import { Notices } from "./errors.js" */
/** @import { Change } from "./experiment.js" */
/** @import { LinkedChange } from "./linked.js" */
/** @import { Run } from "./run.js" */

/** Delay in milliseconds before parts are loaded that are not seen yet: the first frames come first. */
const PRELOAD_MS = 2000;

export class App {
  #experiment;
  #inspector;
  /** Created first: it makes the elements that the other parts work on. */
  #stage = new Stage(PANELS, likelySpace(location.hash));
  /** Whether the run of the address has begun, which happens once: another worker brings the same catalog. */
  #begun = false;
  #address = new Address();
  #afterPick;
  #bar;
  #buttons;
  #byHand;
  #comparison;
  #diagnosis;
  #drawings;
  #firstVisit;
  #followLeaving;
  #frameSpeed;
  #lessons;
  #linked;
  #options = optionsIn(location.hash);
  #status = new StatusLine($("status"), $("why"));

  /** @param {Notices} notices */
  constructor(notices) {
    const experiment = new Experiment(notices, (change, of) => this.#render(change, of));
    const stage = this.#stage;
    const toast = new Toast($("toast"));
    this.#experiment = experiment;
    this.#inspector = new Inspector(experiment, notices);
    Object.defineProperty(window, "counterfeit", { value: this.#inspector });
    this.#firstVisit = new FirstVisit(experiment, toast, !settled(location.hash));
    this.#afterPick = new AfterPick(toast);
    this.#bar = new Bar(experiment, () => this.#options);
    this.#byHand = new ByHand(experiment, () => this.#followByHand());
    this.#frameSpeed = new FrameSpeed(experiment, this.#byHand, stage);
    this.#buttons = new Buttons(experiment, this.#byHand, () => stage.openDrawer());
    this.#comparison = comparisonBar(experiment);
    this.#diagnosis = new DiagnosisLine($("diagnosis"), (changes, restart) => experiment.apply(changes, restart));
    this.#drawings = new Drawings(experiment, () => this.#followLeaving());
    this.#followLeaving = guardLeaving(() => ({
      runs: experiment.runs,
      drawn: experiment.drawn,
      hash: experiment.hash,
      unsent: this.#drawings.unsent,
    }));
    this.#lessons = new Lessons(experiment, stage, notices, () => this.#followLesson());
    this.#linked = new Linked((change) => this.#followLinked(change));
    watchDevice(experiment);
    openLinksBeside();
    this.#beginPanels(notices);
    this.#watchFocus();
  }

  /** @param {Notices} notices */
  #beginPanels(notices) {
    const glossaryDialog = new GlossaryDialog(/** @type {HTMLDialogElement} */ ($("glossary")), glossary);
    $("open-glossary").onclick = () => glossaryDialog.open();
    $("tour").onclick = () => void this.#lessons.open("tour");
    this.#stage.begin({
      experiment: this.#experiment,
      byHand: this.#byHand,
      linked: this.#linked,
      lessons: this.#lessons,
      stage: this.#stage,
      notices,
      save: (blob, name) => void (blob && saveFile(blob, name)),
      address: () => this.#address.href,
      term: (name) => glossaryDialog.term(name),
      drawData: (set) => this.#drawings.open(set),
      pickData: (set) => this.#drawings.pick(set),
    });
  }

  /** Reads the device from the address and starts the worker. */
  start() {
    const { devicePreference } = deviceFromAddress(location);
    this.#experiment.devicePreference = devicePreference;
    /** @type {HTMLSelectElement} */ ($("device")).value = devicePreference;
    const { controls, size, tab } = this.#options;
    document.body.dataset.controls = controls;
    document.documentElement.dataset.size = size;
    if (tab) this.#stage.openTabOfLink(tab);
    window.addEventListener("hashchange", () => {
      this.#experiment.readAddress(location);
      this.#experiment.restart();
    });
    this.#experiment.start();
  }

  #watchFocus() {
    $("open-settings").onclick = () => this.#stage.openDrawer();
    $("close-drawer").onclick = () => this.#stage.closeDrawer();
    $("comparison").addEventListener("click", ({ target }) => {
      if (!(/** @type {HTMLElement} */ (target).matches(".begin"))) return;
      // From the settings to the pictures.
      this.#stage.closeDrawer();
      focusSamples();
    });
    $("skip").onclick = (event) => {
      // Do not follow the link: the fragment of the address holds the settings.
      event.preventDefault();
      focusSamples();
    };
  }

  /** Another step is pointed at or shown, or another picture is selected. @param {LinkedChange} change */
  #followLinked(change) {
    const { runs, focus } = this.#experiment;
    if (change === "past") for (const run of runs) run.showPast(this.#linked.past);
    this.#stage.deliver(change, focus);
  }

  /** Slow motion or the training to the optimum goes on. */
  #followByHand() {
    this.#frameSpeed.onChange("by-hand");
    this.#stage.deliver("by-hand", this.#experiment.focus);
  }

  /** Another lesson or step, or a goal is reached. */
  #followLesson() {
    this.#stage.deliver("lesson", this.#experiment.focus);
    this.#options = { ...this.#options, lesson: this.#lessons.linkName };
    this.#writeAddress();
  }

  #writeAddress() {
    this.#address.set(withOptions(this.#experiment.hash, this.#options), this.#experiment.picks);
  }

  /** @param {Change} change @param {Run} of which run */
  #render(change, of) {
    this.#inspector.note(change, of);
    if (change === "ready" && of === this.#experiment.run) safely(() => this.#ready());
    this.#stage.setSpace(spaceOf(this.#experiment));
    // If one part fails, the other parts and the run continue.
    safely(() => this.#renderRun(change));
    safely(() => this.#byHand.onChange(change, of));
    this.#frameSpeed.onChange(change);
    this.#stage.deliver(change, of);
    this.#firstVisit.onChange(change);
    if (change === "created") this.#afterPick.created(this.#experiment);
    safely(() => this.#status.update(this.#experiment));
    safely(() => this.#comparison.follow(this.#experiment));
    this.#buttons.update();
    this.#followLeaving();
  }

  /** The catalog has come: begins the run of the address. */
  #ready() {
    const experiment = this.#experiment;
    if (!experiment.catalog || this.#begun) return;
    this.#begun = true;
    safely(() => {
      experiment.readAddress(location);
      experiment.restart();
      this.#firstVisit.begin();
      if (this.#options.play) experiment.play();
      if (this.#options.lesson) void this.#lessons.open(this.#options.lesson);
    });
    setTimeout(() => this.#stage.preload(), PRELOAD_MS);
  }

  /** @param {Change} change */
  #renderRun(change) {
    // Update all parts, because another run may have taken the place of this one.
    const all = change === "comparison";
    if (change === "config" || change === "run" || change === "refused" || all) {
      showWaiting(this.#experiment);
      this.#writeAddress();
      this.#bar.update();
    }
    if (change === "config" || change === "run" || all) this.#comparison.update(this.#experiment);
    if (change === "run" || change === "evaluation" || all) this.#diagnose();
  }

  #diagnose() {
    const { runs, focus, other } = this.#experiment;
    const found = focus.quality.diagnosis;
    // Advice for one run is hidden in a comparison, because it would end what the runs have in common.
    const letter = focus === runs[0] ? "A" : "B";
    this.#diagnosis.update(found && other ? { ...found, title: `${letter}: ${found.title}`, advice: [] } : found);
  }
}

/** Moves the keyboard focus to the samples of the present run. */
function focusSamples() {
  const { space } = document.body.dataset;
  document.getElementById(space === "images" ? "fake-panel" : (space ?? "plane"))?.focus();
}

/** @param {Experiment} experiment */
function comparisonBar(experiment) {
  const plane = (/** @type {string} */ figure) => /** @type {HTMLElement} */ ($("plane").querySelector(figure));
  return new ComparisonBar(
    $("comparison"),
    [
      [$("fake-panel"), plane(".of-a")],
      [$("fake-b-panel"), plane(".of-b")],
    ],
    experiment,
  );
}
