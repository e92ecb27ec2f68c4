// Measures the core and the page on this machine's GPU: node bench/gpu/measure.mjs PART...
// Parts: dispatches, scale, family, long, page. CHROME names the browser. README.md says more.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBrowser } from "../lib/browser.mjs";
import { ROOT } from "../lib/build.mjs";
import { serveFolders } from "../lib/serve.mjs";

/** @import { Page } from "playwright-core" */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    software: { type: "boolean", default: false },
    out: { type: "string", default: "gpu-out" },
    presets: { type: "string" },
    preset: { type: "string" },
    steps: { type: "string", default: "5000" },
  },
});

const DATA = join(ROOT, "www", "public", "data");
const server = await serveFolders({
  bench: join(ROOT, "bench"),
  pkg: join(ROOT, "pkg"),
  data: DATA,
  classifiers: join(ROOT, "www", "classifiers"),
  // The page's own copy of the data sets is the same.
  "dist/data": DATA,
  dist: join(ROOT, "dist"),
});
const HARNESS = `${server.url}/bench/gpu/page/index.html`;
const { browser, adapter } = await openBrowser(HARNESS, { software: values.software });
console.log(adapter ? `${adapter.name}${adapter.software ? ", software" : ""}` : "no adapter");

const print = (/** @type {string} */ name, /** @type {unknown} */ value) =>
  console.log(`  ${name}:`, typeof value === "string" ? value : JSON.stringify(value));

/** The harness, with both bundles and the data loaded. @returns {Promise<(part: string, options?: object) => Promise<any>>} */
async function harness() {
  const page = await browser.newPage();
  page.on("console", (message) => console.log("  ", message.text()));
  await page.goto(HARNESS);
  await page.waitForFunction(() => "call" in globalThis);
  const call = (/** @type {string} */ part, options = {}) =>
    page.evaluate(([part, options]) => /** @type {any} */ (globalThis).call(part, options), [part, options]);
  print("adapter", await call("prepare"));
  return call;
}

/** What the page says of its run. @param {Page} page @returns {Promise<any>} */
const stateOf = (page) => page.evaluate(() => /** @type {any} */ (globalThis).counterfeit?.state);

/** What a visitor sees of one address. @param {string} name @param {string} address */
async function visit(name, address) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => print("error of the page", error.message));
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 100) / 10;
  await page.goto(`${server.url}/dist/index.html${address}`);
  await page.waitForSelector("#play:enabled", { timeout: 60_000 });
  /** @type {Record<string, any>} */
  const seen = { name, readyAfter: seconds() };
  if (!(await stateOf(page)).playing) await page.click("#play");
  await page.waitForFunction(() => /** @type {any} */ (globalThis).counterfeit.state.runs[0].step > 0, null, {
    timeout: 120_000,
  });
  seen.firstStepAfter = seconds();
  seen.device = (await stateOf(page)).runs[0].device;
  seen.steps = [];
  for (let i = 0; i < 3; i++) {
    await page.waitForTimeout(3000);
    seen.steps.push({ after: seconds(), step: (await stateOf(page)).runs[0].step });
  }
  await page.screenshot({ path: join(values.out, `${name.replace(/\W+/g, "-")}.png`) });
  await context.close();
  print(name, seen);
  return seen;
}

/** @type {Record<string, () => Promise<unknown>>} */
const PARTS = {
  async dispatches() {
    const page = await browser.newPage();
    await page.goto(HARNESS);
    await page.waitForFunction(() => "dispatches" in globalThis);
    const measured = await page.evaluate(() => /** @type {any} */ (globalThis).dispatches());
    for (const [name, value] of Object.entries(measured)) print(name, value);
    return measured;
  },
  scale: async () => (await harness())("scale"),
  family: async () => (await harness())("family", { presets: values.presets?.split(",") }),
  long: async () => (await harness())("long", { preset: values.preset, total: Number(values.steps) }),
  async page() {
    return [
      await visit("first visit", ""),
      await visit("ring on the CPU", "?device=cpu#data=ring"),
      await visit("ring on WebGPU", "?device=webgpu#data=ring"),
      await visit("MNIST", "#data=mnist"),
    ];
  },
};

mkdirSync(values.out, { recursive: true });
let failed = positionals.length === 0;
if (failed) console.error(`usage: node bench/gpu/measure.mjs PART...; parts: ${Object.keys(PARTS).join(", ")}`);
for (const part of positionals) {
  console.log(`## ${part}`);
  try {
    if (!PARTS[part]) throw new Error(`no such part; parts: ${Object.keys(PARTS).join(", ")}`);
    writeFileSync(join(values.out, `${part}.json`), `${JSON.stringify(await PARTS[part](), null, 1)}\n`);
  } catch (error) {
    // The other parts can still be measured; machine time is dear.
    print("failed", String(/** @type {any} */ (error).message));
    failed = true;
  }
}
await browser.close();
server.close();
process.exit(failed ? 1 : 0);
