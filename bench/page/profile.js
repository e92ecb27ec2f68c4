// Which kernel costs what: every dispatch gets a compute pass of its own, with a timestamp at its beginning and its
// end. WebGPU orders dispatches within a pass as it orders passes, so the results stay the same; only the passes' own
// cost is added, outside of what is timed.

import { after } from "./counters.js";

/** @typedef {{name: string, code: string, id: number}} Kernel */
/** @typedef {{kernel: Kernel, groups: string, buffers: string, calls: number, ms: number}} Line */
/** @typedef {{kernels: Kernel[], lines: (Omit<Line, "kernel"> & {kernel: number})[], sequence: number[], marks: number[], timed: boolean}} Profile */

/** WebGPU's limit for a query set; two queries a dispatch. */
const QUERIES = 4096;
const BYTES_PER_QUERY = 8;

/** @type {WeakMap<object, {label: string, code: string}>} */
const modules = new WeakMap();
/** @type {WeakMap<object, Kernel>} */
const kernels = new WeakMap();
/** Sizes of what is bound, as text. @type {WeakMap<object, string>} */
const bound = new WeakMap();
/** @type {Kernel[]} */
const known = [];

let active = false;
/** @type {GPUDevice} */
let device;
/** @type {{set: GPUQuerySet, used: number}[]} */
let sets = [];
/** In the order of the queries. @type {string[]} */
let sequence = [];
/** Where each step begins in it; the last mark is where the last step ends. @type {number[]} */
let marks = [];
/** @type {Map<string, Line>} */
let lines = new Map();

/** The label, or else what can be told from the code. @param {any} descriptor @returns {Kernel} */
function describe({ label, compute }) {
  const module = modules.get(compute.module);
  const code = module?.code ?? "";
  const entry = compute.entryPoint ?? /@compute[\s\S]*?\bfn\s+(\w+)/.exec(code)?.[1] ?? "main";
  const name = label || module?.label || (entry === "main" ? `unnamed ${known.length}` : entry);
  const kernel = { name, code, id: known.length };
  known.push(kernel);
  return kernel;
}

/** @param {number} bytes */
const size = (bytes) => (bytes < 1024 ? `${bytes}` : `${Math.round(bytes / 102.4) / 10}K`);

/** Wraps what makes kernels and passes. Before the engine is loaded. */
export function install() {
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (/** @type {GPUDeviceDescriptor} */ descriptor = {}) {
    const requiredFeatures = new Set([
      ...(descriptor.requiredFeatures ?? []),
      /** @type {const} */ ("timestamp-query"),
    ]);
    device = await request.call(this, { ...descriptor, requiredFeatures });
    return device;
  };
  after(GPUDevice, "createShaderModule", (_, [{ label = "", code }], module) => modules.set(module, { label, code }));
  after(GPUDevice, "createComputePipeline", (_, [descriptor], pipeline) => kernels.set(pipeline, describe(descriptor)));
  after(GPUDevice, "createComputePipelineAsync", (_, [descriptor], promise) => {
    promise.then(
      (/** @type {object} */ pipeline) => kernels.set(pipeline, describe(descriptor)),
      () => {},
    );
  });
  after(GPUDevice, "createBindGroup", (_, [{ entries }], group) => {
    const sizes = [...entries].map(({ resource }) =>
      size(resource.size ?? (resource.buffer ?? resource).size - (resource.offset ?? 0)),
    );
    bound.set(group, sizes.join(" "));
  });
  const begin = GPUCommandEncoder.prototype.beginComputePass;
  GPUCommandEncoder.prototype.beginComputePass = function (/** @type {GPUComputePassDescriptor} */ descriptor = {}) {
    // A pass with timestamps of its own belongs to the engine's own profiler.
    if (!active || descriptor.timestampWrites) return begin.call(this, descriptor);
    const open = (/** @type {GPUComputePassTimestampWrites} */ timestampWrites) =>
      begin.call(this, { ...descriptor, timestampWrites });
    return /** @type {any} */ (new SplitPass(open));
  };
}

