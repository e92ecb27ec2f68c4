// The page's title in the browser's tab and history: what is trained.

/** @import { Experiment } from "./experiment.js" */

const NAME = "Counterfeit: a GAN playground";

/** @param {Experiment} experiment */
export function titleOf(experiment) {
  const { preset, config, catalog, base } = experiment;
  if (!catalog) return NAME;
  const what = preset?.name ?? `${experiment.nameOf(config.data)}, own settings`;
  return `${base ? "Comparison: " : ""}${what}, seed ${config.seed} · Counterfeit`;
}
