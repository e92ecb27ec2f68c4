// Asks the browser about WebGPU. Decides nothing: src/device.rs does.

/**
 * @typedef {{secure: boolean, api: boolean, adapter: boolean, name: string, software: boolean, features: string[], storageBuffers: number,
 *   invocations: number}} AdapterReport `secure`: browsers offer WebGPU to pages over https and from this machine only
 */

/** A driver that never answers must not keep the page from starting; an adapter usually answers within 100 ms. */
const PATIENCE_MS = 5000;

/** @returns {Promise<AdapterReport>} */
export async function reportAdapter() {
  const none = { secure: isSecureContext, api: false, adapter: false, name: "", software: false, features: [], storageBuffers: 0, invocations: 0 };
  // TypeScript's library does not know WebGPU.
  const gpu = /** @type {any} */ (navigator).gpu;
  if (!gpu) return none;
  const adapter = await Promise.race([
    gpu.requestAdapter().catch(() => null),
    new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS)),
  ]);
  if (!adapter) return { ...none, api: true };
  const info = adapter.info ?? {};
  return {
    ...none,
    api: true,
    adapter: true,
    name: info.description || [info.vendor, info.architecture].filter(Boolean).join(" "),
    software: Boolean(info.isFallbackAdapter ?? adapter.isFallbackAdapter),
    features: [...adapter.features],
    storageBuffers: adapter.limits.maxStorageBuffersPerShaderStage,
    invocations: adapter.limits.maxComputeInvocationsPerWorkgroup,
  };
}
