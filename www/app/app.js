// The page's parts, and which of them follow which change of the experiment.

import glossary from "../../docs/glossary.md?raw";
import { openDialog, safely, saveFile } from "../browser.js";
import { Address } from "./address.js";
import { DensityPanels } from "./density-panels.js";
import { takeDrops } from "./drops.js";
import { Experiment } from "./experiment.js";
import { Inspector } from "./inspect.js";
import { guardLeaving, openLinksBeside } from "./leave.js";
import { Lessons } from "./lessons.js";
import { Keyboard } from "./keyboard.js";
import { Linked } from "./linked.js";
import { ByHand } from "./by-hand.js";
import { FrameSpeed } from "./frame-speed.js";
import { optionsIn, withOptions } from "./page-options.js";
import { AfterPick } from "./picked.js";
import { deviceFromAddress, missingInAddress, settled, withoutData } from "./state.js";
import { Gallery } from "../dialogs/gallery/gallery.js";
import { ShareDialog } from "../dialogs/share/share.js";
import { FirstVisit } from "./first-visit.js";
import { BinsDrawing } from "../dialogs/draw-density/bins.js";
import { ComparisonBar } from "../views/comparison.js";
import { DiagnosisLine } from "../views/diagnosis.js";
import { Drawing } from "../views/drawing.js";
import { GlossaryDialog } from "../views/glossary.js";
import { StatusLine } from "../views/status.js";
import { PANELS } from "../panels/list.js";
import { Buttons } from "./buttons.js";
import { closeMenus } from "./menus.js";
import { $ } from "./page.js";
import { likelySpace, spaceOf } from "./space.js";
import { Stage } from "./stage.js";
import { showWaiting, watchDevice } from "./waiting.js";
import { titleOf } from "./title.js";
import { Toast } from "./toast.js";

/** @import { Notices } from "./errors.js" */
/** @import { Change } from "./experiment.js" */
/** @import { DevicePreference, ToyInfo } from "../protocol.js" */
/** @import { Run } from "./run.js" */

/** @param {Blob | null} blob @param {string} name */
function save(blob, name) {
  if (blob) saveFile(blob, name);
}

export class App {
  #experiment;
  #inspector;
  /** Created first: it makes the elements that the other parts work on. */
  #stage = new Stage(PANELS, likelySpace(location.hash));
  /** Whether the run of the address has begun, which happens once: another worker brings the same catalog. */
  #begun = false;
  #buttons;
  #densityPanels;
  #byHand;
  #frameSpeed;
  #curve;
  #drawing;
  #comparison;
  #followLeaving;
  #address = new Address();
  #toast = new Toast($("toast"));
  #afterPick = new AfterPick(this.#toast);
  #share = new ShareDialog(/** @type {HTMLDialogElement} */ ($("share")));
  #options = optionsIn(location.hash);
  #lessons;
  #linked;
  #glossary = new GlossaryDialog(/** @type {HTMLDialogElement} */ ($("glossary")), glossary);
  #status = new StatusLine($("status"), $("why"));
  #firstVisit;
  #diagnosis;

