// Wires the panels that show how a step works: figure 1 for runs in 1-D, slow motion, and the Dirac-GAN. They show the
// run in focus, and exist only for density runs.

import { inFrame } from "../frames.js";
import { ToOptimum } from "./optimum.js";
import { BinsDrawing } from "../views/bins.js";
import { DiracView } from "../views/dirac.js";
import { wordsOf } from "../views/figure-data.js";
import { FigureNumbers, answerQuestions } from "../views/figure-numbers.js";
import { Figure } from "../views/figure.js";
import { WalkView } from "../views/walk.js";
import { SlowMotion } from "./walk.js";

/** @import { Change, Experiment } from "./experiment.js" */
/** @import { Config, Output, Networks } from "../protocol.js" */
/** @import { Run } from "./run.js" */
/** @import { LastAction } from "../views/figure-data.js" */
/** @import { Overlay } from "./walk.js" */

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = (id) => /** @type {T} */ (document.getElementById(id));

/** Scrolls until the top of a panel is visible. @param {HTMLElement | null} panel */
function bringIntoView(panel) {
  const top = panel?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > innerHeight / 2) panel?.scrollIntoView({ block: "start" });
}

/** Decay steps of the instance noise: so many that it does not decay during a visit. */
const FOR_LONG = 1_000_000;

export class Mechanism {
  #experiment;
  #highlight;
  #figure = new Figure($("line"));
  #numbers = new FigureNumbers($("figure-numbers"));
  #dirac;
  #slow;
  #walk;
  #curve;
  #optimum = new ToOptimum((updates) => this.#train(updates));
  /** @type {LastAction} */
  #lastAction = "start";
  /** The step at which the last batch of D alone was requested. */
  #from = 0;
  /** The action to run as soon as every run is idle. @type {(() => void) | null} */
  #pending = null;

