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
/** @import { Config, Output, Players } from "./protocol.js" */
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
      update: (player) => this.#update(player),
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
    if (run !== focus && change !== "comparison") {
      this.#goOn();
      return this.#drawButtons();
    }
    if (change === "comparison" && this.#speed.value !== "slow") this.#pace(this.#speed.value);
    if (change === "comparison" || change === "refused" || (change === "run" && !focus.ground.scene)) this.#forget();
    if (!focus.alive) this.#leave();
    if (change === "run") this.#updateWalk();
    if (change === "walk" && focus.ground.walk) this.#slow.receive(focus.ground.walk);
    if (playing) this.#played();
    if (change === "scene" || change === "run" || change === "comparison") this.#drawScene();
    if (change === "curves") this.#trained();
    this.#goOn();
    this.#drawButtons();
  }

  /** One step by hand: what was walked slowly, or was on its way to the optimum, is over. @param {Players} players */
  step(players) {
    this.#optimum.cancel();
    this.#whenIdle(() => {
      this.#slow.stop();
      this.#update(players);
    });
  }

  /** A density on the line by hand, which becomes the data. */
  drawCurve() {
    this.#curve.open(this.#experiment.drawn.curve ?? null);
  }

  /** Another run, or none: nothing of what went on concerns it. */
  #forget() {
    this.#leave();
    this.#deed = "start";
    this.#figure.reset();
    this.#numbers.update(null);
    this.#say("", "");
  }

  /** Nothing that went on goes on, and nothing waits. */
  #leave() {
    this.#next = null;
    this.#optimum.forget();
    if (this.#slow.overlay || this.#slow.waits) this.#slow.stop();
  }

  /** Training goes on by itself: what is walked slowly would be of long ago. */
  #played() {
    this.#deed = "training";
    this.#leave();
    if (this.#speed.value === "slow") this.#pace("Infinity");
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
    if (document.body.dataset.space === "line") inFrame("figure", () => this.#drawFigure());
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
    this.#updateWalk();
    // On a phone the picture is far above what steers it, which then goes with the screen.
    if (first) bringIntoView(document.getElementById(document.body.dataset.space ?? ""));
    this.#figure.light(this.#slow.overlay);
    this.#lit(this.#slow.overlay);
  }

  #updateWalk() {
    const { running, alive } = this.#experiment.focus;
    this.#walk.update(this.#output, alive ? running : null);
    // It is slow no longer.
    if (this.#speed.value === "slow" && !this.#slow.overlay && !this.#slow.waits) this.#pace("Infinity");
  }

  /** @param {() => void} run */
  #whenIdle(run) {
    this.#experiment.pause();
    this.#next = run;
    this.#goOn();
  }

  /** What waited for every run to stand still is done, once they do. */
  #goOn() {
    const next = this.#next;
    if (!next || this.#experiment.runs.some((run) => run.alive && !run.arrived)) return;
    this.#next = null;
    next();
  }

  /** One step of one network, or of both. @param {Players} players */
  #update(players) {
    this.#optimum.forget();
    this.#deed = players === "generator" ? "g-step" : "training";
    this.#experiment.stepOnce(players);
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
    $("g-step").onclick = () => this.step("generator");
  }

  #drawButtons() {
    const { focus, other, base, canTrain } = this.#experiment;
    const { running, reason, told, progress } = this.#optimum;
    const { scene } = focus.ground;
    const known = scene !== null && scene.best.length > 0;
    /** @type {HTMLButtonElement} */ ($("to-optimum")).disabled = !canTrain || !known || running || other !== null;
    $("to-optimum").title = other ? "Not while two runs are compared: both are to stand at the same step" : known || !scene ? "Only D learns, until the gap to D* stops falling" : "This game has no D* to compare D with";
    /** @type {HTMLButtonElement} */ ($("g-step")).disabled = !canTrain || running;
    for (const key of ["offset", "d_noise"]) {
      /** @type {HTMLInputElement} */ ($(`slide-${key}`)).disabled = base !== null;
      $(`slide-${key}`).title = base ? "Not while two runs are compared: change it in the form, where it is said whose it is" : "";
    }
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
    this.#updateWalk();
    for (const key of ["offset", "d_noise"]) {
      /** @type {HTMLInputElement} */ ($(`slide-${key}`)).value = String(config[key] ?? 0);
      $(`slid-${key}`).textContent = Number(config[key] ?? 0).toFixed(2);
    }
  }
}
