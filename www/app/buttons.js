// The buttons that train, restart and compare.

import { grouped } from "../numbers.js";
import { $, disable } from "./page.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { ByHand } from "./by-hand.js" */

export class Buttons {
  #experiment;

  /**
   * @param {Experiment} experiment @param {ByHand} byHand makes single steps
   * @param {() => void} chooseB opens the settings in which B is defined
   */
  constructor(experiment, byHand, chooseB) {
    this.#experiment = experiment;
    $("play").onclick = () => (experiment.playing ? experiment.pause() : experiment.play());
    $("faster").onclick = () => {
      experiment.faster();
      // The focused button disappears, so move the focus.
      $("play").focus();
    };
    $("step").onclick = () => byHand.step("both");
    $("step-d").onclick = () => byHand.step("discriminator");
    $("step-g").onclick = () => byHand.step("generator");
    $("reset").onclick = () => {
      experiment.pause();
      experiment.restart();
    };
    $("back").onclick = () => experiment.back();
    $("new-seed").onclick = () => experiment.newSeed();
    $("restart").onclick = () => experiment.restart();
    $("compare").onclick = () => {
      experiment.compare();
      chooseB();
    };
  }

  update() {
    const { focus, playing, canTrain, base, before, slow, catalog } = this.#experiment;
    const ready = focus.running !== null;
    $("back").hidden = before === null;
    $("back").title = before
      ? `Back to the run before: step ${grouped(before.of.step)} on ${before.of.running?.data}. This one is kept in its place.`
      : "";
    const play = $("play");
    play.textContent = playing ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(playing));
    for (const id of ["play", "step", "step-d", "step-g"]) disable(id, !canTrain);
    $("faster").hidden = !slow;
    for (const id of ["reset", "new-seed"]) disable(id, !catalog);
    disable("compare", !ready || base !== null);
  }
}
