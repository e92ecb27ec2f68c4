// The worker's GPU: asks the browser for one adapter, reports on it, and hands that very adapter to the core, which
// would otherwise ask for one of its own, with other options. Hears when the device is refused or lost. Decides
// nothing: src/device.rs does.

import { watchCompilations } from "./compilations.js";

/**
 * @typedef {{secure: boolean, api: boolean, adapter: boolean, name: string, software: boolean, features: string[], storageBuffers: number,
 *   invocations: number, largestBinding: number, late: boolean}} AdapterReport `late`: there was no answer in time; `secure`: browsers offer WebGPU to pages over https and from this machine only
 */

/** A driver that never answers must not keep a run from starting; an adapter and a device usually come within 100 ms each. Who has asked
 * for the GPU waits longer: its process may still be busy with the programs of a run that was given up. */
const PATIENCE_MS = { auto: 5000, webgpu: 30_000 };
/** @typedef {keyof typeof PATIENCE_MS} GpuPreference */

/** Nothing is known of an adapter. @type {AdapterReport} */
const NONE = {
  secure: isSecureContext,
  api: false,
  adapter: false,
  name: "",
  software: false,
  features: [],
  storageBuffers: 0,
  invocations: 0,
  largestBinding: 0,
  late: false,
};

export class Gpu {
  #lost;
  /** The adapter that the report is of. @type {GPUAdapter | null} */
  #adapter = null;
  /** @type {Promise<AdapterReport> | null} */
  #report = null;
  /** Errors in the GPU's module are of a device that is not used any more. */
  abandoned = false;

  /**
   * @param {(reason: string) => void} lost the device that the core uses is gone
   * @param {(compiled: number, asked: number) => void} compiling programs that the browser has compiled, and has been asked for
   */
  constructor(lost, compiling) {
    this.#lost = lost;
    if (typeof GPUDevice === "function") watchCompilations(compiling);
  }

  /** What the browser says of its adapter; asked once, unless there was no answer. @param {GpuPreference} request @returns {Promise<AdapterReport>} */
  async report(request) {
    this.#report ??= this.#ask(PATIENCE_MS[request]);
    const report = await this.#report;
    if (report.late) this.#report = null;
    return report;
  }

  /** @param {number} patienceMs */
  async #ask(patienceMs) {
    // Absent from TypeScript's library where a context is not secure, and from older browsers.
    const gpu = /** @type {GPU | undefined} */ (navigator.gpu);
    if (!gpu) return NONE;
    /** @param {GPURequestAdapterOptions} [options] */
    const ask = (options) =>
      within(patienceMs, () => gpu.requestAdapter(options)).catch((error) => (error instanceof Late ? error : null));
    // As fast a GPU as there is; but some browsers have one only for those who do not ask so.
    const found = (await ask({ powerPreference: "high-performance" })) ?? (await ask());
    if (found instanceof Late) return { ...NONE, api: true, late: true };
    this.#adapter = found;
    if (!this.#adapter) return { ...NONE, api: true };
    const { features, limits } = this.#adapter;
    const info = /** @type {Partial<GPUAdapterInfo> & {isFallbackAdapter?: boolean}} */ (
      /** @type {any} */ (this.#adapter).info ?? {}
    );
    return {
      ...NONE,
      api: true,
      adapter: true,
      name: info.description || [info.vendor, info.architecture].filter(Boolean).join(" "),
      software: Boolean(info.isFallbackAdapter ?? /** @type {any} */ (this.#adapter).isFallbackAdapter),
      features: [...features],
      storageBuffers: limits.maxStorageBuffersPerShaderStage,
      invocations: limits.maxComputeInvocationsPerWorkgroup,
      largestBinding: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    };
  }

  /**
   * Has the core open a device on the adapter of the report. Rejects with the browser's own reason, or when there is no answer: the core
   * may then stop with a panic of its own, which says less.
   * @template T @param {GpuPreference} request @param {() => Promise<T>} openDevice the core's call @returns {Promise<T>}
   */
  async open(request, openDevice) {
    const adapter = this.#adapter;
    if (!adapter) throw new Error("there is no adapter");
    /** @type {Promise<never>} */
    const failed = new Promise((_, reject) => {
      const request = adapter.requestDevice.bind(adapter);
      replace(adapter, "requestDevice", async (/** @type {GPUDeviceDescriptor} */ descriptor) => {
        try {
          const device = await request(descriptor);
          void device.lost.then(({ message, reason }) => {
            reject(new Error(message || reason));
            this.#lost(message || reason);
          });
          return device;
        } catch (error) {
          reject(error);
          throw error;
        }
      });
      replace(navigator.gpu, "requestAdapter", async () => adapter);
    });
    failed.catch(() => {}); // Heard of below, or no longer of interest.
    try {
      return await within(PATIENCE_MS[request], () => Promise.race([openDevice(), failed]));
    } catch (error) {
      this.abandoned = true;
      throw error;
    }
  }
}

/** @param {object} object @param {string} name @param {unknown} value */
function replace(object, name, value) {
  Object.defineProperty(object, name, { value, configurable: true });
}

class Late extends Error {}

/** What a call gives. Rejects where it throws, rejects, or has not answered in time. @template T @param {number} ms @param {() => Promise<T>} call @returns {Promise<T>} */
async function within(ms, call) {
  let timer;
  try {
    /** @type {Promise<never>} */
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Late(`it did not answer within ${ms / 1000} seconds`)), ms);
    });
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}
