// The bar of a comparison of two runs: the settings in which they differ, the name, step and metrics of each, and the
// buttons to start and end it.

import { differences, nameOf, titleOf, valueOf } from "../app/differences.js";
import { grouped } from "../numbers.js";
import { phase } from "./status.js";

/** @import { Experiment } from "../app/experiment.js" */
/** @import { Catalog, Config, Field, DensityEvaluation, ImageEvaluation } from "../protocol.js" */
/** @import { Run } from "../app/run.js" */

/** Most settings in a run's name. More would push the pictures off the screen, and the bar above lists all of them. */
const MOST_NAMED = 3;

/** @param {Field[]} fields the differing settings @param {Config} a @param {Config} b @param {Catalog} catalog */
export function aboutChoice(fields, a, b, catalog) {
  const start = `A is the present run, with seed ${a.seed}. `;
  if (fields.length === 0) return `${start}Change a setting, or several: what then differs makes B.`;
  const named = fields.map((f) => `${nameOf(f, catalog)} (A: ${valueOf(f, a)}, B: ${valueOf(f, b)})`);
  return `${start}B differs in ${named.join("; ")}.`;
}

/**
 * The name of a run in the comparison: its letter and its differing settings.
 * @param {string} letter @param {Config} config @param {Field[]} fields @param {Catalog} catalog
 */
export function nameBeside(letter, config, fields, catalog) {
  const rest = fields.length - MOST_NAMED;
  const title = titleOf(config, fields.slice(0, MOST_NAMED), catalog);
  return [letter, [title, rest > 0 ? `and ${rest} more` : ""].filter(Boolean).join(" ")].filter(Boolean).join(": ");
}

/** The last metrics of a run on images, in one sentence. @param {ImageEvaluation | undefined} last */
export function imageMetricsOf(last) {
  if (!last) return "Not evaluated yet.";
  const { coverage, score, frechet: fd } = last.averaged;
  const classes = score === null ? "" : `MNIST score ${score.toFixed(2)}, `;
  return `Step ${grouped(last.step)}, EMA of G: coverage ${coverage.toFixed(3)}, ${classes}Fréchet distance ${fd.toFixed(2)}.`;
}

/** The last metrics of a density run, in one sentence. @param {DensityEvaluation | undefined} last */
export function densityMetricsOf(last) {
  if (!last) return "Not evaluated yet.";
  const { modes, js } = last.generated;
  const found = modes
    ? `${modes.captured} of ${modes.of} modes, ${(100 * modes.highQuality).toFixed(1)} % high-quality samples, `
    : "";
  return `Step ${grouped(last.step)}: ${found}Jensen-Shannon ${js.toFixed(3)}.`;
}

/** @param {Run} run @param {boolean} playing */
function stateOf(run, playing) {
  const speed = playing && run.speed !== null ? `, ${run.speed.toFixed(run.speed < 10 ? 1 : 0)} steps/s` : "";
  return `Step ${grouped(run.step)}${speed}, ${phase(run, playing)}.`;
}

export class ComparisonBar {
  #root;
  #panels;

  /**
   * @param {HTMLElement} root the bar @param {HTMLElement[][]} panels of the first run and of the second
   * @param {Experiment} experiment
   */
  constructor(root, panels, experiment) {
    this.#root = root;
    this.#panels = panels;
    this.#button(".begin").onclick = () => experiment.begin();
    this.#button(".cancel").onclick = () => experiment.cancel();
    this.#button(".keep-a").onclick = () => experiment.keep(experiment.run);
    this.#button(".keep-b").onclick = () => experiment.other && experiment.keep(experiment.other);
    const focus = /** @type {HTMLSelectElement} */ (root.querySelector(".focus"));
    focus.onchange = () => experiment.focusOn(experiment.runs[focus.selectedIndex] ?? experiment.run);
  }

  /** @param {string} selector */
  #button(selector) {
    return /** @type {HTMLButtonElement} */ (this.#root.querySelector(selector));
  }

  /**
   * Shows the settings that differ in the comparison, or in the one that is being set up.
   * @param {Experiment} experiment
   */
  update({ base, config, catalog, run, runs, other, focus, choosing }) {
    this.#root.hidden = base === null;
    document.body.classList.toggle("comparing", other !== null);
    document.body.classList.toggle("choosing", choosing);
    const name = /** @type {HTMLElement} */ (this.#panels[0][0].querySelector(".name"));
    if (!other) name.textContent = "Generated";
    const whose = other ? ` of ${focus === run ? "A" : "B"}` : "";
    for (const node of document.querySelectorAll(".whose")) node.textContent = whose;
    if (!base || !catalog) return;
    // During a comparison, use the settings of the two runs, not those that are edited.
    const [a, b] = other ? [run.running ?? base, other.running ?? config] : [base, config];
    const fields = differences(a, b, catalog);
    const what = choosing
      ? aboutChoice(fields, a, b, catalog)
      : `A and B, both with seed ${a.seed}, differ in ${fields.map((f) => nameOf(f, catalog)).join(", ") || "nothing"}. The settings are B's.`;
    this.#say(this.#root, ".what", what);
    this.#button(".begin").disabled = fields.length === 0;
    /** @type {HTMLSelectElement} */ (this.#root.querySelector(".focus")).selectedIndex = Math.max(
      0,
      runs.indexOf(focus),
    );
    if (other) [a, b].forEach((own, i) => this.#sayAll(i, ".name", nameBeside("AB"[i], own, fields, catalog)));
  }

  /** Shows step, speed and metrics of each run. @param {Experiment} experiment */
  follow({ runs, other, playing }) {
    runs.forEach((run, i) => {
      const measures =
        run.info?.space === "images"
          ? imageMetricsOf(run.quality.history.at(-1))
          : densityMetricsOf(run.density.evaluations.at(-1));
      this.#sayAll(i, ".of-run", other ? stateOf(run, playing) : "");
      this.#sayAll(i, ".measured-run", other ? measures : "");
    });
  }

  /** Sets a text in all panels of a run. @param {number} i @param {string} part @param {string} text */
  #sayAll(i, part, text) {
    for (const panel of this.#panels[i]) this.#say(panel, part, text);
  }

  /** Sets a text if it has changed. @param {HTMLElement} root @param {string} part @param {string} text */
  #say(root, part, text) {
    const node = /** @type {HTMLElement} */ (root.querySelector(part));
    if (node.textContent !== text) node.textContent = text;
  }
}
