// The marks of the timeline: where the diagnosis became another, and where a metric was best.

/** @import { DensityEvaluation, ImageEvaluation } from "../../protocol.js" */
/** @typedef {{step: number, title: string, kind: "turn" | "alarm" | "best"}} Mark */

/**
 * @param {{turns: {step: number, title: string, alarm: boolean}[], history: ImageEvaluation[]}} quality
 * @param {DensityEvaluation[]} densities evaluations of a density run @returns {Mark[]}
 */
export function marksOf({ turns, history }, densities) {
  const changed = turns.map(({ step, title, alarm }) => ({
    step,
    title,
    kind: /** @type {Mark["kind"]} */ (alarm ? "alarm" : "turn"),
  }));
  const best = densities.length > 0 ? bestOfDensity(densities) : bestOfImages(history);
  return best ? [...changed, best] : changed;
}

/** Fewer would name the start of a run its best. */
const FEWEST = 3;

/** The evaluation with the largest value. @template {{step: number}} E @param {E[]} all @param {(e: E) => number} value */
function largest(all, value) {
  if (all.length < FEWEST) return null;
  return all.reduce((best, each) => (value(each) > value(best) ? each : best));
}

/** @param {DensityEvaluation[]} all @returns {Mark | null} */
function bestOfDensity(all) {
  const best = largest(all, (e) => -e.generated.js);
  return (
    best && {
      step: best.step,
      kind: "best",
      title: `Lowest Jensen-Shannon divergence: ${best.generated.js.toFixed(3)}`,
    }
  );
}

/** @param {ImageEvaluation[]} all @returns {Mark | null} */
function bestOfImages(all) {
  const best = largest(all, (e) => e.averaged.coverage);
  return best && { step: best.step, kind: "best", title: `Highest coverage: ${best.averaged.coverage.toFixed(3)}` };
}
