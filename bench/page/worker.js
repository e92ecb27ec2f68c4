// Runs one engine on one device with one network, for its whole life, and measures it. Knows no engine: each is a
// module with an `open` that gives a run.

import { complaints, counts, countsSince, install, liveBuffers, stub } from "./counters.js";
import { fetchImages } from "./data.js";

/** @import { Counts } from "./counters.js" */
/** @import { NetworkId } from "./networks.js" */
/** @import * as Profile from "./profile.js" */
/** @typedef {{d: number[], g: number[]}} Losses of consecutive steps */
/**
 * @typedef {object} Run
 * @property {() => void | Promise<void>} step queues one step: an update of D, then one of G
 * @property {() => Promise<Losses>} read the losses of all steps since the last call; when they are here, those steps are done
 * @property {Record<string, number>} [phases] milliseconds that parts of opening took
 * @property {() => void} [loadRest] takes in the data that the first step did not need
 * @property {() => number} [wasmBytes] size of the engine's linear memory
 */
/** @typedef {{device: string, network: NetworkId, images: Uint8Array<ArrayBuffer>}} Job */
/** @typedef {(job: Job) => Promise<Run>} Open */
/** @typedef {{groupMs: number[], callMs: number[], steps: number, counts: Counts, losses: Losses}} Measured */

/** @type {Run} */
let run;
/** @type {Uint8Array<ArrayBuffer>} */
let images;
/** @type {typeof Profile | null} */
let profile = null;

/** @type {Record<string, (argument: any) => any>} */
const METHODS = { prepare, open, measure, host, memory, profile: profiled };

self.onmessage = async ({ data: { id, method, argument } }) => {
  try {
    self.postMessage({ id, result: await METHODS[method](argument) });
  } catch (error) {
    self.postMessage({
      id,
      error: `${/** @type {Error} */ (error)?.message ?? error}${complaints.length ? `; ${complaints[0]}` : ""}`,
    });
  }
};

/** Everything that is not the engine's: instruments and data. @param {{images: string, live?: boolean, profiling?: boolean}} options */
async function prepare({ images: url, live = false, profiling = false }) {
  install({ live });
  if (profiling) {
    profile = await import("./profile.js");
    profile.install();
  }
  images = await fetchImages(url);
}

/**
 * Loads the engine and takes one step. The clock runs from before the engine's module is asked for until the step's losses are here.
 * @param {{engine: string, device: string, network: NetworkId}} job
 */
async function open({ engine, device, network }) {
  const start = performance.now();
  const module = /** @type {{open: Open}} */ (await import(engine));
  run = await module.open({ device, network, images });
  const opened = performance.now();
  await run.step();
  const losses = await run.read();
  const done = performance.now();
  run.loadRest?.();
  return { firstStepMs: done - start, openMs: opened - start, phases: run.phases ?? {}, losses, counts: { ...counts } };
}

/**
 * Steps in groups, each of which ends with a read of its losses. Ends after `groups`, or after the first that ends past `budgetMs`.
 * @param {{group: number, groups: number, budgetMs?: number}} how
 * @returns {Promise<Measured>}
 */
async function measure({ group, groups, budgetMs = Infinity }) {
  /** @type {Measured} */
  const out = { groupMs: [], callMs: [], steps: 0, counts, losses: { d: [], g: [] } };
  const before = { ...counts };
  const begin = performance.now();
  while (out.groupMs.length < groups && performance.now() - begin < budgetMs) {
    const start = performance.now();
    for (let i = 0; i < group; i++) await run.step();
    const called = performance.now();
    const losses = await run.read();
    out.groupMs.push(performance.now() - start);
    out.callMs.push(called - start);
    out.losses.d.push(...losses.d);
    out.losses.g.push(...losses.g);
  }
  out.steps = group * out.groupMs.length;
  out.counts = countsSince(before);
  if (complaints.length) throw new Error(`the browser complained: ${complaints[0]}`);
  return out;
}

/**
 * The same with the GPU's work left out, from here on: the state on the GPU is no longer that of a run.
 * @param {{group: number, groups: number, budgetMs?: number}} how
 */
async function host(how) {
  stub(true);
  return measure(how);
}

/** What is taken up now, the heap apart. */
function memory() {
  const live = liveBuffers();
  return {
    wasmBytes: run.wasmBytes?.() ?? null,
    liveBuffers: live?.count ?? null,
    liveBufferBytes: live?.bytes ?? null,
  };
}

/** Time and number of calls of each kernel. @param {{steps: number}} how */
async function profiled({ steps }) {
  if (!profile) throw new Error("this worker was not prepared for profiling");
  profile.begin();
  for (let i = 0; i < steps; i++) {
    profile.mark();
    await run.step();
  }
  profile.mark();
  await run.read();
  return profile.end();
}
