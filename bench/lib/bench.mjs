// The whole benchmark: builds, measures, reports.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser } from "./browser.mjs";
import { BENCH, buildEngines } from "./build.mjs";
import { entries, moduleOf } from "./engines.mjs";
import { goalTable, goalsOf } from "./goals.mjs";
import { machine, versions } from "./machine.mjs";
import { memory } from "./memory.mjs";
import { FULL, QUICK, blank, firstSteps, race } from "./rounds.mjs";
import { rowOf, table } from "./rows.mjs";
import { serve } from "./serve.mjs";
import { sizeOf } from "./sizes.mjs";

/** @import { Options } from "./options.mjs" */
/** @import { Figures } from "./rounds.mjs" */
/** @import { Size } from "./rows.mjs" */
/** @typedef {Awaited<ReturnType<typeof serve>>} Server */

const began = performance.now();
/** Share of the cores that other programs may want. */
const BUSY = 0.3;
/** @param {string} text */
const say = (text) => console.log(`[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${text}`);

/** @param {Server} server @param {Figures[]} figures @param {boolean} quick @returns {Promise<Map<string, Size>>} by module */
async function sizes(server, figures, quick) {
  const modules = [...new Set(figures.map(({ entry }) => moduleOf(entry)))].filter(
    (module) => server.askedOf(module).length,
  );
  // At the same time: nothing is being timed any more.
  return new Map(
    await Promise.all(
      modules.map(async (module) => /** @type {const} */ ([module, await sizeOf(server.askedOf(module), quick)])),
    ),
  );
}

/** Everything that needs the browser. @param {Options} options @param {Server} server @param {Figures[]} figures */
async function measure({ quick, memorySteps }, server, figures) {
  const page = `${server.url}/page/index.html`;
  const plan = quick ? QUICK : FULL;
  const found = machine();
  if (found.load > BUSY * found.cores) {
    say(`this machine is busy (load ${found.load} on ${found.cores} cores): times will be too long, and unequally so`);
  }
  const { browser, adapter, version } = await openBrowser(page);
  const gpu = adapter ? `${adapter.name}${adapter.software ? " (software)" : ""}` : "none";
  say(`Chromium ${version} on ${found.cores} cores of ${found.cpu}; WebGPU adapter: ${gpu}`);
  try {
    // In a quick run the first steps are those that every engine takes anyway.
    if (plan.firstSteps > 1) {
      say("first steps, each in a browser that has just been started");
      await firstSteps(
        () => openBrowser(page, { software: adapter?.software ?? true }),
        server.url,
        figures,
        plan.firstSteps - 1,
      );
    }
    say("warming up");
    await race(browser, server.url, figures, plan);
    if (memorySteps) say("memory");
    const ours = figures
      .filter(({ entry, error }) => entry.engine === "counterfeit" && !error)
      .map(({ entry }) => entry);
    const held = memorySteps ? await memory(browser, server.url, ours, memorySteps) : null;
    return { machine: found, browser: `Chromium ${version}, headless`, adapter, held };
  } finally {
    await browser.close();
  }
}

/** @param {Options} options @param {Server} server @param {Figures[]} figures */
async function report(options, server, figures) {
  const { held, ...where } = await measure(options, server, figures);
  say("sizes");
  const size = await sizes(server, figures, options.quick);
  const rows = figures.map((f) => rowOf(f, size.get(moduleOf(f.entry))));
  return {
    date: `${new Date().toISOString().slice(0, 19)}Z`,
    mode: options.quick ? "quick" : "full",
    ...where,
    isolated: options.isolated,
    versions: versions(),
    brotli_quality: Math.min(...[...size.values()].map((s) => s.quality)),
    // What our page loads on every device before anything else.
    always_loaded_brotli_bytes: size.get("counterfeit-cpu")?.brotli ?? null,
    rows,
    memory: held?.map(({ entry, gpuWorkLeftOut, after }) => ({ ...entry, gpu_work_left_out: gpuWorkLeftOut, after })),
    goals: goalsOf(rows),
  };
}

/** One row a line: readable, and a change shows as the rows that changed. @param {Record<string, any>} measured */
function asText(measured) {
  const part = ([key, value] = ["", /** @type {any} */ (null)]) => {
    const list = Array.isArray(value)
      ? `[\n${value.map((v) => `    ${JSON.stringify(v)}`).join(",\n")}\n  ]`
      : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${list}`;
  };
  return `{\n${Object.entries(measured).map(part).join(",\n")}\n}\n`;
}

/** @param {Options} options */
export async function bench(options) {
  const figures = entries().filter(options.wanted).map(blank);
  say("building the engines");
  const { folder, failed, remove } = await buildEngines(figures.map(({ entry }) => moduleOf(entry)));
  const server = await serve(folder, options);
  try {
    for (const f of figures)
      if (failed.has(moduleOf(f.entry))) f.error = `does not build: ${failed.get(moduleOf(f.entry))}`;
    const measured = await report(options, server, figures);
    say("done");
    console.log(`\n${table(measured.rows)}\n\n${goalTable(measured.goals)}`);
    const always = measured.always_loaded_brotli_bytes;
    if (always !== null)
      console.log(`\nWith WebGPU our page loads the CPU bundle as well: ${(always / 1e6).toFixed(3)} MB more.`);
    console.log(`Brotli quality: at least ${measured.brotli_quality}.`);
    const out = options.out ?? (options.partial ? null : join(BENCH, "speed.json"));
    if (out) await writeFile(out, asText(measured));
  } finally {
    server.close();
    remove();
  }
}
