// What charts of runs share: how often they are drawn, the reference lines that apply to all runs, and files of values.

import { saveFile } from "../browser.js";

/** @import { PanelContext } from "../panels/panel.js" */
/** @import { Run } from "../app/run.js" */

/** A small network trains a hundred batches per second; five updates of the charts per second are enough. */
export const CURVES_EVERY_MS = 200;

/**
 * The reference lines that apply to all runs.
 * @param {Run[]} runs @param {string} curve @param {string} color custom property
 */
export function referencesOf(runs, curve, color) {
  const [first, ...rest] = runs.map((r) => r.info?.references.filter((l) => l.curve === curve) ?? []);
  const shared = first.filter((l) =>
    rest.every((others) => others.some((o) => o.value === l.value && o.label === l.label)),
  );
  return shared.map(({ value, label }) => ({ value, label, color }));
}

/**
 * Saves values of the run in focus.
 * @param {Pick<PanelContext, "experiment">} app @param {string} what first part of the file's name @param {string} csv
 */
export function saveCsv({ experiment: { focus, other } }, what, csv) {
  const letter = other ? `${focus === other ? "b" : "a"}-` : "";
  saveFile(new Blob([csv], { type: "text/csv" }), `counterfeit-${what}${letter}${focus.step}.csv`);
}
