// Figure 1 of Goodfellow et al. 2014, live: the curves, the numbers under them, D alone to its optimum, one G step, and
// the sliders that pull the distributions apart.

import { inFrame } from "../../frames.js";
import { Figure } from "./figure.js";
import { wordsOf } from "./figure-data.js";
import { FigureNumbers, answerQuestions } from "./figure-numbers.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */
/** @import { Output } from "../../protocol.js" */

/** Decay steps of the instance noise: so many that it does not decay during a visit. */
const FOR_LONG = 1_000_000;
/** Frames: maps with as many nodes as the figure has pixels to show, and no more points than its lines can show. */
const FRAME = { points: 400, grid: 100, field: 0, averaged: false };
const SLIDERS = ["offset", "d_noise"];

/** @implements {Panel} */
export class FigurePanel {
  #root;
  #app;
  #figure;
  #numbers;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#root = root;
    this.#app = app;
    this.#figure = new Figure(root);
    this.#numbers = new FigureNumbers(this.#part("#figure-numbers"));
    answerQuestions(root);
    this.#watchButtons();
    this.#watchSliders();
  }

  /** @template {HTMLElement} [T=HTMLElement] @param {string} selector @returns {T} */
  #part(selector) {
    return /** @type {T} */ (this.#root.querySelector(selector));
  }

  /** The kind of D's output. @returns {Output} */
  get #output() {
    return this.#app.experiment.focus.info?.output ?? { type: "probability" };
  }

  /** @param {PanelEvent} event */
  update(event) {
    if (event === "config" || event === "shown") this.#fill();
    if (event === "run" || event === "comparison" || event === "shown")
      for (const run of this.#app.experiment.runs) run.density.ask(FRAME);
    if (event !== "config" && event !== "status") inFrame("figure", () => this.#draw());
    this.#drawButtons();
  }

  #draw() {
    const { running, shownPoints: snapshot } = this.#app.experiment.focus;
    const { byHand } = this.#app;
    if (snapshot?.width !== 1) {
      this.#figure.reset();
      this.#numbers.update(null);
      return this.#say("", "");
    }
    this.#figure.highlight(byHand.overlay);
    this.#figure.update(snapshot, { output: this.#output, normal: running?.prior === "normal" });
    this.#numbers.update(snapshot);
    const { title, text } = wordsOf(snapshot, byHand.lastAction);
    this.#say(title, text);
  }

  /** @param {string} title @param {string} text */
  #say(title, text) {
    for (const [selector, said] of [
      ["#figure-title", title],
      ["#figure-text", text],
    ])
      if (this.#part(selector).textContent !== said) this.#part(selector).textContent = said;
  }

  #watchButtons() {
    const { byHand } = this.#app;
    this.#part("#to-optimum").onclick = () => byHand.trainToOptimum();
    this.#part("#cancel-optimum").onclick = () => byHand.cancelOptimum();
    this.#part("#g-step").onclick = () => byHand.step("generator");
    this.#part("#draw-data").onclick = () => this.#app.drawData("curve");
  }

  #drawButtons() {
    const { focus, other, base, canTrain } = this.#app.experiment;
    const { running, reason, text, progress } = this.#app.byHand.optimum;
    const { snapshot } = focus.density;
    const known = snapshot !== null && snapshot.dOptimal.length > 0;
    const toOptimum = /** @type {HTMLButtonElement} */ (this.#part("#to-optimum"));
    toOptimum.disabled = !canTrain || !known || running || other !== null;
    toOptimum.title = other
      ? "Not while two runs are compared: both stay at the same step"
      : known || !snapshot
        ? "Trains D alone, until the gap to D* stops falling"
        : "D* is not drawn for this loss, so there is no gap";
    /** @type {HTMLButtonElement} */ (this.#part("#g-step")).disabled = !canTrain || running;
    for (const key of SLIDERS) {
      const slider = /** @type {HTMLInputElement} */ (this.#part(`#slide-${key}`));
      slider.disabled = base !== null;
      slider.title = base ? "Not while two runs are compared: change it in the settings" : "";
    }
    this.#part("#optimum-progress").hidden = !running && reason === null;
    this.#part("#optimum-status").textContent = text;
    const bar = /** @type {HTMLProgressElement} */ (this.#part("#optimum-bar"));
    bar.hidden = this.#part("#cancel-optimum").hidden = !running;
    bar.value = progress;
  }

  #watchSliders() {
    const { experiment } = this.#app;
    this.#onSlide("offset", (offset) => experiment.apply({ offset }, true));
    this.#onSlide("d_noise", (noise) =>
      experiment.edit({ ...experiment.config, d_noise: noise, d_noise_steps: FOR_LONG }),
    );
  }

  /** @param {string} key @param {(value: number) => void} use */
  #onSlide(key, use) {
    const input = /** @type {HTMLInputElement} */ (this.#part(`#slide-${key}`));
    input.oninput = () => this.#write(key, Number(input.value));
    input.onchange = () => use(Number(input.value));
  }

  /** @param {string} key @param {number} value */
  #write(key, value) {
    this.#part(`#slid-${key}`).textContent = value.toFixed(2);
  }

  #fill() {
    const { config } = this.#app.experiment;
    for (const key of SLIDERS) {
      const value = Number(config[key] ?? 0);
      /** @type {HTMLInputElement} */ (this.#part(`#slide-${key}`)).value = String(value);
      this.#write(key, value);
    }
  }
}
