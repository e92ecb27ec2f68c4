// Speed, counts and sizes: the tables made of bench/speed.json and bench/limits.json, see bench/README.md.

import { grouped } from "../../www/numbers.js";
import { groups, millions, table, value } from "./table.mjs";

/** @import { Column, Row } from "./table.mjs" */

const ENGINES = /** @type {Record<string, string>} */ ({ counterfeit: "Counterfeit", tfjs: "TensorFlow.js" });
/** @type {Record<string, string>} */
const DEVICES = { webgpu: "WebGPU", wasm: "CPU (wasm)", cpu: "CPU (JavaScript)" };
const NETWORKS = /** @type {Record<string, string>} */ ({ mlp: "small MLP", dcgan: "small DCGAN" });
/** @type {Column} */
const ENGINE = ["Engine", ({ engine }) => ENGINES[engine] ?? engine];
/** @type {Column} */
const DEVICE = ["Device", ({ device }) => DEVICES[device] ?? device];
/** @type {Column} */
const NETWORK = ["Network", ({ network }) => NETWORKS[network] ?? network];

/** @param {Row[]} rows */
function ofSteps(rows) {
  const range = (/** @type {Row} */ { ms_per_step_range: of }) => (of ? of.map(grouped).join(" to ") : "–");
  const networks = groups(rows, ["network"]).map(
    ({ first, runs }) => `A step of the ${NETWORK[1](first)}:

${table(runs, [
  ENGINE,
  DEVICE,
  ["Time, ms", value("ms_per_step")],
  ["Range of rounds, ms", range],
  ["Host time, ms", value("host_ms_per_step")],
  ["Dispatches", value("dispatches_per_step")],
  ["First step, ms", value("first_step_ms")],
  ["Download, MB", millions("download_brotli_bytes", 2)],
])}`,
  );
  return networks.join("\n\n");
}

/** @param {Row[]} rows */
function ofFirstStep(rows) {
  const phase = (/** @type {string} */ key) => (/** @type {Row} */ row) => grouped(row.first_step_phases[key]);
  const rest = (/** @type {Row} */ { first_step_ms, first_step_phases }) => {
    const parts = /** @type {number[]} */ (Object.values(first_step_phases));
    return grouped(Math.round(first_step_ms - parts.reduce((a, b) => a + b, 0)));
  };
  return table(
    rows.filter((row) => row.first_step_phases),
    [
      NETWORK,
      DEVICE,
      ["Fetch and compile code", phase("init")],
      ["Open device", phase("device")],
      ["Take in 5,000 images", phase("data")],
      ["Open session", phase("session")],
      ["Step and its read", rest],
    ],
  );
}

/** @param {Row[]} memory */
function ofMemory(memory) {
  const rows = memory.flatMap((of) =>
    Object.entries(of.after).map(([step, bytes]) => ({ ...of, step: Number(step), ...bytes })),
  );
  return table(rows, [
    NETWORK,
    DEVICE,
    ["After steps", value("step")],
    ["Linear memory, MB", millions("wasmBytes", 1)],
    ["JavaScript heap, MB", millions("heapBytes", 2)],
    ["GPU buffers", value("liveBuffers")],
    ["GPU buffers, MB", millions("liveBufferBytes", 1)],
  ]);
}

/** "0.1.0 25b7f5916b+": version, commit, and whether files differed from it. @param {string} version */
function commitOf(version) {
  const [, commit = "unknown"] = version.split(" ");
  return commit.replace(/\+$/, ", with uncommitted changes");
}

/** @param {Row} file */
export function speed({ date, machine, browser, adapter, versions, rows, memory, goals, mode }) {
  const computer = `${machine.cores} cores of ${machine.cpu}, ${machine.memory_gb} GB, ${machine.system}`;
  const gpu = adapter ? `${adapter.name}${adapter.software ? " (software)" : ""}` : "none";
  return `## Speed

Source: \`bench/speed.json\`. A step is one update of D and one of G; downloads are compressed by Brotli.
[bench/README.md](../bench/README.md) says what is equal between engines and how each column is measured. Compare times
within this run only.

Made by \`make bench\` (${mode} run).
Date: ${date.slice(0, 10)}. Machine: ${computer}. Commit: ${commitOf(versions.counterfeit)}.
Browser: ${browser}. WebGPU adapter: ${gpu}.
Peers: jax-js ${versions["jax-js"]}, TensorFlow.js ${versions.tfjs}.

${ofSteps(rows)}

Parts of Counterfeit's first step, in ms, from asking for the code to the first losses:

${ofFirstStep(rows)}

Memory of Counterfeit after a garbage collection:

${ofMemory(memory)}

Goals of the benchmark:

${table(goals, [
  ["Goal", ({ goal }) => goal],
  ["Measured", value("ours")],
  ["Limit", value("limit")],
  ["Met", ({ met }) => (met == null ? "–" : met ? "yes" : "no")],
])}`;
}

/** @param {Row} file */
export function limits(file) {
  return `## Counts and sizes

Source: \`bench/limits.json\`: the most that a step may ask of WebGPU, averaged over steps. \`bench/counts.test.js\`, a
part of \`make test\`, fails when a step asks for more.

${table(
  Object.entries(file).map(([network, most]) => ({ network, ...most })),
  [
    NETWORK,
    ["Dispatches", value("dispatches")],
    ["Submits", value("submits")],
    ["New buffers", value("buffers")],
    ["Bind groups", value("bindGroups")],
    ["Writes", value("writes")],
    ["Bytes written", value("bytesWritten")],
    ["Reads", value("reads")],
    ["Pipelines", value("pipelines")],
  ],
)}

\`tests/js/bundles.test.js\` holds the limits of the bundles' sizes and fails when a bundle is larger.`;
}
