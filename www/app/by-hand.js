// Training by hand, on densities: single steps, D alone to its optimum, and slow motion. Each waits until every run is
// idle, and one ends the others. The panels of figure 1 and of slow motion show it.

import { ToOptimum } from "./optimum.js";
import { SlowMotion } from "./slow-motion.js";

/** @import { Change, Experiment } from "./experiment.js" */
/** @import { Networks } from "../protocol.js" */
/** @import { LastAction } from "../panels/figure/figure-data.js" */
/** @import { Overlay } from "./slow-motion.js" */
/** @import { Run } from "./run.js" */

export class ByHand {
  #experiment;
  #changed;
  optimum = new ToOptimum((updates) => this.#train(updates));
  slow;
  /** What has trained the networks last. @type {LastAction} */
  lastAction = "start";
  /** The step at which the last batch of D alone was requested. */
  #from = 0;
  /** The action to run as soon as every run is idle. @type {(() => void) | null} */
  #pending = null;

  /** @param {Experiment} experiment @param {() => void} changed called when slow motion or the training to the optimum go on */
  constructor(experiment, changed) {
    this.#experiment = experiment;
    this.#changed = changed;
    this.slow = new SlowMotion({
      ask: (network) => this.#whenIdle(() => experiment.focus.density.walkThrough(network)),
      update: (network) => this.#update(network),
      changed,
    });
  }

  /** The stage of slow motion that panels highlight. @returns {Overlay | null} */
  get overlay() {
    return this.slow.overlay;
  }

  /** @param {Change} change @param {Run} run */
  onChange(change, run) {
    const { focus, playing } = this.#experiment;
    if (run === focus || change === "comparison") {
      const another = change === "run" && !focus.density.snapshot;
      if (change === "comparison" || change === "refused" || another) this.#forget();
      if (!focus.alive) this.#leave();
      if (change === "walk" && focus.density.walk) this.slow.receive(focus.density.walk);
      if (playing) this.#played();
      if (change === "curves") this.#trained();
    }
    this.#runPending();
  }

  /** One step by hand; ends slow motion and the training to the optimum. @param {Networks} networks */
  step(networks) {
    this.optimum.cancel();
    this.#whenIdle(() => {
      this.slow.stop();
      this.#update(networks);
    });
  }

  /** Trains D alone until the gap to D* no longer falls. */
  trainToOptimum() {
    this.#whenIdle(() => {
      this.slow.stop();
      this.optimum.begin(this.#experiment.focus.density.snapshot?.gap ?? NaN);
      this.#changed();
    });
  }

  cancelOptimum() {
    this.optimum.cancel();
    this.#changed();
  }

  /** Another run, or none. */
  #forget() {
    this.#leave();
    this.lastAction = "start";
  }

  /** Ends slow motion, the training to the optimum and the pending action. */
  #leave() {
    this.#pending = null;
    this.optimum.forget();
    if (this.slow.overlay || this.slow.waits) this.slow.stop();
  }

  /** Training runs: a minibatch in slow motion would be out of date. */
  #played() {
    this.lastAction = "training";
    this.#leave();
  }

  /** A batch of steps was answered; its frame has come before. */
  #trained() {
    const { focus } = this.#experiment;
    if (!focus.arrived) return;
    this.slow.updated();
    if (!this.optimum.running || focus.step <= this.#from) return;
    this.optimum.onTrained(
      focus.density.snapshot?.gap ?? NaN,
      (focus.step - this.#from) * Number(focus.running?.d_steps ?? 1),
    );
    if (!this.optimum.running) this.lastAction = "optimum";
    this.#changed();
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
    this.optimum.forget();
    this.lastAction = networks === "generator" ? "g-step" : "training";
    this.#experiment.stepOnce(networks);
  }

  /** D alone. @param {number} updates */
  #train(updates) {
    const { focus } = this.#experiment;
    this.#from = focus.step;
    focus.trainOnly("discriminator", Math.max(1, Math.round(updates / Number(focus.running?.d_steps ?? 1))));
  }
}
