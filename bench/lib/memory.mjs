// What our engine holds on to after 200 steps and after many.

import { Runner } from "./drive.mjs";
import { nameOf } from "./engines.mjs";

/** @import { Entry } from "./engines.mjs" */
/** @import { Memory } from "./drive.mjs" */
/** @typedef {{entry: Entry, gpuWorkLeftOut: boolean, after: Record<string, Memory>}} Held */

/** By then everything has been made that is kept. */
const SETTLED = 200;
const GROUP = 5;
/** A GPU that would take longer than this for the steps has its work left out: what the host holds is the same. */
const BUDGET_MS = 120_000;

/**
 * @param {import("playwright-core").Browser} browser @param {string} url @param {Entry} entry @param {number} last steps in all
 * @returns {Promise<Held>}
 */
async function held(browser, url, entry, last) {
  const runner = await Runner.start(browser, url, entry, { live: true });
  try {
    await runner.open();
    let done = 1;
    const trial = await runner.measure({ group: GROUP, groups: 2 });
    done += trial.steps;
    const gpuWorkLeftOut = entry.device === "webgpu" && (trial.groupMs[1] / GROUP) * last > BUDGET_MS;
    /** @type {Held["after"]} */
    const after = {};
    for (const steps of [SETTLED, last]) {
      const how = { group: GROUP, groups: Math.ceil((steps - done) / GROUP) };
      done += (await (gpuWorkLeftOut ? runner.host(how) : runner.measure(how))).steps;
      after[steps] = await runner.memory();
    }
    return { entry, gpuWorkLeftOut, after };
  } finally {
    await runner.close();
  }
}

const mega = (/** @type {number | null} */ bytes) => (bytes === null ? "-" : (bytes / 1e6).toFixed(2));

/** @param {import("playwright-core").Browser} browser @param {string} url @param {Entry[]} entries @param {number} steps @returns {Promise<Held[]>} */
export async function memory(browser, url, entries, steps) {
  const out = [];
  for (const entry of entries) {
    try {
      const one = await held(browser, url, entry, steps);
      out.push(one);
      console.log(`  ${nameOf(entry)}${one.gpuWorkLeftOut ? ", the GPU's work left out" : ""}`);
      for (const [steps, m] of Object.entries(one.after)) {
        const buffers =
          m.liveBuffers === null ? "" : `, ${m.liveBuffers} live GPU buffers (${mega(m.liveBufferBytes)} MB)`;
        console.log(
          `    after ${steps} steps: ${mega(m.wasmBytes)} MB of linear memory, ${mega(m.heapBytes)} MB of heap${buffers}`,
        );
      }
    } catch (error) {
      console.log(`  ${nameOf(entry)}: memory not measured: ${/** @type {Error} */ (error).message.split("\n")[0]}`);
    }
  }
  return out;
}
