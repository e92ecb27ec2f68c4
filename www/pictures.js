// Connects the image panels with the experiment: the grids of generated images of one run or two, the real images, the
// labels of the images, and the dialog with one enlarged image.

import { conditionsOf, predictedClassesOf } from "./conditions.js";
import { inFrame } from "./frames.js";
import { Enlarged } from "./views/enlarge.js";
import { PROBABILITY, aboutMarks, scoreLabel, classLegend, markerOf } from "./views/marks.js";
import { SampleGrid } from "./views/samples.js";
import { headingsOf, subjectOf, viewFrom, viewsOf } from "./views/view.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Samples } from "./protocol.js" */
/** @import { Run } from "./run.js" */

/** The meaning of D's output in a run: a probability, a score or the output of a critic. @param {Run} run */
export const outputOf = (run) => run.info?.output ?? PROBABILITY;

export class Pictures {
  #experiment;
  #colouring;
  #ema;
  #view;
  #truncation;
  #crossover;
  /** The views that the menu offers, as a string to detect changes. */
  #offered = "";
  #enlarged;
  /** The run of the enlarged image. @type {Run | undefined} */
  #opened;
  /** The grids of the first and the second run. @type {{panel: HTMLElement, grid: SampleGrid}[]} */
  #fake;
  #real;

  /** @param {Experiment} experiment @param {(blob: Blob | null, name: string) => void} save */
  constructor(experiment, save) {
    const $ = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
    this.#experiment = experiment;
    this.#enlarged = new Enlarged($("enlarged"), (pixels, id) => this.#opened?.findNearest(pixels, id));
    this.#fake = [$("fake-panel"), $("fake-b-panel")].map((panel, i) => {
      const letter = "AB"[i];
      const grid = new SampleGrid(
        panel.querySelector(".grid"),
        i === 0 ? "generated image" : `generated image of ${letter}`,
        (s, at) => this.#open(experiment.runs[i], s, at, "fake"),
      );
      panel.querySelector(".save").onclick = async () =>
        save(
          await grid.toBlob(),
          `counterfeit-${experiment.other ? `${letter.toLowerCase()}-` : ""}step-${experiment.runs[i].step}.png`,
        );
      return { panel, grid };
    });
    this.#real = new SampleGrid($("real"), "real image", (s, at) => this.#open(experiment.run, s, at, "real"));
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

  #show() {
    const { value } = this.#colouring;
    const view = viewFrom(this.#view.value, Number(this.#crossover.value) - 1);
    const marks = value === "class" || value === "realism";
    const psi = this.#experiment.run.running?.family === "style" ? Number(this.#truncation.value) : 1;
    // Without truncation (psi = 1) nothing is sent, which saves the arithmetic.
    this.#experiment.show({ averaged: this.#ema.checked, marks, view, truncation: psi === 1 ? undefined : psi });
    this.#sliders(view.type === "mixing");
    this.drawFake();
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

  /** @param {Run} run @param {Samples} samples @param {number} i @param {"fake" | "real"} kind */
  #open(run, samples, i, kind) {
    this.#opened = run;
    this.#enlarged.open(samples, i, kind, outputOf(run));
  }

  /** Shows the nearest training image in the dialog. @param {Run} run */
  showNearest(run) {
    if (run === this.#opened && run.nearest)
      this.#enlarged.showNearest(run.nearest, run.quality.history.at(-1)?.memorisationRatio);
  }

  /** A run has begun, or the number of runs has changed. */
  update() {
    const { runs, run, other } = this.#experiment;
    this.#fake.forEach(({ panel, grid }, i) => {
      if (!runs[i]?.samples) grid.reset();
      const save = /** @type {HTMLButtonElement} */ (panel.querySelector(".save"));
      save.disabled = !runs[i]?.running;
    });
    this.#offer();
    this.#fake[1].panel.hidden = !other;
    if (!run.samples?.real) this.#real.reset();
    this.drawFake();
  }

  drawFake() {
    this.#experiment.runs.forEach((_, i) => inFrame(`fake ${i}`, () => this.#drawFake(i)));
  }

  drawReal() {
    inFrame("real", () => {
      const { run } = this.#experiment;
      if (run.samples?.real) this.#real.update(run.samples.real, scoreLabel(outputOf(run)));
    });
  }

  /** @param {number} i index of the run */
  #drawFake(i) {
    const run = this.#experiment.runs[i];
    if (!run) return;
    const {
      samples,
      quality: { every },
    } = run;
    const { panel, grid } = this.#fake[i];
    const chosen = /** @type {import("./views/marks.js").Colouring} */ (this.#colouring.value);
    const marks = samples?.marks ?? null;
    const { view } = run.shown;
    const { title, note } = aboutMarks(chosen, marks, every, subjectOf(view, run.running));
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
    const headings = headingsOf(view, run.running, conditionsOf(run)).map((text) =>
      Object.assign(document.createElement("span"), { textContent: text }),
    );
    const columns = /** @type {HTMLElement} */ (panel.querySelector(".columns"));
    columns.style.setProperty("--columns", String(headings.length));
    columns.replaceChildren(...headings);
    if (samples) grid.update(samples.fake, markerOf(chosen, marks, predictedClassesOf(run) ?? [], outputOf(run)));
  }
}
