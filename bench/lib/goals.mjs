// What has to be reached, each line measured against the peers of the same run.

import { rounded } from "./stats.mjs";

/** @import { Row } from "./rows.mjs" */
/** @typedef {{goal: string, ours: number | null, limit: number | null, met: boolean | null}} Goal `met` is null where a figure is missing */
/** @typedef {(engine: string, device: string, network: string) => Row | undefined} Find */
/** @typedef {{text: string, ours: (find: Find) => number | null | undefined, limit: (find: Find) => number | null | undefined}} Line */

/** The most of those that were asked for; null if one of them could not be measured. @param {(number | null | undefined)[]} values */
const worst = (values) => {
  const asked = values.filter((v) => v !== undefined);
  return asked.length === 0 || asked.includes(null) ? null : Math.max(.../** @type {number[]} */ (asked));
};
/** Our download, which does not depend on the network. @param {Find} find @param {string} device */
const megabytes = (find, device) =>
  times((find("counterfeit", device, "dcgan") ?? find("counterfeit", device, "mlp"))?.download_brotli_bytes, 1e-6);
/** The better of those peers that can do it. @param {(number | null | undefined)[]} values */
const best = (values) => {
  const known = /** @type {number[]} */ (values.filter((v) => v != null));
  return known.length ? Math.min(...known) : null;
};
/** @param {number | null | undefined} value @param {number} factor */
const times = (value, factor) => (value == null ? null : value * factor);

/** @type {Line[]} */
const LINES = [
  {
    text: "MLP, host time: at most a third of the better peer's",
    ours: (find) => find("counterfeit", "webgpu", "mlp")?.host_ms_per_step,
    limit: (find) =>
      times(
        best([find("jax-js", "webgpu", "mlp")?.host_ms_per_step, find("tfjs", "webgpu", "mlp")?.host_ms_per_step]),
        1 / 3,
      ),
  },
  {
    text: "DCGAN, host time: at most a third of TensorFlow.js's",
    ours: (find) => find("counterfeit", "webgpu", "dcgan")?.host_ms_per_step,
    limit: (find) => times(find("tfjs", "webgpu", "dcgan")?.host_ms_per_step, 1 / 3),
  },
  {
    text: "MLP, dispatches: at most 64",
    ours: (find) => find("counterfeit", "webgpu", "mlp")?.dispatches_per_step,
    limit: () => 64,
  },
  {
    text: "DCGAN, dispatches: at most 130",
    ours: (find) => find("counterfeit", "webgpu", "dcgan")?.dispatches_per_step,
    limit: () => 130,
  },
  {
    text: "MLP, WebGPU: faster than jax-js",
    ours: (find) => find("counterfeit", "webgpu", "mlp")?.ms_per_step,
    limit: (find) => find("jax-js", "webgpu", "mlp")?.ms_per_step,
  },
  {
    text: "DCGAN, WebGPU: at least 8 times TensorFlow.js",
    ours: (find) => find("counterfeit", "webgpu", "dcgan")?.ms_per_step,
    limit: (find) => times(find("tfjs", "webgpu", "dcgan")?.ms_per_step, 1 / 8),
  },
  {
    text: "MLP, CPU: at least twice jax-js",
    ours: (find) => find("counterfeit", "wasm", "mlp")?.ms_per_step,
    limit: (find) => times(find("jax-js", "wasm", "mlp")?.ms_per_step, 1 / 2),
  },
  {
    text: "DCGAN, CPU: at least 80 times TensorFlow.js",
    ours: (find) => find("counterfeit", "wasm", "dcgan")?.ms_per_step,
    limit: (find) => times(find("tfjs", "cpu", "dcgan")?.ms_per_step, 1 / 80),
  },
  { text: "download for the CPU, MB brotli: at most 0.45", ours: (find) => megabytes(find, "wasm"), limit: () => 0.45 },
  { text: "download for WebGPU, MB brotli: at most 1.5", ours: (find) => megabytes(find, "webgpu"), limit: () => 1.5 },
  {
    text: "first step, WebGPU, the slower network: 1,000 ms",
    ours: (find) => worst(["mlp", "dcgan"].map((network) => find("counterfeit", "webgpu", network)?.first_step_ms)),
    limit: () => 1000,
  },
  {
    text: "first step, CPU, the slower network: 100 ms",
    ours: (find) => worst(["mlp", "dcgan"].map((network) => find("counterfeit", "wasm", network)?.first_step_ms)),
    limit: () => 100,
  },
];

/** @param {Row[]} rows @returns {Goal[]} */
export function goalsOf(rows) {
  /** @type {Find} */
  const find = (engine, device, network) =>
    rows.find((r) => r.engine === engine && r.device === device && r.network === network);
  return LINES.map(({ text, ours, limit }) => {
    const [is, wanted] = [ours(find) ?? null, limit(find) ?? null];
    const strict = text.includes("faster than");
    const short = (/** @type {number | null} */ x) => x && rounded(x);
    return {
      goal: text,
      ours: short(is),
      limit: short(wanted),
      met: is === null || wanted === null ? null : strict ? is < wanted : is <= wanted,
    };
  });
}

/** @param {Goal[]} goals */
export function goalTable(goals) {
  const width = Math.max(...goals.map(({ goal }) => goal.length));
  const number = (/** @type {number | null} */ x) =>
    (x === null ? "-" : x >= 100 ? x.toFixed(0) : x.toPrecision(3)).padStart(9);
  const verdict = (/** @type {boolean | null} */ met) => (met === null ? "not measured" : met ? "met" : "NOT MET");
  return [
    `${"goal".padEnd(width)}       ours      limit`,
    ...goals.map(
      ({ goal, ours, limit, met }) => `${goal.padEnd(width)}  ${number(ours)}  ${number(limit)}  ${verdict(met)}`,
    ),
  ].join("\n");
}