  /** @param {Notices} notices */
  constructor(notices) {
    const experiment = new Experiment(notices, (change, of) => this.#render(change, of));
    this.#experiment = experiment;
    this.#firstVisit = new FirstVisit(experiment, this.#toast, !settled(location.hash));
    this.#inspector = new Inspector(experiment, notices);
    Object.defineProperty(window, "counterfeit", { value: this.#inspector });
    this.#densityPanels = new DensityPanels(experiment, save);
    this.#byHand = new ByHand(experiment, () => this.#followByHand());
    this.#frameSpeed = new FrameSpeed(experiment, this.#byHand, this.#stage);
    this.#curve = new BinsDrawing(
      /** @type {HTMLDialogElement} */ ($("draw-curve")),
      (heights) => experiment.setDrawn("curve", heights),
      () => this.#followLeaving(),
    );
    this.#drawing = new Drawing(
      /** @type {HTMLDialogElement} */ ($("drawing")),
      (points) => experiment.setDrawn("drawn", points),
      () => this.#followLeaving(),
    );
    takeDrops(this.#drawing);
    openLinksBeside();
    this.#followLeaving = guardLeaving(() => ({
      runs: experiment.runs,
      drawn: experiment.drawn,
      hash: experiment.hash,
      unsent: this.#drawing.unsent || this.#curve.unsent,
    }));
    this.#diagnosis = new DiagnosisLine($("diagnosis"), (changes, restart) => experiment.apply(changes, restart));
    watchDevice(experiment);
    this.#buttons = new Buttons(experiment, this.#byHand, () => this.#stage.openDrawer());
    this.#comparison = this.#compared();
    const linked = new Linked((change) => this.#followLinked(change));
    this.#linked = linked;
    const lessons = new Lessons(experiment, this.#stage, notices, () => this.#followLesson());
    this.#lessons = lessons;
    const term = (/** @type {string} */ name) => this.#glossary.term(name);
    const drawData = (/** @type {"drawn" | "curve"} */ set) => this.#drawData(set);
    const pickData = (/** @type {string} */ set) => this.#pickData(set);
    const [byHand, stage] = [this.#byHand, this.#stage];
    const address = () => this.#address.href;
    stage.begin({ experiment, byHand, linked, lessons, stage, notices, save, address, term, drawData, pickData });
    $("tour").onclick = () => void lessons.open("tour");
    closeMenus();
    this.#watchPage();
    $("open-settings").onclick = () => this.#stage.openDrawer();
    $("close-drawer").onclick = () => this.#stage.closeDrawer();
    this.#watchFocus();
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

  #compared() {
    const plane = (/** @type {string} */ figure) => /** @type {HTMLElement} */ ($("plane").querySelector(figure));
    return new ComparisonBar(
      $("comparison"),
      [
        [$("fake-panel"), plane(".of-a")],
        [$("fake-b-panel"), plane(".of-b")],
      ],
      this.#experiment,
    );
  }

  #watchFocus() {
    $("open-glossary").onclick = () => this.#glossary.open();
    $("comparison").addEventListener("click", ({ target }) => {
      if (!(/** @type {HTMLElement} */ (target).matches(".begin"))) return;
      // From the settings to the pictures.
      this.#stage.closeDrawer();
      this.#densityPanels.focusPictures();
    });
    $("skip").onclick = (event) => {
      // Do not follow the link: the fragment of the address holds the settings.
      event.preventDefault();
      this.#densityPanels.focusPictures();
    };
  }

  /** Names what is trained, in the bar and in the page's title. */
  #nameExperiment() {
    const { preset } = this.#experiment;
    document.title = titleOf(this.#experiment);
    const button = /** @type {HTMLButtonElement} */ ($("experiment"));
    button.disabled = !this.#experiment.catalog;
    button.dataset.preset = preset?.id ?? "";
    /** @type {HTMLElement} */ (button.querySelector(".name")).textContent = preset?.name ?? "Own settings";
  }

  /** Another step is pointed at or shown, or another picture is selected. @param {import("./linked.js").LinkedChange} change */
  #followLinked(change) {
    const { runs, focus } = this.#experiment;
    if (change === "past") {
      for (const run of runs) run.past = this.#linked.past;
      this.#densityPanels.draw();
    }
    this.#stage.deliver(change, focus);
  }

