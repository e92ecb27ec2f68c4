// From figures to the rows of bench/speed.json.

import { nameOf } from "./engines.mjs";
import { median, perStep, rounded } from "./stats.mjs";

/** @import { Figures } from "./rounds.mjs" */
/** @typedef {{brotli: number, plain: number, quality: number}} Size */
/**
 * @typedef {object} Row null is what does not apply or could not be measured; `why` says why
 * @property {string} engine
 * @property {string} device
 * @property {string} network
 * @property {number | null} ms_per_step median of the rounds; a group of steps ends with reading its losses
 * @property {[number, number] | null} ms_per_step_range the fastest and the slowest round
 * @property {number | null} host_ms_per_step the same with the GPU's work left out
 * @property {number | null} host_ms_in_step of that, what was spent inside the calls that queue a step
 * @property {number | null} dispatches_per_step those of reading the losses included, here and below
 * @property {number | null} buffers_per_step
 * @property {number | null} submits_per_step
 * @property {number | null} bind_groups_per_step
 * @property {number | null} writes_per_step
 * @property {number | null} bytes_written_per_step
 * @property {number | null} first_step_ms from asking for the engine's module, served by this machine, to the first step's losses
 * @property {Record<string, number> | null} first_step_phases parts of the last one, where the engine tells
 * @property {number | null} download_brotli_bytes
 * @property {number | null} download_bytes
 * @property {[number, number] | null} d_loss D's loss in the first step, and its lowest within a hundred
 * @property {string | null} why
 */

/** Measurements of nothing give nothing. @param {number[]} values */
const middle = (values) => (values.length ? rounded(median(values)) : null);

/** @param {Figures} figures @param {Size | undefined} size @returns {Row} */
export function rowOf(figures, size) {
  const { entry, error, roundMs, hostMs, hostCallMs, firstStepMs, phases, dLoss } = figures;
  const onGpu = entry.device === "webgpu";
  const { counts: total, steps } = figures.counted;
  const counts = onGpu && steps ? perStep(total, steps) : undefined;
  const done = error === undefined;
  return {
    ...entry,
    ms_per_step: middle(roundMs),
    ms_per_step_range: roundMs.length ? [rounded(Math.min(...roundMs)), rounded(Math.max(...roundMs))] : null,
    host_ms_per_step: middle(hostMs),
    host_ms_in_step: middle(hostCallMs),
    dispatches_per_step: counts?.dispatches ?? null,
    buffers_per_step: counts?.buffers ?? null,
    submits_per_step: counts?.submits ?? null,
    bind_groups_per_step: counts?.bindGroups ?? null,
    writes_per_step: counts?.writes ?? null,
    bytes_written_per_step: counts?.bytesWritten ?? null,
    first_step_ms: middle(firstStepMs),
    first_step_phases: phases ? Object.fromEntries(Object.entries(phases).map(([k, v]) => [k, rounded(v)])) : null,
    download_brotli_bytes: done ? (size?.brotli ?? null) : null,
    download_bytes: done ? (size?.plain ?? null) : null,
    d_loss: dLoss ? [rounded(dLoss[0]), rounded(dLoss[1])] : null,
    why: error ?? (onGpu ? null : "runs on the CPU: no host time apart from it, nothing dispatched"),
  };
}

/** @param {number | null} value @param {number} [digits] */
const cell = (value, digits) => (value === null ? "-" : digits === undefined ? String(value) : value.toFixed(digits));

/** The rows as text, with each engine's time in relation to ours on the same device. @param {Row[]} rows */
export function table(rows) {
  const ours = (/** @type {Row} */ { network, device }) =>
    rows.find((r) => r.engine === "counterfeit" && r.network === network && r.device === device.replace("cpu", "wasm"));
  const head = [
    "",
    "ms/step",
    "(range)",
    "x ours",
    "host ms",
    "dispatches",
    "submits",
    "buffers",
    "KB written",
    "first ms",
    "MB brotli",
  ];
  const lines = rows.map((row) => {
    const ratio = row.ms_per_step && ours(row)?.ms_per_step ? row.ms_per_step / (ours(row)?.ms_per_step ?? 1) : null;
    return [
      nameOf(/** @type {any} */ (row)),
      cell(row.ms_per_step),
      row.ms_per_step_range ? row.ms_per_step_range.join("-") : "-",
      cell(ratio, 2),
      cell(row.host_ms_per_step),
      cell(row.dispatches_per_step),
      cell(row.submits_per_step),
      cell(row.buffers_per_step),
      cell(row.bytes_written_per_step === null ? null : row.bytes_written_per_step / 1e3, 1),
      cell(row.first_step_ms),
      cell(row.download_brotli_bytes === null ? null : row.download_brotli_bytes / 1e6, 3),
    ];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => line[i].length)));
  const text = [head, ...lines].map((line) =>
    line.map((word, i) => (i === 0 ? word.padEnd(widths[i]) : word.padStart(widths[i]))).join("  "),
  );
  const impossible = rows.filter((row) => row.ms_per_step === null);
  return [...text, ...impossible.map((row) => `${nameOf(/** @type {any} */ (row))}: not possible: ${row.why}`)].join(
    "\n",
  );
}
