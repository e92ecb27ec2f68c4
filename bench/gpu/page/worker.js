// Both bundles in one worker: every preset on the GPU beside the CPU, larger networks, and a long run with its report.

import * as cpu from "../../../pkg/cpu/counterfeit.js";
import * as gpu from "../../../pkg/webgpu/counterfeit.js";

/** @typedef {typeof cpu} Core */
/** @typedef {"cpu" | "gpu"} Where */
/** @typedef {{session: cpu.Session, step: () => void}} Run */

const CORES = /** @type {Record<Where, Core>} */ ({ cpu, gpu: /** @type {any} */ (gpu) });
const FILES = {
  "train-images": "train-images-idx3-ubyte",
  "train-labels": "train-labels-idx1-ubyte",
  "test-images": "t10k-images-idx3-ubyte",
  "test-labels": "t10k-labels-idx1-ubyte",
};
/** Steps that are compared one by one. */
const COMPARED = 5;
/** Steps between two readings of the losses where time is measured. */
const GROUP = { cpu: 2, gpu: 10 };

/** @type {Record<Where, cpu.Device>} */
let devices;
/** @type {Record<Where, cpu.Data>} */
let data;
/** @type {any} */
let catalog;

const say = (/** @type {object} */ row) => self.postMessage({ line: JSON.stringify(row) });
const rounded = (/** @type {number} */ value) => Number(value.toPrecision(3));

