// Images: the grid of generated ones of one run or two, with their labels, the selected image large, and real ones.

import { conditionsOf, predictedClassesOf } from "../../app/conditions.js";
import { outputOf } from "../../app/output.js";
import { inFrame } from "../../frames.js";
import { Inspector } from "./inspector.js";
import { aboutMarks, scoreLabel, classLegend, markerOf } from "../../views/marks.js";
import { SampleGrid } from "../../views/samples.js";
import { headingsOf, subjectOf, viewFrom, viewsOf } from "./contents.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */
/** @import { Run } from "../../app/run.js" */

/** @implements {Panel} */
export class SamplesPanel {
  #root;
  #experiment;
  #linked;
  #colouring;
  #ema;
  #view;
  #truncation;
  #crossover;
  /** The views that the menu offers, as a string to detect changes. */
  #offered = "";
  #inspector;
  /** The grids of the first and the second run. @type {{panel: HTMLElement, grid: SampleGrid}[]} */
  #fake;
  #real;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, { experiment, linked, save }) {
    const $ = (/** @type {string} */ id) => /** @type {any} */ (root.querySelector(`#${id}`));
    this.#root = root;
    this.#experiment = experiment;
    this.#linked = linked;
    this.#inspector = new Inspector($("enlarged"), (pixels, id) => this.#selectedRun?.findNearest(pixels, id));
    this.#fake = [$("fake-panel"), $("fake-b-panel")].map((panel, i) => {
      const letter = "AB"[i];
      const noun = i === 0 ? "generated image" : `generated image of ${letter}`;
      const grid = new SampleGrid(panel.querySelector(".grid"), noun, (index) => this.#select(i, "fake", index));
      panel.querySelector(".save").onclick = async () =>
        save(
          await grid.toBlob(),
          `counterfeit-${experiment.other ? `${letter.toLowerCase()}-` : ""}step-${experiment.runs[i].step}.png`,
        );
      return { panel, grid };
    });
    this.#real = new SampleGrid($("real"), "real image", (index) => this.#select(0, "real", index));
    /** @type {HTMLInputElement} */
    this.#ema = $("averaged");
    /** @type {HTMLSelectElement} */
    this.#colouring = $("colouring");
    /** @type {HTMLSelectElement} */
    this.#view = $("view");
    /** @type {HTMLInputElement} */
    this.#truncation = $("truncation");
    /** @type {HTMLInputElement} */
    this.#crossover = $("crossover");
    this.#ema.onchange = this.#colouring.onchange = this.#view.onchange = () => this.#show();
    this.#truncation.oninput = this.#crossover.oninput = () => this.#show();
    // Apply choices that the browser restored when it reloaded the page.
    this.#show();
  }

  /** @param {PanelEvent} event @param {Run} run */
  update(event, run) {
    const all = event === "comparison" || event === "shown";
    if (event === "nearest") return this.#showNearest(run);
    if (event === "run" || all) this.#begin();
    if (event === "run" && run === this.#selectedRun && !run.samples) this.#linked.select(null);
    if (event !== "selection") this.#drawFake();
    if (event === "frame" || all) this.#drawReal();
    inFrame("inspector", () => this.#inspect());
  }

  /** The run of the selected image, while it is one of those that are shown. */
  get #selectedRun() {
    const run = this.#linked.selection?.run;
    return run && this.#experiment.runs.includes(run) ? run : undefined;
  }

  /** @param {number} i of the first run or of the second @param {"fake" | "real"} kind @param {number} index */
  #select(i, kind, index) {
    const run = this.#experiment.runs[i];
    if (run) this.#linked.select({ run, kind, index });
  }

  /** Shows the selected image beside the grid, and marks it there. */
  #inspect() {
    const { runs } = this.#experiment;
    const run = this.#selectedRun;
    const { kind = "fake", index = 0 } = this.#linked.selection ?? {};
    this.#fake.forEach(({ grid }, i) => grid.select(kind === "fake" && runs[i] === run ? index : -1));
    this.#real.select(kind === "real" && run ? index : -1);
    const samples = (kind === "fake" ? run?.samples?.fake : run?.samples?.real) ?? null;
    if (!run || !samples || index >= samples.scores.length) return this.#inspector.show(null);
    const letter = runs.length > 1 && kind === "fake" ? "AB"[runs.indexOf(run)] : "";
    const marks = run.samples?.marks ?? null;
    const classes = predictedClassesOf(run) ?? [];
    this.#inspector.show({ samples, index, kind, output: outputOf(run), marks, classes, letter });
  }

  #show() {
    const { value } = this.#colouring;
    const view = viewFrom(this.#view.value, Number(this.#crossover.value) - 1);
    const marks = value === "class" || value === "realism";
    const psi = this.#experiment.run.running?.family === "style" ? Number(this.#truncation.value) : 1;
    // Without truncation (psi = 1) nothing is sent, which saves the arithmetic.
    this.#experiment.show({ averaged: this.#ema.checked, marks, view, truncation: psi === 1 ? undefined : psi });
    this.#sliders(view.type === "mixing");
    this.#drawFake();
  }

  /** Shows the sliders of a style generator, with their values. @param {boolean} mixing */
  #sliders(mixing) {
    const { running, info } = this.#experiment.run;
    const style = running?.family === "style";
    if (info?.styles) this.#crossover.max = String(info.styles);
    for (const [slider, wanted] of /** @type {[HTMLInputElement, boolean][]} */ ([
      [this.#truncation, style],
      [this.#crossover, style && mixing],
    ])) {
      const label = /** @type {HTMLElement} */ (slider.parentElement);
      label.hidden = !wanted;
      /** @type {HTMLOutputElement} */ (label.querySelector("output")).value = slider.value;
    }
  }

  /**
   * Fills the menu of views. In a comparison the first run determines the choices, and the second shows the same view.
   */
  #offer() {
    const { running } = this.#experiment.run;
    const views = viewsOf(running);
    const offered = JSON.stringify(views);
    if (!running || offered === this.#offered) return;
    this.#offered = offered;
    this.#view.replaceChildren(...views.map(({ value, label }) => new Option(label, value)));
    /** @type {HTMLElement} */ (this.#view.parentElement).hidden = views.length < 2;
    this.#show();
  }

  /** @param {Run} run */
  #showNearest(run) {
    if (run === this.#selectedRun && run.nearest)
      this.#inspector.showNearest(run.nearest, run.quality.history.at(-1)?.memorisationRatio);
  }

  /** A run has begun, or the number of runs has changed. */
  #begin() {
    const { runs, run, other } = this.#experiment;
    this.#fake.forEach(({ panel, grid }, i) => {
      if (!runs[i]?.samples) grid.reset();
      const save = /** @type {HTMLButtonElement} */ (panel.querySelector(".save"));
      save.disabled = !runs[i]?.running;
    });
    this.#offer();
    this.#fake[1].panel.hidden = !other;
    this.#root.classList.toggle("two", other !== null);
    if (!run.samples?.real) this.#real.reset();
  }

  #drawFake() {
    this.#experiment.runs.forEach((_, i) => inFrame(`fake ${i}`, () => this.#drawFakeOf(i)));
  }

  #drawReal() {
    inFrame("real", () => {
      const { run } = this.#experiment;
      if (run.samples?.real) this.#real.update(run.samples.real, scoreLabel(outputOf(run)));
    });
  }

  /** @param {number} i index of the run */
  #drawFakeOf(i) {
    const run = this.#experiment.runs[i];
    if (!run) return;
    const {
      samples,
      quality: { every },
    } = run;
    const { panel, grid } = this.#fake[i];
    const chosen = /** @type {import("../../views/marks.js").Colouring} */ (this.#colouring.value);
    const marks = samples?.marks ?? null;
    const { view } = run.shown;
    const sweep = run.info?.sweep ?? [];
    const { title, note } = aboutMarks(chosen, marks, every, subjectOf(view, run.running, sweep));
    const say = (/** @type {string} */ part, /** @type {string} */ text) => {
      const node = /** @type {HTMLElement} */ (panel.querySelector(part));
      // Setting the same text again would make screen readers announce it again.
      if (node.textContent !== text) node.textContent = text;
    };
    say(".title", title);
    say(".note", note);
    panel
      .querySelector(".class-legend")
      ?.replaceChildren(...(chosen === "class" ? classLegend(marks, predictedClassesOf(run) ?? []) : []));
    const headings = headingsOf(view, run.running, conditionsOf(run), sweep).map((text) =>
      Object.assign(document.createElement("span"), { textContent: text }),
    );
    const columns = /** @type {HTMLElement} */ (panel.querySelector(".columns"));
    columns.style.setProperty("--columns", String(headings.length));
    columns.replaceChildren(...headings);
    if (samples) grid.update(samples.fake, markerOf(chosen, marks, predictedClassesOf(run) ?? [], outputOf(run)));
  }
}
