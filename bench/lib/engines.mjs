// The engines that are compared, where each can run, and what it cannot do.

/** @typedef {"counterfeit" | "tfjs" | "jax-js"} EngineId */
/** @typedef {"webgpu" | "wasm" | "cpu"} DeviceId */
/** @typedef {import("../page/networks.js").NetworkId} NetworkId */
/** @typedef {{engine: EngineId, device: DeviceId, network: NetworkId}} Entry */

/** @type {NetworkId[]} */
export const NETWORK_IDS = ["mlp", "dcgan"];

/**
 * Each engine's devices and the module below bench/engines that runs it there. Ours on the CPU is WebAssembly.
 * @type {Record<EngineId, Partial<Record<DeviceId, string>>>}
 */
export const ENGINES = {
  counterfeit: { webgpu: "counterfeit-webgpu", wasm: "counterfeit-cpu" },
  "jax-js": { webgpu: "jax-webgpu", wasm: "jax-wasm" },
  tfjs: { webgpu: "tfjs-webgpu", wasm: "tfjs-wasm", cpu: "tfjs-cpu" },
};

/** The npm package whose version is the engine's. @type {Record<EngineId, string | null>} */
export const PACKAGES = { counterfeit: null, "jax-js": "@jax-js/jax", tfjs: "@tensorflow/tfjs-core" };

/** Every combination. @returns {Entry[]} */
export function entries() {
  return NETWORK_IDS.flatMap((network) =>
    /** @type {EngineId[]} */ (Object.keys(ENGINES)).flatMap((engine) =>
      /** @type {DeviceId[]} */ (Object.keys(ENGINES[engine])).map((device) => ({ engine, device, network })),
    ),
  );
}

/** @param {Entry} entry */
export const nameOf = ({ engine, device, network }) => `${engine} ${device} ${network}`;

/** @param {Entry} entry @returns {string} */
export function moduleOf({ engine, device }) {
  const module = ENGINES[engine]?.[device];
  if (!module)
    throw new Error(`${engine} does not run on ${device}; it does on ${Object.keys(ENGINES[engine] ?? {}).join(", ")}`);
  return module;
}