/** @param {string} url */
async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {string} url */
async function unzipped(url) {
  const stream = new Blob([await bytes(url)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Loads both bundles and MNIST, and says what the adapter is. */
async function prepare() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  await Promise.all([cpu.default(), gpu.default()]);
  catalog = cpu.catalog();
  devices = {
    cpu: await cpu.openDevice("cpu", null),
    gpu: /** @type {any} */ (await gpu.openDevice("webgpu", null)),
  };
  data = { cpu: new cpu.Data("mnist"), gpu: /** @type {any} */ (new gpu.Data("mnist")) };
  for (const [part, name] of Object.entries(FILES)) {
    const file = await unzipped(`/data/mnist/${name}.gzip`);
    for (const set of Object.values(data)) {
      set.push(part, file);
      set.finish(part);
    }
  }
  // The types are older than the property.
  const { vendor, architecture, description } = /** @type {any} */ (adapter)?.info ?? {};
  return { vendor, architecture, description, features: [...(adapter?.features ?? [])].sort() };
}

/** @param {Where} where @param {any} config @returns {Run} */
function open(where, config) {
  const isDensity = catalog.toys.some((/** @type {any} */ toy) => toy.id === config.data);
  const { Session } = CORES[where];
  const session = isDensity
    ? Session.onDensity(config, undefined, devices[where])
    : new Session(config, data[where], devices[where]);
  return { session, step: () => session.step("both") };
}

/** Makes some steps and reads their losses. @param {Run} run @param {number} n */
function steps(run, n) {
  for (let i = 0; i < n; i++) run.step();
  return run.session.metrics();
}

/** Milliseconds a step, over about `budgetMs`. @param {Run} run @param {number} budgetMs @param {number} group */
async function timed(run, budgetMs, group) {
  await steps(run, group);
  const start = performance.now();
  let [made, diverged] = [0, false];
  while (performance.now() - start < budgetMs) {
    diverged ||= Boolean((await steps(run, group)).divergence);
    made += group;
  }
  return { ms: rounded((performance.now() - start) / made), diverged };
}

/** The largest relative difference of one step's losses and mean outputs. @param {any} a @param {any} b */
const difference = (a, b) =>
  Math.max(
    ...["dLoss", "gLoss", "dReal", "dFake"].map(
      (key) => Math.abs(a[key][0] - b[key][0]) / Math.max(Math.abs(b[key][0]), 0.1),
    ),
  );

/**
 * Every preset on points and MNIST: how far the first steps on the GPU are from those on the CPU, and ms a step on each.
 * @param {{budgetMs?: number, presets?: string[]}} options
 */
async function family({ budgetMs = 200, presets }) {
  const rows = [];
  for (const { id, config } of catalog.presets) {
    // Fashion-MNIST is not packed; its presets are those of MNIST.
    if (config.data === "fashion" || (presets && !presets.includes(id))) continue;
    /** @type {Record<string, any>} */
    const row = { preset: id };
    try {
      const [onGpu, onCpu] = [open("gpu", config), open("cpu", config)];
      const start = performance.now();
      const apart = [];
      for (let step = 1; step <= COMPARED; step++) {
        const [g, c] = [await steps(onGpu, 1), await steps(onCpu, 1)];
        if (step === 1) row.firstStepMs = Math.round(performance.now() - start);
        if (g.divergence) row.divergedAt = step;
        apart.push(rounded(difference(g.metrics, c.metrics)));
      }
      row.apart = apart;
      const [g, c] = [await timed(onGpu, budgetMs, GROUP.gpu), await timed(onCpu, budgetMs, GROUP.cpu)];
      Object.assign(row, { gpuMs: g.ms, cpuMs: c.ms, diverged: g.diverged });
      onGpu.session.free();
      onCpu.session.free();
    } catch (error) {
      row.error = String(/** @type {any} */ (error)?.message ?? error);
    }
    say(row);
    rows.push(row);
  }
  return rows;
}

/** Milliseconds a step as networks and batches grow. @param {{budgetMs?: number}} options */
async function scale({ budgetMs = 1200 }) {
  const convolutional = [
    [16, 32],
    [32, 64],
    [64, 64],
    [64, 128],
    [128, 128],
  ].map(([channels, batch]) => ({
    family: "dcgan",
    g_channels: channels,
    d_channels: channels,
    g_dense: 0,
    d_dense: 0,
    batch,
  }));
  const connected = [
    [128, 64],
    [512, 128],
    [1024, 256],
    [2048, 512],
  ].map(([units, batch]) => ({
    family: "mlp",
    g_units: units,
    d_units: units,
    g_norm: "none",
    batch,
  }));
  const rows = [];
  for (const settings of [...convolutional, ...connected]) {
    const run = open("gpu", { ...catalog.defaults, d_norm: "none", ...settings });
    const row = { ...settings, ...(await timed(run, budgetMs, GROUP.gpu)) };
    run.session.free();
    say(row);
    rows.push(row);
  }
  return rows;
}

/**
 * One long run, and its report card on 10,000 images.
 * @param {{preset?: string, settings?: object, total?: number, report?: boolean, where?: Where}} options
 */
async function long({ preset, settings = {}, total = 5000, report = true, where = "gpu" }) {
  const base = catalog.presets.find((/** @type {any} */ p) => p.id === preset)?.config ?? catalog.defaults;
  const run = open(where, { ...base, ...settings });
  // The first step compiles.
  await steps(run, 1);
  const start = performance.now();
  let last;
  do last = await steps(run, 25);
  while (run.session.steps < total && !last.divergence);
  const seconds = (performance.now() - start) / 1000;
  /** @type {Record<string, any>} */
  const row = {
    preset,
    settings,
    where,
    steps: run.session.steps,
    seconds: rounded(seconds),
    divergence: last.divergence,
  };
  if (report && !last.divergence) {
    const evaluator = new CORES[where].Evaluator(await bytes("/classifiers/mnist.bin"), true);
    const since = performance.now();
    evaluator.begin(run.session, false);
    let evaluation;
    while (!evaluation) ({ evaluation } = run.session.evaluate(evaluator, await evaluator.sample(run.session), false));
    Object.assign(row, { reportSeconds: rounded((performance.now() - since) / 1000), evaluation });
  }
  run.session.free();
  say(row);
  return row;
}

/** @type {Record<string, (options: any) => Promise<unknown>>} */
const PARTS = { prepare, family, scale, long };

self.onmessage = async ({ data: { id, part, options } }) => {
  try {
    self.postMessage({ id, result: await PARTS[part](options ?? {}) });
  } catch (error) {
    self.postMessage({ id, error: String(/** @type {any} */ (error)?.stack ?? error) });
  }
};
