// Wires the panels that show how a step works: figure 1 of a run on a line, slow motion, and the Dirac-GAN. Each is of the run that is
// in focus, and there only for runs on points.

import { inFrame } from "./frames.js";
import { ToOptimum } from "./optimum.js";
import { BinsDrawing } from "./views/bins.js";
import { DiracView } from "./views/dirac.js";
import { wordsOf } from "./views/figure-data.js";
import { FigureNumbers, answerQuestions } from "./views/figure-numbers.js";
import { Figure } from "./views/figure.js";
import { WalkView } from "./views/walk.js";
import { SlowMotion } from "./walk.js";

/** @import { Change, Experiment } from "./experiment.js" */
/** @import { Config, Output } from "./protocol.js" */
/** @import { Run } from "./run.js" */
/** @import { Deed } from "./views/figure-data.js" */
/** @import { Overlay } from "./walk.js" */

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {HTMLElement | null} panel whose top is to be seen */
function bringIntoView(panel) {
  const top = panel?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > innerHeight / 2) panel?.scrollIntoView({ block: "start" });
}

/** Noise that does not fade while somebody looks at what it does. */
const FOR_LONG = 1_000_000;

export class Mechanism {
  #experiment;
  #lit;
  #figure = new Figure($("line"));
  #numbers = new FigureNumbers($("figure-numbers"));
  #dirac;
  #slow;
  #walk;
  #curve;
  #optimum = new ToOptimum((updates) => this.#train(updates));
  /** @type {Deed} */
  #deed = "start";
  /** Steps that had been made when D alone was last told to go on. */
  #from = 0;
  /** What is to be done as soon as the run has nothing to do. @type {(() => void) | null} */
  #next = null;

