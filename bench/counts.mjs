// What one step of our engine asks of WebGPU, without any timing: for a test, on any machine, in about half a minute.

import { openBrowser } from "./lib/browser.mjs";
import { buildEngines } from "./lib/build.mjs";
import { Runner } from "./lib/drive.mjs";
import { NETWORK_IDS, moduleOf } from "./lib/engines.mjs";
import { serve } from "./lib/serve.mjs";
import { perStep } from "./lib/stats.mjs";

/** @import { DeviceId, EngineId, NetworkId } from "./lib/engines.mjs" */

/** Until buffers and caches are filled: see docs/decisions/pace.md for how long the pool of buffers grows. */
const WARM_UP = { group: 5, groups: 100 };
/** A read of the losses every five steps, as the page and the benchmark do. */
const COUNTED = { group: 5, groups: 4 };

/**
 * Counts per step, those of reading the losses included. The first step is a real one; then the GPU's work is left out, which no
 * count depends on.
 * @param {{engine?: EngineId, software?: boolean}} [options] `software`: do not look for a GPU
 * @returns {Promise<Record<NetworkId, Record<string, number>>>}
 */
export async function countsPerStep({ engine = "counterfeit", software = true } = {}) {
  const device = /** @type {DeviceId} */ ("webgpu");
  const { folder, failed, remove } = await buildEngines([moduleOf({ engine, device, network: "mlp" })]);
  const server = await serve(folder);
  try {
    for (const message of failed.values()) throw new Error(message);
    const { browser } = await openBrowser(`${server.url}/page/index.html`, { software });
    try {
      const out = /** @type {Record<NetworkId, Record<string, number>>} */ ({});
      for (const network of NETWORK_IDS) {
        const runner = await Runner.start(browser, server.url, { engine, device, network });
        await runner.open();
        await runner.host(WARM_UP);
        const { counts, steps } = await runner.host(COUNTED);
        out[network] = perStep(counts, steps);
        await runner.close();
      }
      return out;
    } finally {
      await browser.close();
    }
  } finally {
    server.close();
    remove();
  }
}
