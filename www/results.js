// Describes the measured results of each preset in a sentence, from bench/quality.json and bench/modes.json, when the
// page is built.

import { grouped } from "./numbers.js";

/**
 * The columns of a row of bench/quality.json that are used.
 * @typedef {{preset: string, settings?: string[], generator: string, device: string, seed: number, steps: number,
 *   mnist_score: number, mnist_score_floor: number, coverage: number, coverage_floor: number, class_accuracy?: number,
 *   code_purity?: number, information?: number, pair_agreement?: number, pair_agreement_shuffled?: number}} ImageRow
 */
/**
 * The same for bench/modes.json.
 * @typedef {{preset: string, seed: number, steps: number, modes: number, of: number, high_quality: number}} PointRow
 */

/** Most values that are listed. More values are summarised as a range. */
const LISTED = 3;
/** Percentage of a 2-D Gaussian's own points that lie within three standard deviations. */
export const WITHIN_THREE = 100 * (1 - Math.exp(-9 / 2));
const LIST = new Intl.ListFormat("en-GB");

/** The values of several seeds as text. @param {number[]} values @param {number} digits */
export function valuesText(values, digits) {
  const text = (/** @type {number} */ v) => v.toFixed(digits);
  if (values.length <= LISTED) return LIST.format(values.map(text));
  const [least, most] = [Math.min(...values), Math.max(...values)].map(text);
  return least === most ? least : `${least} to ${most}`;
}

/** @param {{seed: number, steps: number}[]} rows */
const start = (rows) =>
  `Measured natively after ${grouped(rows[0].steps)} steps, seed${rows.length > 1 ? "s" : ""} ${LIST.format(rows.map((r) => String(r.seed)))}: `;

/** @param {ImageRow[]} rows of one preset and length */
function ofImages(rows) {
  const [first] = rows;
  const all = (/** @type {keyof ImageRow} */ key, digits = 2, factor = 1) =>
    valuesText(
      rows.map((r) => factor * Number(r[key])),
      digits,
    );
  const parts = [
    `MNIST score ${all("mnist_score")} (real images ${first.mnist_score_floor.toFixed(2)})`,
    `coverage ${all("coverage")} (${first.coverage_floor.toFixed(2)})`,
  ];
  if (first.class_accuracy !== undefined)
    parts.push(`${all("class_accuracy", 1, 100)} % of the images are of the class asked for`);
  if (first.code_purity !== undefined)
    parts.push(`mutual information ${all("information")} nats, purity of the codes ${all("code_purity")}`);
  if (first.pair_agreement !== undefined) {
    parts.push(
      `${all("pair_agreement", 1, 100)} % of the pixels of a pair agree, unpaired baseline ${all("pair_agreement_shuffled", 1, 100)} %`,
    );
  }
  return `${start(rows)}${parts.join(", ")}.`;
}

/** @param {PointRow[]} rows of one preset and length */
function ofPoints(rows) {
  const found = LIST.format(rows.map((r) => String(r.modes)));
  const near = valuesText(
    rows.map((r) => 100 * r.high_quality),
    0,
  );
  return `${start(rows)}${found} of ${rows[0].of} modes with a sample, ${near} % high-quality samples (a perfect generator: ${WITHIN_THREE.toFixed(1)} %).`;
}

/**
 * For each preset, the rows with its largest number of steps.
 * @template {{preset: string, seed: number, steps: number}} T @param {T[]} rows
 */
function longest(rows) {
  /** @type {Map<string, T[]>} */
  const of = new Map();
  for (const row of rows) {
    const before = of.get(row.preset) ?? [];
    if (before.length === 0 || row.steps > before[0].steps) of.set(row.preset, [row]);
    else if (row.steps === before[0].steps) before.push(row);
  }
  for (const runs of of.values()) runs.sort((a, b) => a.seed - b.seed);
  return [...of];
}

/**
 * A sentence for each preset that was measured without changed settings.
 * @param {ImageRow[]} quality @param {PointRow[]} modes @returns {Record<string, string>}
 */
export function sentences(quality, modes) {
  const asItIs = quality.filter((r) => r.generator === "averaged" && r.device === "native CPU" && !r.settings?.length);
  return Object.fromEntries([
    ...longest(asItIs).map(([id, rows]) => [id, ofImages(rows)]),
    ...longest(modes).map(([id, rows]) => [id, ofPoints(rows)]),
  ]);
}
