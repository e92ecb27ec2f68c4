// The page's parts, and which of them follow which change of the experiment.

import glossary from "../../docs/glossary.md?raw";
import { mediaMatches, safely, saveFile } from "../browser.js";
import { DensityPanels } from "./density-panels.js";
import { takeDrops } from "./drops.js";
import { Experiment } from "./experiment.js";
import { Inspector } from "./inspect.js";
import { guardLeaving, openLinksBeside } from "./leave.js";
import { Linked } from "./linked.js";
import { Mechanism } from "./mechanism.js";
import { predictedClassesOf } from "./conditions.js";
import { Pictures } from "./pictures.js";
import { deviceFromAddress, settled, toHash, withoutData } from "./state.js";
import { ComparisonBar } from "../views/comparison.js";
import { Drawing } from "../views/drawing.js";
import { GlossaryDialog } from "../views/glossary.js";
import { ReportCard } from "../views/report.js";
import { StatusLine } from "../views/status.js";
import { PANELS } from "../panels/list.js";
import { Buttons } from "./buttons.js";
import { Charts } from "./charts.js";
import { Forms } from "./forms.js";
import { closeMenus } from "./menus.js";
import { $ } from "./page.js";
import { likelySpace, spaceOf } from "./space.js";
import { Stage } from "./stage.js";

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
  #charts;
  #forms;
  #buttons;
  #pictures;
  #densityPanels;
  #mechanism;
  #drawing;
  #comparison;
  #followLeaving;
  #status = new StatusLine($("status"));
  #reportCard = new ReportCard($("report"), save);
  /** Whether the address had no settings, as on a first visit. */
  #first = !settled(location.hash);

  /** @param {Notices} notices */
  constructor(notices) {
    const experiment = new Experiment(notices, (change, of) => this.#render(change, of));
    this.#experiment = experiment;
    this.#inspector = new Inspector(experiment, notices);
    Object.defineProperty(window, "counterfeit", { value: this.#inspector });
    this.#charts = new Charts(experiment);
    this.#pictures = new Pictures(experiment, save);
    this.#densityPanels = new DensityPanels(experiment, save);
    this.#mechanism = new Mechanism(
      experiment,
      (overlay) => this.#densityPanels.highlight(overlay),
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
      unsent: this.#drawing.unsent || this.#mechanism.unsent,
    }));
    this.#forms = new Forms(experiment);
    this.#buttons = new Buttons(experiment, this.#mechanism, {
      changeEvery: () => this.#pictures.drawFake(),
      chooseB: () => this.#stage.openDrawer(),
    });
    this.#comparison = this.#compared();
    const linked = new Linked((change) => this.#stage.deliver(change, experiment.focus));
    this.#stage.begin({
      experiment,
      linked,
      stage: this.#stage,
      notices,
      save,
      pickData: (set) => this.#pickData(set),
      drawData: (toy) => this.#draw(toy),
    });
    closeMenus();
    $("open-settings").onclick = () => this.#stage.openDrawer();
    $("close-drawer").onclick = () => this.#stage.closeDrawer();
    this.#watchFocus();
  }

  /** Reads the device from the address and starts the worker. */
  start() {
    const { devicePreference } = deviceFromAddress(location);
    this.#experiment.devicePreference = devicePreference;
    /** @type {HTMLSelectElement} */ ($("device")).value = devicePreference;
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
    const glossaryDialog = new GlossaryDialog(/** @type {HTMLDialogElement} */ ($("glossary")), glossary);
    $("open-glossary").onclick = () => glossaryDialog.open();
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

  /** Opens the editor of data that the visitor draws. @param {ToyInfo} toy */
  #draw(toy) {
    if (toy.space === "line") this.#mechanism.drawCurve();
    else this.#drawing.open(this.#experiment.drawn.drawn ?? null);
  }

  /** Chooses a data set, or opens the editor of one that has not been drawn yet. @param {string} set */
  #pickData(set) {
    const { catalog, config, drawn } = this.#experiment;
    const undrawn = catalog && withoutData({ ...config, data: set }, catalog, drawn);
    if (undrawn) this.#draw(undrawn);
    else this.#experiment.pickData(set);
  }

  /** @param {Change} change @param {Run} of which run */
  #render(change, of) {
    this.#inspector.note(change, of);
    if (change === "ready" && of === this.#experiment.run) safely(() => this.#ready());
    this.#stage.setSpace(spaceOf(this.#experiment));
    // If one part fails, the other parts and the run continue.
    safely(() => this.#renderRun(change, of));
    safely(() => this.#renderEvaluated(change, of));
    safely(() => this.#mechanism.onChange(change, of));
    this.#stage.deliver(change, of);
    safely(() => this.#status.update(this.#experiment));
    safely(() => this.#comparison.follow(this.#experiment));
    this.#buttons.update();
    this.#followLeaving();
  }

  /** The catalog has come: builds the controls, and begins the run of the address. */
  #ready() {
    const experiment = this.#experiment;
    const { catalog } = experiment;
    if (!catalog || this.#forms.filled) return;
    safely(() => {
      this.#forms.fill(catalog);
      experiment.readAddress(location);
      experiment.restart();
      // The first visit starts with a demo, unless the visitor prefers reduced motion.
      if (this.#first && !mediaMatches("(prefers-reduced-motion: reduce)")) experiment.playDemo();
    });
  }

  /** @param {Change} change @param {Run} of which run */
  #renderRun(change, of) {
    // Update all parts, because another run may have taken the place of this one.
    const all = change === "comparison";
    if (change === "config" || change === "run" || change === "refused" || all) this.#forms.drawSettings();
    if (change === "config" || change === "run" || all) this.#comparison.update(this.#experiment);
    if (change === "run" || all) {
      this.#charts.begin();
      this.#pictures.update();
      this.#densityPanels.update();
    }
    if (change === "frame" && of.onPoints) this.#densityPanels.draw();
    if ((change === "frame" && !of.onPoints) || all) {
      this.#pictures.drawFake();
      if (of === this.#experiment.run) this.#pictures.drawReal();
    }
  }

  /** @param {Change} change @param {Run} of which run */
  #renderEvaluated(change, of) {
    const all = change === "comparison";
    if (change === "evaluation" && of.onPoints) this.#densityPanels.drawMeasures();
    if (change === "mapped") this.#densityPanels.showMapped();
    if (change === "run" || change === "curves" || change === "ready" || all) this.#charts.drawCurves();
    if (change === "run" || change === "evaluation" || all) this.#charts.drawEvaluations();
    if (change === "outline" && of.outline) this.#forms.drawNetworks(of.outline.outline);
    if (change === "nearest") this.#pictures.showNearest(of);
    if (change === "report") this.#openReport(of);
  }

  /** @param {Run} of */
  #openReport(of) {
    const { running: config, catalog, device, quality } = of;
    if (!quality.report || !config || !catalog) return;
    this.#reportCard.open({
      measured: quality.report,
      config,
      changed: toHash(config, "auto", catalog).split("&").filter(Boolean),
      device: device?.name ?? "",
      address: this.#forms.href,
      classes: predictedClassesOf(of) ?? [],
    });
  }
}