/** Two queries that nobody has used. @returns {GPUComputePassTimestampWrites} */
function queries() {
  let last = sets.at(-1);
  if (!last || last.used + 2 > QUERIES)
    sets.push((last = { set: device.createQuerySet({ type: "timestamp", count: QUERIES }), used: 0 }));
  last.used += 2;
  return { querySet: last.set, beginningOfPassWriteIndex: last.used - 2, endOfPassWriteIndex: last.used - 1 };
}

/** Stands in for a compute pass: remembers what is set, and gives each dispatch a real pass. */
class SplitPass {
  #open;
  label = "";
  /** @type {GPUComputePipeline | null} */
  #pipeline = null;
  /** @type {Map<number, any[]>} */
  #groups = new Map();

  /** @param {(writes: GPUComputePassTimestampWrites) => GPUComputePassEncoder} open */
  constructor(open) {
    this.#open = open;
  }

  /** @param {GPUComputePipeline} pipeline */
  setPipeline(pipeline) {
    this.#pipeline = pipeline;
  }

  /** @param {number} index @param {any[]} rest group and offsets */
  setBindGroup(index, ...rest) {
    this.#groups.set(index, rest);
  }

  /** @param {string} how @param {(pass: GPUComputePassEncoder) => void} dispatch */
  #run(how, dispatch) {
    const kernel = this.#pipeline && kernels.get(this.#pipeline);
    if (!this.#pipeline || !kernel) throw new Error("a dispatch without a known pipeline");
    const buffers = [...this.#groups.values()].map(([group]) => bound.get(group) ?? "?").join(" | ");
    const key = `${kernel.id} ${how} ${buffers}`;
    if (!lines.has(key)) lines.set(key, { kernel, groups: how, buffers, calls: 0, ms: 0 });
    sequence.push(key);
    const pass = this.#open(queries());
    pass.setPipeline(this.#pipeline);
    for (const [index, rest] of this.#groups) /** @type {any} */ (pass).setBindGroup(index, ...rest);
    dispatch(pass);
    pass.end();
  }

  /** @param {number} x @param {number} y @param {number} z */
  dispatchWorkgroups(x, y = 1, z = 1) {
    this.#run(`${x}x${y}x${z}`, (pass) => pass.dispatchWorkgroups(x, y, z));
  }

  /** @param {GPUBuffer} buffer @param {number} offset */
  dispatchWorkgroupsIndirect(buffer, offset) {
    this.#run("indirect", (pass) => pass.dispatchWorkgroupsIndirect(buffer, offset));
  }

  end() {}
  pushDebugGroup() {}
  popDebugGroup() {}
  insertDebugMarker() {}
}

/** Forgets what was measured and starts to measure. */
export function begin() {
  for (const { set } of sets) set.destroy();
  [sets, sequence, marks, lines, active] = [[], [], [], new Map(), true];
}

/** Called before each step and after the last one. */
export function mark() {
  marks.push(sequence.length);
}

/** The timestamps of a query set, in nanoseconds. @param {{set: GPUQuerySet, used: number}} set */
async function timestamps({ set, used }) {
  const bytes = used * BYTES_PER_QUERY;
  const resolved = device.createBuffer({ size: bytes, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const mapped = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(set, 0, used, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, mapped, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await mapped.mapAsync(GPUMapMode.READ);
  return new BigUint64Array(mapped.getMappedRange().slice(0));
}

/** Reads the clocks and adds up. @returns {Promise<Profile>} */
export async function end() {
  active = false;
  const times = (await Promise.all(sets.map(timestamps))).flatMap((t) => [...t]);
  sequence.forEach((key, i) => {
    const line = /** @type {Line} */ (lines.get(key));
    line.calls++;
    line.ms += Number(times[2 * i + 1] - times[2 * i]) / 1e6;
  });
  const order = [...lines.keys()];
  return {
    kernels: known.map(({ id, name, code }) => ({ id, name, code })),
    lines: [...lines.values()].map((line) => ({ ...line, kernel: line.kernel.id })),
    sequence: sequence.map((key) => order.indexOf(key)),
    marks,
    timed: times.some((t) => t !== 0n),
  };
}