  /**
   * @param {Experiment} experiment
   * @param {(overlay: Overlay | null) => void} highlight shows a stage of slow motion in data space
   * @param {() => void} drawingChanged called when `unsent` may have changed
   */
  constructor(experiment, highlight, drawingChanged) {
    this.#experiment = experiment;
    this.#highlight = highlight;
    this.#dirac = new DiracView($("dirac"), (request, id) => experiment.focus.density.dirac(request, id));
    this.#slow = new SlowMotion({
      ask: (network) => this.#whenIdle(() => experiment.focus.density.walkThrough(network)),
      update: (network) => this.#update(network),
      changed: () => this.#drawWalk(),
    });
    this.#walk = new WalkView($("walk"), this.#slow, (config) => experiment.edit(config));
    this.#curve = new BinsDrawing(
      /** @type {HTMLDialogElement} */ ($("draw-curve")),
      (heights) => experiment.setDrawn("curve", heights),
      drawingChanged,
    );
    answerQuestions($("line"));
    this.#watchButtons();
    this.#watchSliders();
    this.#watchSpeed();
  }

  /** Whether the editor of a density in 1-D holds a drawing that no run uses yet. */
  get unsent() {
    return this.#curve.unsent;
  }

  /** The kind of D's output in the run in focus. @returns {Output} */
  get #output() {
    return this.#experiment.focus.info?.output ?? { type: "probability" };
  }

  /** @param {Change} change @param {Run} run */
  onChange(change, run) {
    const { focus, catalog, config, playing } = this.#experiment;
    if (change === "ready" && catalog) this.#dirac.begin(catalog);
    if (change === "dirac" && run.density.portrait) return this.#dirac.update(run.density.portrait);
    if (change === "config" && catalog) this.#fill(config);
    if (run !== focus && change !== "comparison") {
      this.#runPending();
      return this.#drawButtons();
    }
    if (change === "comparison" && this.#speed.value !== "slow") this.#setStepsPerFrame(this.#speed.value);
    if (change === "comparison" || change === "refused" || (change === "run" && !focus.density.snapshot))
      this.#forget();
    if (!focus.alive) this.#leave();
    if (change === "run") this.#updateWalk();
    if (change === "walk" && focus.density.walk) this.#slow.receive(focus.density.walk);
    if (playing) this.#played();
    if (change === "frame" || change === "run" || change === "comparison") this.#drawSnapshot();
    if (change === "curves") this.#trained();
    this.#runPending();
    this.#drawButtons();
  }

  /** One step by hand; ends slow motion and the training to the optimum. @param {Networks} networks */
  step(networks) {
    this.#optimum.cancel();
    this.#whenIdle(() => {
      this.#slow.stop();
      this.#update(networks);
    });
  }

  /** Opens the dialog to draw a 1-D density, which becomes the data. */
  drawCurve() {
    this.#curve.open(this.#experiment.drawn.curve ?? null);
  }

  /** Another run, or none: clears all panels. */
  #forget() {
    this.#leave();
    this.#lastAction = "start";
    this.#figure.reset();
    this.#numbers.update(null);
    this.#say("", "");
  }

  /** Ends slow motion, the training to the optimum and the pending action. */
  #leave() {
    this.#pending = null;
    this.#optimum.forget();
    if (this.#slow.overlay || this.#slow.waits) this.#slow.stop();
  }

  /** Training runs: a minibatch in slow motion would be out of date. */
  #played() {
    this.#lastAction = "training";
    this.#leave();
    if (this.#speed.value === "slow") this.#setStepsPerFrame("Infinity");
  }

  /** A batch of steps was answered; its frame has come before. */
  #trained() {
    const { focus } = this.#experiment;
    if (!focus.arrived) return;
    this.#slow.updated();
    if (!this.#optimum.running || focus.step <= this.#from) return;
    this.#optimum.onTrained(
      focus.density.snapshot?.gap ?? NaN,
      (focus.step - this.#from) * Number(focus.running?.d_steps ?? 1),
    );
    if (!this.#optimum.running) {
      this.#lastAction = "optimum";
      this.#drawSnapshot();
    }
  }

  #drawSnapshot() {
    if (document.body.dataset.space === "line") inFrame("figure", () => this.#drawFigure());
  }

  #drawFigure() {
    const {
      running,
      density: { snapshot },
    } = this.#experiment.focus;
    if (snapshot?.width !== 1) return this.#say("", "");
    this.#figure.update(snapshot, { output: this.#output, normal: running?.prior === "normal" });
    this.#numbers.update(snapshot);
    const { title, text } = wordsOf(snapshot, this.#lastAction);
    this.#say(title, text);
  }

  /** @param {string} title @param {string} look */
  #say(title, look) {
    if ($("figure-title").textContent !== title) $("figure-title").textContent = title;
    if ($("figure-text").textContent !== look) $("figure-text").textContent = look;
  }

  #drawWalk() {
    const first = $("walk").dataset.network === "" && this.#slow.overlay;
    this.#updateWalk();
    // On a phone the picture is far above the controls, which then stay on the screen.
    if (first) bringIntoView(document.getElementById(document.body.dataset.space ?? ""));
    this.#figure.highlight(this.#slow.overlay);
    this.#highlight(this.#slow.overlay);
  }

  #updateWalk() {
    const { running, alive, info } = this.#experiment.focus;
    this.#walk.update(info, alive ? running : null);
    // Slow motion is over.
    if (this.#speed.value === "slow" && !this.#slow.overlay && !this.#slow.waits) this.#setStepsPerFrame("Infinity");
  }

  /** @param {() => void} run */
  #whenIdle(run) {
    this.#experiment.pause();
    this.#pending = run;
    this.#runPending();
  }

  /** Runs the pending action once every run is idle. */
  #runPending() {
    const next = this.#pending;
    if (!next || this.#experiment.runs.some((run) => run.alive && !run.arrived)) return;
    this.#pending = null;
    next();
  }

  /** One step of one network, or of both. @param {Networks} networks */
  #update(networks) {
    this.#optimum.forget();
    this.#lastAction = networks === "generator" ? "g-step" : "training";
    this.#experiment.stepOnce(networks);
  }

  /** D alone. @param {number} updates */
  #train(updates) {
    const { focus } = this.#experiment;
    this.#from = focus.step;
    focus.trainOnly("discriminator", Math.max(1, Math.round(updates / Number(focus.running?.d_steps ?? 1))));
  }

  #watchButtons() {
    $("to-optimum").onclick = () =>
      this.#whenIdle(() => {
        this.#slow.stop();
        this.#optimum.begin(this.#experiment.focus.density.snapshot?.gap ?? NaN);
        this.#drawButtons();
      });
    $("cancel-optimum").onclick = () => {
      this.#optimum.cancel();
      this.#drawButtons();
    };
    $("draw-data").onclick = () => this.drawCurve();
    $("g-step").onclick = () => this.step("generator");
  }

  #drawButtons() {
    const { focus, other, base, canTrain } = this.#experiment;
    const { running, reason, text, progress } = this.#optimum;
    const { snapshot } = focus.density;
    const known = snapshot !== null && snapshot.dOptimal.length > 0;
    /** @type {HTMLButtonElement} */ ($("to-optimum")).disabled = !canTrain || !known || running || other !== null;
    $("to-optimum").title = other
      ? "Not while two runs are compared: both stay at the same step"
      : known || !snapshot
        ? "Trains D alone, until the gap to D* stops falling"
        : "D* is not drawn for this loss, so there is no gap";
    /** @type {HTMLButtonElement} */ ($("g-step")).disabled = !canTrain || running;
    for (const key of ["offset", "d_noise"]) {
      /** @type {HTMLInputElement} */ ($(`slide-${key}`)).disabled = base !== null;
      $(`slide-${key}`).title = base ? "Not while two runs are compared: change it in the form" : "";
    }
    $("optimum-progress").hidden = !running && reason === null;
    $("optimum-status").textContent = text;
    const bar = /** @type {HTMLProgressElement} */ ($("optimum-bar"));
    bar.hidden = $("cancel-optimum").hidden = !running;
    bar.value = progress;
  }

  #watchSliders() {
    const slider = (/** @type {string} */ key, /** @type {(v: number) => void} */ use) => {
      const input = /** @type {HTMLInputElement} */ ($(`slide-${key}`));
      input.oninput = () => {
        $(`slid-${key}`).textContent = Number(input.value).toFixed(2);
      };
      input.onchange = () => use(Number(input.value));
    };
    slider("offset", (offset) => this.#experiment.apply({ offset }, true));
    slider("d_noise", (noise) =>
      this.#experiment.edit({ ...this.#experiment.config, d_noise: noise, d_noise_steps: FOR_LONG }),
    );
  }

  #watchSpeed() {
    this.#speed.onchange = () => {
      const { value } = this.#speed;
      // Whoever chooses a speed gets it.
      this.#experiment.faster();
      if (value !== "slow") return this.#setStepsPerFrame(value);
      this.#experiment.pause();
      this.#slow.time(true);
      $("walk").scrollIntoView({ block: "nearest" });
    };
  }

  get #speed() {
    return /** @type {HTMLSelectElement} */ ($("speed"));
  }

  /** Sets the training steps per frame. @param {string} speed */
  #setStepsPerFrame(speed) {
    this.#speed.value = speed;
    for (const run of this.#experiment.runs) run.density.stepsPerFrame = Number(speed);
  }

  /** @param {Config} config */
  #fill(config) {
    if (this.#experiment.catalog) this.#walk.fill(config, this.#experiment.catalog);
    this.#updateWalk();
    for (const key of ["offset", "d_noise"]) {
      /** @type {HTMLInputElement} */ ($(`slide-${key}`)).value = String(config[key] ?? 0);
      $(`slid-${key}`).textContent = Number(config[key] ?? 0).toFixed(2);
    }
  }
}
