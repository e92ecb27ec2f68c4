// The charts of the runs: curves over steps, evaluations, and the files that they are saved as.

import { saveFile } from "../browser.js";
import { atMost, inFrame } from "../frames.js";
import { conditionsOf, predictedClassesOf } from "./conditions.js";
import { outputOf } from "./output.js";
import { CURVES } from "./run-record.js";
import { CodesView } from "../views/codes.js";
import { Curves } from "../views/curves.js";
import { DiagnosisLine } from "../views/diagnosis.js";
import { Layers } from "../views/layers.js";
import { explainLines } from "../views/lines.js";
import { OutputsView } from "../views/outputs.js";
import { Quality, qualityCsv } from "../views/quality.js";
import { Signals } from "../views/signals.js";
import { $ } from "./page.js";

/** @import { Experiment } from "./experiment.js" */

/** A small network trains a hundred batches per second; five updates of the charts per second are enough. */
const CURVES_EVERY_MS = 200;

export class Charts {
  #experiment;
  #losses = new Curves($("losses"), {
    title: "Losses of both networks over steps",
    curves: [
      { label: "D loss", color: "--discriminator" },
      { label: "G loss", color: "--generator", dash: [7, 3] },
    ],
  });
  #odds = new Curves($("odds"), {
    title: "Mean discriminator output on real and on generated samples over steps",
    curves: [
      { label: "D(x) real", color: "--real" },
      { label: "D(G(z)) generated", color: "--generator", dash: [7, 3] },
    ],
    range: [0, 1],
  });
  #quality = new Quality($("quality"));
  #diagnosis;
  #layers = new Layers($("layers"));
  #signals = new Signals($("signals"));
  #outputs = new OutputsView($("outputs"));
  #codes = new CodesView($("codes"));

  /** @param {Experiment} experiment */
  constructor(experiment) {
    this.#experiment = experiment;
    this.#diagnosis = new DiagnosisLine($("diagnosis"), (changes, restart) => experiment.apply(changes, restart));
    /** @type {HTMLInputElement} */
    const log = $("log");
    log.onchange = () => this.#losses.setLog(log.checked);
    /** @type {HTMLInputElement} */
    const smoothing = $("smoothing");
    const smoothen = () => [this.#losses, this.#odds].forEach((c) => c.setSmoothing(Number(smoothing.value)));
    smoothing.oninput = smoothen;
    smoothen();
    $("save-csv").onclick = () => this.#saveCsv("step-", experiment.focus.series.csv());
    $("save-quality").onclick = () => this.#saveCsv("quality-", qualityCsv(experiment.focus.quality.history));
  }

  /** A run has begun, or another one is in focus. */
  begin() {
    const { runs, focus } = this.#experiment;
    explainLines($("lines"), focus.info);
    this.#codes.begin(focus.running, conditionsOf(focus));
    this.#odds.setRange(runs.every((r) => outputOf(r).type === "probability") ? [0, 1] : undefined);
  }

  /** Draws the curves over steps. */
  drawCurves() {
    this.#drawLosses();
    this.#drawOdds();
    this.#drawCodes();
  }

  #drawLosses = atMost("losses", CURVES_EVERY_MS, () =>
    this.#losses.update(
      this.#series,
      [0, 1],
      this.#lines("d_loss", "--discriminator").concat(this.#lines("g_loss", "--generator")),
    ),
  );
  #drawOdds = atMost("odds", CURVES_EVERY_MS, () =>
    this.#odds.update(this.#series, [2, 3], this.#lines("output", "--muted")),
  );
  #drawCodes = atMost("codes", CURVES_EVERY_MS, () => this.#codes.draw(this.#series, CURVES.indexOf("information")));

  get #series() {
    return this.#experiment.runs.map((r) => r.series);
  }

  /** The reference lines that apply to all visible runs. @param {string} curve @param {string} color */
  #lines(curve, color) {
    const { runs } = this.#experiment;
    const [first, ...rest] = runs.map((r) => r.info?.references.filter((l) => l.curve === curve) ?? []);
    const shared = first.filter((l) =>
      rest.every((others) => others.some((o) => o.value === l.value && o.label === l.label)),
    );
    return shared.map(({ value, label }) => ({ value, label, color }));
  }

  /** Draws the evaluations. */
  drawEvaluations() {
    const { runs, focus, other } = this.#experiment;
    const { history, diagnosis: found } = focus.quality;
    inFrame("quality", () =>
      this.#quality.update(
        runs.map((r) => r.quality.history),
        runs.indexOf(focus),
        predictedClassesOf(focus),
      ),
    );
    inFrame("layers", () => this.#layers.update(history));
    inFrame("signals", () => this.#signals.update(history));
    inFrame("outputs", () => this.#outputs.update(history.at(-1), outputOf(focus)));
    inFrame("recognised", () => this.#codes.update(history.at(-1) ?? null, focus.running));
    // Advice for one run is hidden in a comparison, because it would end what the runs have in common.
    const letter = focus === runs[0] ? "A" : "B";
    this.#diagnosis.update(found && other ? { ...found, title: `${letter}: ${found.title}`, advice: [] } : found);
  }

  /** @param {string} what @param {string} csv */
  #saveCsv(what, csv) {
    const { focus, other } = this.#experiment;
    const letter = other ? `${focus === other ? "b" : "a"}-` : "";
    saveFile(new Blob([csv], { type: "text/csv" }), `counterfeit-${what}${letter}${focus.step}.csv`);
  }
}
