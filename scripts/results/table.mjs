// Parts of the tables in docs/results.md.

import { grouped, signed } from "../../www/numbers.js";
import { valuesText } from "../../www/results.js";

/** @typedef {Record<string, any>} Row a row of a bench file; crates/cli and the programs in bench/ document the keys */
/** @typedef {{first: Row, runs: Row[]}} Group runs that differ in their seed only, in the order of the seeds */
/** @typedef {[heading: string, cell: (row: Row) => string | number]} Column */

/** What stands where there is no value. */
const NONE = "–";

/** A Markdown table, a line for each row. @param {Row[]} rows @param {Column[]} columns */
export function table(rows, columns) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(columns.map(([, cell]) => cell(row))));
  return [line(columns.map(([heading]) => heading)), `|${"---|".repeat(columns.length)}`, ...body].join("\n");
}

/**
 * How, when, where and of which commit rows were measured. Rows may say so in `date`, `machine` and `commit`.
 * @param {string} command @param {Row[]} rows
 */
export function provenance(command, rows) {
  const all = (/** @type {string} */ key) => [...new Set(rows.map((row) => row[key] ?? "unknown"))].join(", ");
  return `Made by \`${command}\`.\nDate: ${all("date")}. Machine: ${all("machine")}. Commit: ${all("commit")}.`;
}

/** Rows with equal values of some keys, in the order of their first rows. @param {Row[]} rows @param {string[]} keys */
export function groups(rows, keys) {
  /** @type {Map<string, Row[]>} */
  const of = new Map();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((name) => row[name]));
    of.set(key, [...(of.get(key) ?? []), row]);
  }
  return [...of.values()].map((runs) => ({ first: runs[0], runs: [...runs].sort((a, b) => a.seed - b.seed) }));
}

/**
 * A cell of a group: the values of its seeds; of more than three seeds the smallest and the largest.
 * @param {string} key @param {number} digits @param {number} [factor]
 */
export function seedValues(key, digits, factor = 1) {
  return (/** @type {Row} */ { runs }) => {
    const values = runs.map((/** @type {Row} */ run) => factor * run[key]);
    return valuesText(values, digits).replaceAll(" and ", ", ").replaceAll("-", "−");
  };
}

/** The seeds of a group. @param {Row} group */
export function seedsOf({ runs }) {
  const seeds = runs.map((/** @type {Row} */ run) => run.seed);
  return seeds.length > 2 ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(", ");
}

/** A cell: one value, or a dash where there is none. @param {string} key */
export const value = (key) => (/** @type {Row} */ row) => (row[key] == null ? NONE : grouped(row[key]));

/** A cell: a value in millions, as bytes in MB. @param {string} key @param {number} digits */
export const millions = (key, digits) => (/** @type {Row} */ row) =>
  row[key] == null ? NONE : (row[key] / 1e6).toFixed(digits);

/** A number with so many decimals, or a dash. @param {number | null | undefined} v @param {number} digits */
export const fixed = (v, digits) => (v == null ? NONE : signed(v, digits));

/** Mean and, of several values, sample standard deviation. @param {number[]} values @param {number} digits */
export function meanAndDeviation(values, digits) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length < 2) return signed(mean, digits);
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
  return `${signed(mean, digits)} ± ${deviation.toFixed(digits)}`;
}
