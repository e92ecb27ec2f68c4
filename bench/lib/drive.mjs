// Drives one engine in one worker from here: opens it, measures it, closes it.

import { moduleOf, nameOf } from "./engines.mjs";
import { heapOf } from "./heap.mjs";
import { IMAGES } from "./serve.mjs";

/** @import { Entry } from "./engines.mjs" */
/** @import { Counts } from "../page/counters.js" */
/** @import { Losses, Measured } from "../page/worker.js" */
/** @import { Profile } from "../page/profile.js" */
/** @typedef {{firstStepMs: number, openMs: number, phases: Record<string, number>, losses: Losses, counts: Counts}} Opened */
/** @typedef {{wasmBytes: number | null, heapBytes: number | null, liveBuffers: number | null, liveBufferBytes: number | null}} Memory */
/** @typedef {{group: number, groups: number, budgetMs?: number}} How */

/** What no measurement may take longer than: an engine that hangs must not keep the others waiting. */
const PATIENCE_MS = 180_000;

/** @param {Promise<any>} promise @param {number} ms @param {string} what */
async function within(promise, ms, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** One engine on one device with one network. */
export class Runner {
  #context;
  #page;
  /** @type {Awaited<ReturnType<typeof heapOf>> | null} */
  #heap = null;
  entry;

  /** @param {Entry} entry @param {import("playwright-core").BrowserContext} context @param {import("playwright-core").Page} page */
  constructor(entry, context, page) {
    this.entry = entry;
    this.#context = context;
    this.#page = page;
  }

  /**
   * A fresh visitor, with the instruments in place and the data at hand.
   * @param {import("playwright-core").Browser} browser @param {string} url @param {Entry} entry
   * @param {{live?: boolean, profiling?: boolean}} [options]
   */
  static async start(browser, url, entry, options = {}) {
    const context = await browser.newContext();
    const runner = new Runner(entry, context, await context.newPage());
    try {
      await runner.#page.goto(`${url}/page/index.html`);
      await runner.#page.waitForFunction(() => "call" in globalThis);
      await runner.#call("prepare", { ...options, images: IMAGES });
    } catch (error) {
      await runner.close();
      throw error;
    }
    return runner;
  }

  /** @param {string} method @param {any} [argument] @param {number} [patience] */
  #call(method, argument, patience = PATIENCE_MS) {
    const answer = this.#page.evaluate(([m, a]) => /** @type {any} */ (globalThis).call(m, a), [method, argument]);
    return within(answer, patience, `${nameOf(this.entry)}, ${method}`);
  }

  /** Loads the engine and takes the first step. @returns {Promise<Opened>} */
  open() {
    const { device, network, engine } = this.entry;
    // Our bundles call it "cpu".
    const kind = engine === "counterfeit" && device === "wasm" ? "cpu" : device;
    return this.#call("open", { engine: `/engines/${moduleOf(this.entry)}/entry.js`, device: kind, network });
  }

  /** @param {How} how @returns {Promise<Measured>} */
  measure(how) {
    return this.#call("measure", how, PATIENCE_MS + (how.budgetMs ?? 20 * PATIENCE_MS));
  }

  /** @param {How} how @returns {Promise<Measured>} */
  host(how) {
    return this.#call("host", how, PATIENCE_MS + (how.budgetMs ?? 20 * PATIENCE_MS));
  }

  /** What is taken up after a garbage collection. @returns {Promise<Memory>} */
  async memory() {
    this.#heap ??= await heapOf(this.#page);
    await this.#heap.collect();
    return { ...(await this.#call("memory")), heapBytes: await this.#heap.used() };
  }

  /** @param {number} steps @returns {Promise<Profile>} */
  profile(steps) {
    return this.#call("profile", { steps });
  }

  close() {
    return this.#context.close();
  }
}