  /** Slow motion or the training to the optimum goes on. */
  #followByHand() {
    this.#densityPanels.highlight(this.#byHand.overlay);
    this.#frameSpeed.onChange("by-hand");
    this.#stage.deliver("by-hand", this.#experiment.focus);
  }

  /** Another lesson or step, or a goal is reached. */
  #followLesson() {
    this.#stage.deliver("lesson", this.#experiment.focus);
    this.#options = { ...this.#options, lesson: this.#lessons.linkName };
    this.#address.set(withOptions(this.#experiment.hash, this.#options), this.#experiment.picks);
  }

  /** What belongs to the page and not to one of its panels. */
  #watchPage() {
    const experiment = this.#experiment;
    const press = (/** @type {string} */ id) => () => $(id).click();
    const keys = /** @type {HTMLDialogElement} */ ($("keys"));
    const share = () => {
      const { config, base, drawn, hash } = experiment;
      const missing = [config, base ?? config].map((c) => missingInAddress(c, drawn)).find(Boolean) ?? "";
      this.#share.open({ hash, lesson: this.#options.lesson, missing });
    };
    $("open-share").onclick = share;
    const gallery = new Gallery(/** @type {HTMLDialogElement} */ ($("gallery")), experiment);
    $("experiment").onclick = () => gallery.open();
    $("open-keys").onclick = () => openDialog(keys);
    new Keyboard(keys, [
      { key: " ", label: "Space", about: "Play or Pause", run: press("play") },
      { key: "s", label: "S", about: "One step of both networks", run: press("step") },
      { key: "d", label: "D", about: "One D step", run: press("step-d") },
      { key: "g", label: "G", about: "One G step", run: press("step-g") },
      { key: "r", label: "R", about: "Reset to step 0", run: press("reset") },
      { key: "n", label: "N", about: "New seed", run: press("new-seed") },
      { key: "c", label: "C", about: "Compare with another setting", run: press("compare") },
      { key: "?", label: "?", about: "This list", run: () => openDialog(keys) },
    ]);
  }

  /** Opens the editor of data that the visitor draws. @param {"drawn" | "curve"} set */
  #drawData(set) {
    (set === "curve" ? this.#curve : this.#drawing).open(this.#experiment.drawn[set] ?? null);
  }

  /** Chooses a data set, or opens the editor of one that has not been drawn yet. @param {string} set */
  #pickData(set) {
    const { catalog, config, drawn } = this.#experiment;
    const undrawn = catalog && withoutData({ ...config, data: set }, catalog, drawn);
    if (undrawn) this.#drawData(undrawn.id === "curve" ? "curve" : "drawn");
    else this.#experiment.pickData(set);
  }

  /** @param {Change} change @param {Run} of which run */
  #render(change, of) {
    this.#inspector.note(change, of);
    if (change === "ready" && of === this.#experiment.run) safely(() => this.#ready());
    this.#stage.setSpace(spaceOf(this.#experiment));
    // If one part fails, the other parts and the run continue.
    safely(() => this.#renderRun(change, of));
    safely(() => this.#byHand.onChange(change, of));
    this.#frameSpeed.onChange(change);
    this.#stage.deliver(change, of);
    this.#firstVisit.onChange(change);
    if (change === "created") this.#afterPick.created(this.#experiment);
    safely(() => this.#status.update(this.#experiment));
    safely(() => this.#comparison.follow(this.#experiment));
    this.#buttons.update();
    /** @type {HTMLButtonElement} */ ($("open-share")).disabled = !this.#experiment.catalog;
    this.#followLeaving();
  }

  /** The catalog has come: builds the controls, and begins the run of the address. */
  #ready() {
    const experiment = this.#experiment;
    const { catalog } = experiment;
    if (!catalog || this.#begun) return;
    this.#begun = true;
    safely(() => {
      experiment.readAddress(location);
      experiment.restart();
      this.#firstVisit.begin();
      if (this.#options.play) experiment.play();
      if (this.#options.lesson) void this.#lessons.open(this.#options.lesson);
    });
  }

  /** @param {Change} change @param {Run} of which run */
  #renderRun(change, of) {
    // Update all parts, because another run may have taken the place of this one.
    const all = change === "comparison";
    if (change === "config" || change === "run" || change === "refused" || all) {
      showWaiting(this.#experiment);
      this.#address.set(withOptions(this.#experiment.hash, this.#options), this.#experiment.picks);
      this.#nameExperiment();
    }
    if (change === "config" || change === "run" || all) this.#comparison.update(this.#experiment);
    if (change === "run" || all) this.#densityPanels.update();
    if (change === "frame" && of.onPoints) this.#densityPanels.draw();
    if (change === "mapped") this.#densityPanels.showMapped();
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
