// Counts what an engine asks of WebGPU, by wrapping the prototypes before the engine is loaded; can also leave the
// GPU's work out, so that what remains is the time the host needs.

/** @typedef {typeof counts} Counts */

/** Since the worker started. Bytes written are those of writeBuffer and of buffers mapped for writing. */
export const counts = {
  dispatches: 0,
  submits: 0,
  commandBuffers: 0,
  encoders: 0,
  passes: 0,
  buffers: 0,
  bufferBytes: 0,
  destroyed: 0,
  bindGroups: 0,
  pipelines: 0,
  shaders: 0,
  writes: 0,
  bytesWritten: 0,
  copies: 0,
  reads: 0,
};
/** Errors that no caller caught. @type {string[]} */
export const complaints = [];

let stubbed = false;
/** Weakly, so that watching changes nothing; null unless live buffers are asked for. @type {Set<WeakRef<GPUBuffer>> | null} */
let alive = null;
/** @type {WeakMap<GPUBuffer, WeakRef<GPUBuffer>>} */
const references = new WeakMap();

/** From now on nothing is computed: command buffers are recorded and dropped. @param {boolean} on */
export function stub(on) {
  stubbed = on;
}

/** @param {Counts} since @returns {Counts} */
export function countsSince(since) {
  const out = { ...counts };
  for (const key of /** @type {(keyof Counts)[]} */ (Object.keys(counts))) out[key] -= since[key];
  return out;
}

/** Buffers neither destroyed nor collected. */
export function liveBuffers() {
  if (!alive) return null;
  let [count, bytes] = [0, 0];
  for (const ref of alive) {
    const buffer = ref.deref();
    if (!buffer) alive.delete(ref);
    else {
      count++;
      bytes += buffer.size;
    }
  }
  return { count, bytes };
}

/**
 * Calls `note` before a method; the method itself is left out when `note` returns false.
 * @param {any} owner @param {string} name @param {(self: any, args: any[]) => boolean | void} note
 */
export function before(owner, name, note) {
  const real = owner.prototype[name];
  owner.prototype[name] = function (/** @type {any[]} */ ...args) {
    return note(this, args) === false ? undefined : real.apply(this, args);
  };
}

/**
 * Calls `note` after a method, with what it returned.
 * @param {any} owner @param {string} name @param {(self: any, args: any[], result: any) => void} note
 */
export function after(owner, name, note) {
  const real = owner.prototype[name];
  owner.prototype[name] = function (/** @type {any[]} */ ...args) {
    const result = real.apply(this, args);
    note(this, args, result);
    return result;
  };
}

/** @param {any[]} args of writeBuffer: sizes are in elements for typed arrays and in bytes otherwise */
function bytesOfWrite([, , data, offset = 0, size]) {
  const element = data.BYTES_PER_ELEMENT ?? 1;
  return size === undefined ? data.byteLength - offset * element : size * element;
}

/** Wraps the prototypes. Once a worker. @param {{live?: boolean}} [options] `live`: also watch which buffers are still there */
export function install({ live = false } = {}) {
  // No WebGPU here: nothing to count.
  if (!("GPUDevice" in globalThis)) return;
  if (live) alive = new Set();
  countDevice();
  countRecording();
  before(GPUQueue, "submit", (_, [list]) => {
    counts.submits++;
    counts.commandBuffers += list.length;
    return !stubbed;
  });
  before(GPUQueue, "writeBuffer", (_, args) => {
    counts.writes++;
    counts.bytesWritten += bytesOfWrite(args);
  });
  before(GPUBuffer, "mapAsync", (buffer, [mode]) => {
    if (mode === GPUMapMode.READ) counts.reads++;
    else counts.bytesWritten += buffer.size;
  });
  before(GPUBuffer, "destroy", (buffer) => {
    counts.destroyed++;
    alive?.delete(/** @type {any} */ (references.get(buffer)));
  });
  after(GPUAdapter, "requestDevice", (_, __, promise) =>
    promise.then(
      (/** @type {GPUDevice} */ device) => {
        device.addEventListener("uncapturederror", (event) =>
          complaints.push(/** @type {GPUUncapturedErrorEvent} */ (event).error.message),
        );
        device.lost.then((info) => info.reason === "destroyed" || complaints.push(`device lost: ${info.message}`));
      },
      () => {},
    ),
  );
}

/** What a device makes. */
function countDevice() {
  after(GPUDevice, "createBuffer", (_, [{ size, mappedAtCreation }], buffer) => {
    counts.buffers++;
    counts.bufferBytes += size;
    if (mappedAtCreation) counts.bytesWritten += size;
    if (!alive) return;
    const reference = new WeakRef(buffer);
    references.set(buffer, reference);
    alive.add(reference);
  });
  before(GPUDevice, "createBindGroup", () => {
    counts.bindGroups++;
  });
  before(GPUDevice, "createShaderModule", () => {
    counts.shaders++;
  });
  before(GPUDevice, "createComputePipeline", () => {
    counts.pipelines++;
  });
  before(GPUDevice, "createComputePipelineAsync", () => {
    counts.pipelines++;
  });
  before(GPUDevice, "createCommandEncoder", () => {
    counts.encoders++;
  });
}

/** What is recorded for the GPU. */
function countRecording() {
  for (const name of ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"]) {
    before(GPUComputePassEncoder, name, () => {
      counts.dispatches++;
      return !stubbed;
    });
  }
  before(GPUCommandEncoder, "beginComputePass", () => {
    counts.passes++;
  });
  for (const name of [
    "copyBufferToBuffer",
    "clearBuffer",
    "copyBufferToTexture",
    "copyTextureToBuffer",
    "copyTextureToTexture",
  ]) {
    before(GPUCommandEncoder, name, () => {
      counts.copies++;
    });
  }
}
