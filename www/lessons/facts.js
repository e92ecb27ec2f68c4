// What the goals of lessons are checked against, from the page's model.

import { CURVES } from "../app/run-record.js";

/** @import { Experiment } from "../app/experiment.js" */
/** @import { Facts } from "./goals.js" */

/** @param {Experiment} experiment @param {string} tab that is open @returns {Facts} */
export function factsOf({ focus, playing, other, preset }, tab) {
  const onPoints = focus.density.evaluations.at(-1)?.generated ?? null;
  const onImages = focus.quality.history.at(-1)?.averaged ?? null;
  const last = (/** @type {string} */ curve) => focus.series.column(CURVES.indexOf(curve), "mean").at(-1) ?? null;
  return {
    step: focus.step,
    playing,
    comparing: other !== null,
    preset: preset?.id ?? null,
    config: focus.running ?? {},
    modes: onPoints?.modes ?? null,
    outputs: { d_real: last("d_real"), d_fake: last("d_fake") },
    metrics: numbersOf(onPoints ?? onImages ?? {}),
    diagnosis: focus.quality.diagnosis?.state ?? null,
    tab,
  };
}

/** The numbers among the properties of metrics. @param {object} metrics @returns {Record<string, number | null>} */
function numbersOf(metrics) {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => value === null || typeof value === "number"));
}
