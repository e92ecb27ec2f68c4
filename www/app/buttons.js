// The buttons that train, restart, compare and evaluate.

import { grouped } from "../numbers.js";
import { $, disable } from "./page.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { ByHand } from "./by-hand.js" */

export class Buttons {
  #experiment;

  /**
   * @param {Experiment} experiment @param {ByHand} byHand makes single steps
   * @param {{changeEvery: () => void, chooseB: () => void}} calls `changeEvery`: after another choice of how often to
   *   evaluate; `chooseB`: opens the settings in which B is defined
   */
  constructor(experiment, byHand, { changeEvery, chooseB }) {
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
    this.#watchEvaluation(changeEvery);
  }

  /** @param {() => void} changeEvery */
  #watchEvaluation(changeEvery) {
    const experiment = this.#experiment;
    /** @type {HTMLSelectElement} */
    const every = $("measure-every");
    every.onchange = () => {
      const { value } = every;
      experiment.measure(value === "auto" || value === "never" ? value : Number(value));
      changeEvery();
    };
    $("report-card").onclick = () => experiment.focus.quality.evaluateNow();
    $("measure-cancel").onclick = () => experiment.focus.quality.cancel();
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
    const { progress, history } = focus.quality;
    $("measuring").hidden = !progress;
    /** @type {HTMLProgressElement} */ ($("measure-progress")).value = progress ? progress.done / progress.of : 0;
    disable("report-card", !ready || progress !== null);
    disable("save-quality", history.length === 0);
    for (const id of ["reset", "new-seed"]) disable(id, !catalog);
    disable("save-csv", focus.series.length === 0);
    disable("compare", !ready || base !== null);
  }
}
