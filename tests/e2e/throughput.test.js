// Rows 11 and 16 of the fault list, on WebGPU: waiting for a read-back is hidden behind steps, and frames leave time
// for steps. Counts where there are counts; times only as ratios within one run.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serveSite, stateOf, until, visit } from "./site.js";

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  [site, browser] = await Promise.all([serveSite(), launch({ webgpu: true })]);
});
after(async () => {
  await browser.close();
  site.close();
});

const RING = "?device=webgpu#data=ring&g_units=8&d_units=8&g_layers=1&d_layers=1&batch=8";

/** Opens a run and trains it until its batches have found their size. @param {import("./faults.js").Faults} faults @param {string} address @param {number} runs */
async function training(faults, address, runs = 1) {
  site.inject(faults);
  const { page } = await visit(browser, site.url + address, { ready: false });
  await until(
    page,
    (s) => s.runs.length > 0 && s.runs.every((r) => r.device?.kind === "webgpu" && !/compiling|starting/.test(r.phase)),
    150_000,
  );
  assert.equal((await stateOf(page)).runs.length, runs);
  if (!(await stateOf(page)).playing) await page.click("#play");
  await until(page, (s) => (s.counts.curves ?? 0) >= 10 * runs, 150_000);
  return page;
}

/** Steps and batches of some seconds. @param {import("playwright-core").Page} page @param {number} seconds */
async function during(page, seconds) {
  const before = await stateOf(page);
  await page.waitForTimeout(1000 * seconds);
  const after = await stateOf(page);
  const grown = (/** @type {string} */ change) => (after.counts[change] ?? 0) - (before.counts[change] ?? 0);
  return { steps: after.runs.reduce((sum, r, i) => sum + r.step - before.runs[i].step, 0), batches: grown("curves") };
}

/** Longer than some steps take on any machine: what a test can tell from the speed of the machine. */
const READ_BACK_MS = 1000;

for (const [name, address, runs] of /** @type {[string, string, number][]} */ ([
  ["a slow read-back is hidden: a batch has many steps", RING, 1],
  ["so it is where two runs are compared", `${RING}&b.g_lr=0.01`, 2],
])) {
  test(`row 11: ${name}`, { timeout: 300_000 }, async () => {
    const page = await training({ mapAsyncMs: READ_BACK_MS }, address, runs);
    const { steps, batches } = await during(page, 12);
    console.log(`# ${READ_BACK_MS} ms read-back, ${runs} run(s): ${steps} steps in ${batches} batches`);
    assert.ok(steps >= 3 * batches, `${steps} steps in ${batches} batches`);
  });
}

test("row 16: frames of a density run leave most of the time to its steps", { timeout: 300_000 }, async () => {
  const page = await training({}, RING);
  const before = await stateOf(page);
  // Ten seconds of training at most lie between two frames.
  const after = await until(page, (s) => s.counts.frame >= before.counts.frame + 2, 90_000);
  const [frames, batches] = ["frame", "curves"].map((change) => after.counts[change] - before.counts[change]);
  console.log(`# ${frames} frames beside ${batches} batches`);
  assert.ok(
    frames < batches,
    `${frames} frames beside ${batches} batches: a frame of 4,096 places takes longer than a batch here`,
  );
});
