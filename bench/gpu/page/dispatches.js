// What a dispatch costs by itself, with a trivial kernel of three bindings: the floor under every training step.

const KERNEL = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> z: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) i: vec3u) { x[i.x] = y[i.x] * 1.001 + z[i.x]; }`;
const BYTES = 65_536;
/** About as many as a step of the benchmark's MLP has (bench/limits.json). */
const OF_A_STEP = 36;
const READ_BACKS = 200;

/**
 * @typedef {{dispatches: number, steps: number, fresh?: boolean, perSubmit?: number, write?: boolean}} Case
 *   `fresh`: new bind groups for each dispatch; `perSubmit`: steps in a submit; `write`: 64 KiB written a step
 * @type {[string, Case][]}
 */
const CASES = [
  ["36 dispatches, bind groups kept, a submit a step", { dispatches: OF_A_STEP, steps: 1000 }],
  ["36 dispatches, bind groups kept, ten steps a submit", { dispatches: OF_A_STEP, steps: 2000, perSubmit: 10 }],
  ["36 dispatches, new bind groups", { dispatches: OF_A_STEP, steps: 1000, fresh: true }],
  ["36 dispatches and one 64 KiB write", { dispatches: OF_A_STEP, steps: 1000, write: true }],
  ["8 dispatches, a submit a step", { dispatches: 8, steps: 2000 }],
  ["8 dispatches, ten steps a submit", { dispatches: 8, steps: 4000, perSubmit: 10 }],
  ["1 dispatch, a submit a step", { dispatches: 1, steps: 3000 }],
];

/** Milliseconds a step of each case, on the host alone and altogether, and of a small read-back. */
export async function dispatches() {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("no adapter: this browser was not started with the flags for this machine's GPU");
  const device = await adapter.requestDevice();
  const module = device.createShaderModule({ code: KERNEL });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers = Array.from({ length: 12 }, () => device.createBuffer({ size: BYTES, usage }));
  const group = (/** @type {number} */ i) =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [0, 1, 2].map((binding) => ({ binding, resource: { buffer: buffers[(i + binding * 4) % 12] } })),
    });
  const kept = Array.from({ length: 64 }, (_, i) => group(i));
  const values = new Float32Array(BYTES / 4);

  /** Submits some steps. @param {Case} what */
  function submit({ dispatches, fresh = false, perSubmit = 1, write = false }) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (let i = 0; i < perSubmit * dispatches; i++) {
      pass.setBindGroup(0, fresh ? group(i) : kept[i % kept.length]);
      pass.dispatchWorkgroups(16);
    }
    pass.end();
    if (write) device.queue.writeBuffer(buffers[0], 0, values);
    device.queue.submit([encoder.finish()]);
  }

  /** @type {Record<string, {ms: number, hostMs?: number}>} */
  const measured = {};
  for (const [name, what] of CASES) {
    for (let i = 0; i < 10; i++) submit(what);
    await device.queue.onSubmittedWorkDone();
    const start = performance.now();
    for (let done = 0; done < what.steps; done += what.perSubmit ?? 1) submit(what);
    const hostMs = (performance.now() - start) / what.steps;
    await device.queue.onSubmittedWorkDone();
    measured[name] = { ms: (performance.now() - start) / what.steps, hostMs };
  }

  const back = device.createBuffer({ size: 256, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const start = performance.now();
  for (let i = 0; i < READ_BACKS; i++) {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffers[0], 0, back, 0, 256);
    device.queue.submit([encoder.finish()]);
    await back.mapAsync(GPUMapMode.READ);
    back.unmap();
  }
  measured["a small read-back"] = { ms: (performance.now() - start) / READ_BACKS };
  return measured;
}
