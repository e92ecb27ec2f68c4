// Row 2 of the fault list: a lost GPU is told at once, also while nothing moves, with ways to go on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { destroyDevices } from "./faults.js";
import { ofTable } from "./long.js";
import { launch, reach, serveSite, stateOf, until, visit, pickExperiment } from "./site.js";

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  [site, browser] = await Promise.all([serveSite(), launch({ webgpu: true })]);
  site.inject({});
});
after(async () => {
  await browser.close();
  site.close();
});

const RING = "?device=webgpu#data=ring&g_units=16&d_units=16&batch=16";

/** @param {string} address */
async function open(address) {
  const { page } = await visit(browser, site.url + address, { ready: false });
  await until(page, (s) => s.runs[0]?.device?.kind === "webgpu", 60_000);
  return page;
}

/** One notice with both ways out, and nothing enabled that cannot work. @param {import("playwright-core").Page} page */
async function toldOnce(page) {
  const state = await until(page, (s) => s.runs.some((r) => r.lost !== null), 5000);
  const notices = state.notices.filter((n) => n.tone === "error");
  assert.equal(notices.length, 1, JSON.stringify(notices));
  assert.match(notices[0].text, /lost its connection to the GPU/);
  assert.ok(!/\n|wgpu|unreachable|panick/.test(notices[0].text), notices[0].text);
  assert.equal(state.runs[0].lost?.kind, "gpu-lost");
  assert.match(state.runs[0].phase, /the GPU was lost/);
  assert.equal(state.canTrain, false);
  assert.equal(state.playing, false);
  return notices[0];
}

for (const [
  i,
  [name, prepare],
] of /** @type {[string, (page: import("playwright-core").Page) => Promise<unknown>][]} */ ([
  ["while compiling", async () => {}],
  [
    "while playing",
    async (page) => {
      await page.click("#play");
      await reach(page, 3);
    },
  ],
  [
    "while paused",
    async (page) => {
      await page.click("#step");
      await reach(page, 1);
    },
  ],
]).entries()) {
  ofTable(i, 2)(
    `row 2: a device destroyed ${name} is told once, and the run begins again on the CPU`,
    {
      timeout: 180_000,
    },
    async () => {
      const page = await open(name === "while compiling" ? `${RING}&g_layers=4` : RING);
      await prepare(page);
      await destroyDevices(page);
      const { actions } = await toldOnce(page);
      assert.deepEqual(actions, ["Start again", "Start again on the CPU"]);
      await page.getByRole("button", { name: "Start again on the CPU" }).click();
      const state = await until(page, (s) => s.runs[0].device?.kind === "cpu");
      assert.deepEqual(state.notices, [], "the notice goes when what it speaks of is over");
      await page.click("#play");
      await until(page, (s) => s.runs[0].step >= 5);
    },
  );
}

test("row 2: after a loss Reset, a preset and 'Start again' make a run on a new device", {
  timeout: 240_000,
}, async () => {
  const page = await open(RING);
  for (const again of [
    () => page.getByRole("button", { name: "Start again", exact: true }).click(),
    () => page.click("#reset"),
    () => pickExperiment(page, "moons"),
  ]) {
    await destroyDevices(page);
    await toldOnce(page);
    await again();
    const state = await until(page, (s) => s.runs[0].device !== null && s.runs[0].lost === null, 60_000);
    assert.equal(state.runs[0].device?.kind, "webgpu", state.runs[0].device?.why);
    assert.deepEqual(state.notices, []);
  }
});

test("row 2: in a comparison one lost GPU is told with its letter, and the other goes on alone", {
  timeout: 360_000,
}, async () => {
  const page = await open(`${RING}&b.g_lr=0.01`);
  await until(page, (s) => s.runs.length === 2 && s.runs.every((r) => r.device !== null), 120_000);
  // Only B's worker loses its device: A's is left alone by asking for it in B's alone.
  const workers = page.workers();
  assert.equal(workers.length, 2);
  await workers[1].evaluate(() => {
    /** @type {any} */ (globalThis).loseDevices();
  });
  const state = await until(page, (s) => s.runs.some((r) => r.lost !== null), 5000);
  const lost = state.runs.findIndex((r) => r.lost !== null);
  assert.equal(state.canTrain, true, "the other can");
  const notice = state.notices.find((n) => n.kind.startsWith("crashed"));
  assert.match(notice?.text ?? "", lost === 1 ? /^B: .* A can go on alone/ : /^A: .* B can go on alone/);
  const step = state.runs[1 - lost].step;
  await page.click("#play");
  await until(page, (s) => s.runs[1 - lost].step > step + 2, 150_000);
});

test("row 2: with the GPU process gone the page says so and goes on on the CPU", { timeout: 180_000 }, async () => {
  const page = await open(RING);
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  const gpu = processInfo.find((p) => p.type === "GPU");
  assert.ok(gpu, "there is a GPU process");
  process.kill(gpu.id, "SIGKILL");
  const state = await until(page, (s) => s.runs[0].lost !== null, 15_000);
  assert.equal(state.runs[0].lost?.kind, "gpu-lost");
  await page.getByRole("button", { name: "Start again on the CPU" }).click();
  await until(page, (s) => s.runs[0].device?.kind === "cpu");
  await page.click("#play");
  await until(page, (s) => s.runs[0].step >= 5);
  assert.deepEqual((await stateOf(page)).notices, []);
});
