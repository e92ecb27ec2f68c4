// The worker's access to WebGPU: requests one adapter, reports its properties, and makes the core use this adapter
// instead of requesting another with other options. Reports when the device is refused or lost. src/device.rs decides
// which device a run uses.

import { watchCompilations } from "./compilations.js";

/** @import { AdapterReport } from "../protocol.js" */

/**
 * Time limits in milliseconds for an adapter or a device, so that a driver that never answers does not block a run.
 * Each usually takes less than 100 ms. An explicit choice of WebGPU waits longer, because the GPU process may still be
 * compiling programs of an abandoned run.
 */
const PATIENCE_MS = { auto: 5000, webgpu: 30_000 };
/** @typedef {keyof typeof PATIENCE_MS} GpuPreference */

/** The report when there is no adapter. @type {AdapterReport} */
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
  /** The adapter that the report describes. @type {GPUAdapter | null} */
  #adapter = null;
  /** @type {Promise<AdapterReport> | null} */
  #report = null;
  /** Set when the core no longer uses its device: errors of the GPU module are then ignored. */
  abandoned = false;

  /**
   * @param {(reason: string) => void} lost called when the core's device is lost
   * @param {(compiled: number, asked: number) => void} compiling called with the number of programs compiled and
   *   requested
   */
  constructor(lost, compiling) {
    this.#lost = lost;
    if (typeof GPUDevice === "function") watchCompilations(compiling);
  }

  /**
   * Reports the properties of the adapter. Requested once, and again if there was no answer or no adapter: a GPU process
   * that has just died gives none for a while.
   * @param {GpuPreference} request @returns {Promise<AdapterReport>}
   */
  async report(request) {
    this.#report ??= this.#ask(PATIENCE_MS[request]);
    const report = await this.#report;
    if (!report.adapter) this.#report = null;
    return report;
  }

  /** @param {number} patienceMs */
  async #ask(patienceMs) {
    // TypeScript declares `gpu` as always present; insecure contexts and older browsers lack it.
    const gpu = /** @type {GPU | undefined} */ (navigator.gpu);
    if (!gpu) return NONE;
    /** @param {GPURequestAdapterOptions} [options] */
    const ask = (options) =>
      within(patienceMs, () => gpu.requestAdapter(options)).catch((error) => (error instanceof Late ? error : null));
    // Prefer the fastest GPU. Some browsers return an adapter only without this preference.
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
   * Makes the core open a device on the reported adapter. Rejects with the browser's own error, or when there is no
   * answer in time; the core alone would panic with a less informative message.
   * @template T @param {GpuPreference} request @param {() => Promise<T>} openDevice the core's call
   * @returns {Promise<T>}
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
    failed.catch(() => {}); // Handled below, or no longer relevant.
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

/**
 * Returns the result of a call. Rejects if the call throws, rejects, or does not answer within `ms`.
 * @template T @param {number} ms @param {() => Promise<T>} call @returns {Promise<T>}
 */
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