  /** @param {Experiment} experiment @param {(overlay: Overlay | null) => void} lit the picture of the plane is to light this */
  constructor(experiment, lit) {
    this.#experiment = experiment;
    this.#lit = lit;
    this.#dirac = new DiracView($("dirac"), (wish, id) => experiment.focus.ground.dirac(wish, id));
    this.#slow = new SlowMotion({
      ask: (player) => this.#whenIdle(() => experiment.focus.ground.walkThrough(player)),
      update: (player) => this.#step(player),
      changed: () => this.#drawWalk(),
    });
    this.#walk = new WalkView($("walk"), this.#slow, (config) => experiment.edit(config));
    this.#curve = new BinsDrawing(/** @type {HTMLDialogElement} */ ($("draw-curve")), (heights) => experiment.setDrawn("curve", heights));
    answerQuestions($("line"));
    this.#watchButtons();
    this.#watchSliders();
    this.#watchSpeed();
  }

  /** What D's output means in the run in focus. @returns {Output} */
  get #output() {
    return this.#experiment.focus.info?.output ?? { type: "probability" };
  }

  /** @param {Change} change @param {Run} run */
  hear(change, run) {
    const { focus, catalog, config, playing } = this.#experiment;
    if (change === "ready" && catalog) this.#dirac.begin(catalog);
    if (change === "dirac" && run.ground.portrait) return this.#dirac.update(run.ground.portrait);
    if (change === "config" && catalog) this.#fill(config);
    if (run !== focus && change !== "comparison") return;
    if (change === "comparison" && this.#speed.value !== "slow") this.#pace(this.#speed.value);
    if (change === "comparison" || change === "refused" || (change === "run" && !focus.ground.scene)) this.#forget();
    if (change === "walk" && focus.ground.walk) this.#slow.receive(focus.ground.walk);
    if (playing) this.#played();
    if (change === "scene" || change === "run" || change === "comparison") this.#drawScene();
    if (change === "curves") this.#trained();
    if (this.#next && focus.arrived) {
      const next = this.#next;
      this.#next = null;
      next();
    }
    this.#drawButtons();
  }

  /** A density on the line by hand, which becomes the data. */
  drawCurve() {
    this.#curve.open();
  }

  /** Another run, or none: nothing of what went on concerns it. */
  #forget() {
    this.#optimum.forget();
    this.#slow.stop();
    this.#deed = "start";
    this.#next = null;
    this.#figure.reset();
  }

  /** Training goes on by itself: what is walked slowly would be of long ago. */
  #played() {
    this.#deed = "training";
    if (this.#slow.overlay || this.#slow.waits) this.#slow.stop();
    if (this.#speed.value === "slow") this.#pace("Infinity");
    this.#optimum.forget();
  }

  /** Steps were made, and their scene has come before. */
  #trained() {
    const { focus } = this.#experiment;
    if (!focus.arrived) return;
    this.#slow.updated();
    if (!this.#optimum.running || focus.step <= this.#from) return;
    this.#optimum.heard(focus.ground.scene?.gap ?? NaN, (focus.step - this.#from) * Number(focus.running?.d_steps ?? 1));
    if (!this.#optimum.running) {
      this.#deed = "optimum";
      this.#drawScene();
    }
  }

  #drawScene() {
    inFrame("figure", () => this.#drawFigure());
  }

  #drawFigure() {
    const { running, ground: { scene } } = this.#experiment.focus;
    if (scene?.width !== 1) return this.#say("", "");
    this.#figure.update(scene, { output: this.#output, normal: running?.prior === "normal" });
    this.#numbers.update(scene);
    const { title, look } = wordsOf(scene, this.#deed);
    this.#say(title, look);
  }

  /** @param {string} title @param {string} look */
  #say(title, look) {
    if ($("figure-title").textContent !== title) $("figure-title").textContent = title;
    if ($("figure-look").textContent !== look) $("figure-look").textContent = look;
  }

  #drawWalk() {
    const first = $("walk").dataset.player === "" && this.#slow.overlay;
    this.#walk.update(this.#output, this.#experiment.focus.running);
    // On a phone the picture is far above what steers it, which then goes with the screen.
    if (first) bringIntoView(document.getElementById(document.body.dataset.space ?? ""));
    this.#figure.light(this.#slow.overlay);
    this.#lit(this.#slow.overlay);
  }

  /** @param {() => void} run */
  #whenIdle(run) {
    this.#experiment.pause();
    if (this.#experiment.focus.arrived) run();
    else this.#next = run;
  }

  /** One step of one network. @param {"discriminator" | "generator"} player */
  #step(player) {
    this.#optimum.forget();
    this.#deed = player === "generator" ? "g-step" : "training";
    this.#experiment.stepOnce(player);
  }

  /** D alone. @param {number} updates */
  #train(updates) {
    const { focus } = this.#experiment;
    this.#from = focus.step;
    focus.stepAlone("discriminator", Math.max(1, Math.round(updates / Number(focus.running?.d_steps ?? 1))));
  }

  #watchButtons() {
    $("to-optimum").onclick = () => this.#whenIdle(() => {
      this.#slow.stop();
      this.#optimum.begin(this.#experiment.focus.ground.scene?.gap ?? NaN);
      this.#drawButtons();
    });
    $("cancel-optimum").onclick = () => {
      this.#optimum.cancel();
      this.#drawButtons();
    };
    $("draw-data").onclick = () => this.drawCurve();
    $("g-step").onclick = () => this.#whenIdle(() => {
      this.#slow.stop();
      this.#step("generator");
    });
  }

  #drawButtons() {
    const { focus, other, canTrain } = this.#experiment;
    const { running, reason, told, progress } = this.#optimum;
    const known = focus.ground.scene !== null && !Number.isNaN(focus.ground.scene.gap);
    /** @type {HTMLButtonElement} */ ($("to-optimum")).disabled = !canTrain || !known || running || other !== null;
    $("to-optimum").title = other ? "Not while two runs are compared: both are to stand at the same step" : known ? "Only D learns, until the gap to D* stops falling" : "This game has no D* to compare D with";
    /** @type {HTMLButtonElement} */ ($("g-step")).disabled = !canTrain || running;
    $("optimum-progress").hidden = !running && reason === null;
    $("optimum-told").textContent = told;
    const bar = /** @type {HTMLProgressElement} */ ($("optimum-bar"));
    bar.hidden = $("cancel-optimum").hidden = !running;
    bar.value = progress;
  }

  #watchSliders() {
    const slider = (/** @type {string} */ key, /** @type {(v: number) => void} */ use) => {
      const input = /** @type {HTMLInputElement} */ ($(`slide-${key}`));
      input.oninput = () => { $(`slid-${key}`).textContent = Number(input.value).toFixed(2); };
      input.onchange = () => use(Number(input.value));
    };
    slider("offset", (offset) => this.#experiment.apply({ offset }, true));
    slider("d_noise", (noise) => this.#experiment.edit({ ...this.#experiment.config, d_noise: noise, d_noise_steps: FOR_LONG }));
  }

  #watchSpeed() {
    this.#speed.onchange = () => {
      const { value } = this.#speed;
      if (value !== "slow") return this.#pace(value);
      this.#experiment.pause();
      this.#slow.time(true);
      $("walk").scrollIntoView({ block: "nearest" });
    };
  }

  get #speed() {
    return /** @type {HTMLSelectElement} */ ($("speed"));
  }

  /** Steps a picture. @param {string} speed */
  #pace(speed) {
    this.#speed.value = speed;
    for (const run of this.#experiment.runs) run.ground.stepsPerFrame = Number(speed);
  }

  /** @param {Config} config */
  #fill(config) {
    if (this.#experiment.catalog) this.#walk.fill(config, this.#experiment.catalog);
    this.#walk.update(this.#output, this.#experiment.focus.running);
    for (const key of ["offset", "d_noise"]) {
      /** @type {HTMLInputElement} */ ($(`slide-${key}`)).value = String(config[key] ?? 0);
      $(`slid-${key}`).textContent = Number(config[key] ?? 0).toFixed(2);
    }
  }
}
