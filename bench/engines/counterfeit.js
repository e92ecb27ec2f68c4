// Our own core through its own boundary, as www/worker/ uses it.

import { HEADER } from "../page/data.js";
import { ADAM, NETWORKS, PIXELS } from "../page/networks.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { Job, Losses, Run } from "../page/worker.js" */

/**
 * The page's defaults where the networks below say nothing. `init` is the peers': our recipe starts a D without normalisation larger.
 * @param {Job["network"]} network
 */
function settings(network) {
  const { batch, latent, units, channels } = NETWORKS[network];
  const shared = {
    batch,
    latent_dim: latent,
    d_norm: "none",
    objective: "non-saturating",
    d_steps: 1,
    real_target: 1,
    d_lr: ADAM.rate,
    g_lr: ADAM.rate,
    d_beta1: ADAM.beta1,
    g_beta1: ADAM.beta1,
    d_beta2: ADAM.beta2,
    g_beta2: ADAM.beta2,
  };
  return network === "mlp"
    ? {
        ...shared,
        family: "mlp",
        g_units: units,
        d_units: units,
        g_layers: 2,
        d_layers: 2,
        d_hidden: "leaky-relu",
        d_dropout: 0,
        g_norm: "none",
      }
    : {
        ...shared,
        family: "dcgan",
        init: "dcgan",
        g_channels: channels,
        d_channels: channels,
        g_dense: 0,
        d_dense: 0,
        stages: 2,
        g_norm: "batch",
      };
}

/** Milliseconds of each phase since the one before. */
function clock() {
  let last = performance.now();
  /** @type {Record<string, number>} */
  const ms = {};
  return {
    ms,
    end(/** @type {string} */ phase) {
      const now = performance.now();
      [ms[phase], last] = [now - last, now];
    },
  };
}

/** @param {typeof Core} core the bundle of the device @param {Job} job @returns {Promise<Run>} */
export async function start(core, { device: kind, network, images }) {
  const phases = clock();
  const { memory } = await core.default();
  phases.end("init");
  const catalog = core.catalog();
  const device = await core.openDevice(kind, null);
  phases.end("device");
  const data = new core.Data("mnist");
  // Training may start with the first block, and on the page it does.
  const first = HEADER + catalog.needs * PIXELS;
  data.push("train-images", images.subarray(0, first));
  phases.end("data");
  const session = new core.Session({ ...catalog.defaults, ...settings(network) }, data, device);
  phases.end("session");
  return {
    phases: phases.ms,
    step: () => session.step("both"),
    async read() {
      const { metrics, divergence } = await session.metrics();
      // With the GPU's work left out nothing sensible comes back, and nothing sensible is expected.
      void divergence;
      return /** @type {Losses} */ ({ d: metrics.dLoss, g: metrics.gLoss });
    },
    loadRest: () => data.push("train-images", images.subarray(first)),
    wasmBytes: () => memory.buffer.byteLength,
  };
}
