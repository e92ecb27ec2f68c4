// Rows 1 and 10 of the fault list, and the choice of the device: whatever the browser refuses, a run starts or the page
// says what to do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ofTable } from "./long.js";
import { MNIST, TINY, launch, reach, serveSite, stateOf, until, visit, pickExperiment } from "./site.js";

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** A browser whose software adapter does not say what it is. @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  [site, browser] = await Promise.all([serveSite(), launch({ webgpu: true })]);
});
after(async () => {
  await browser.close();
  site.close();
});

/** An adapter that is taken unasked. @type {import("./faults.js").Faults} */
const HARDWARE = { adapterInfo: { vendor: "acme", architecture: "one", device: "", description: "" } };
/** Images, and over the 20,000 parameters from which on a GPU is worth its round trip. */
const LARGE = "#g_channels=8&d_channels=8&batch=8";

/** Opens a page with faults. @param {import("./faults.js").Faults} faults @param {string} address */
async function open(faults, address) {
  site.inject(faults);
  return visit(browser, site.url + address, { ready: false });
}

/** The run is on the CPU, can be trained, and the page says why. @param {import("playwright-core").Page} page @param {RegExp} why */
async function trainsOnCpu(page, why) {
  const state = await until(page, (s) => s.runs[0].device?.kind === "cpu", 30_000);
  assert.match(state.runs[0].device?.why ?? "", why);
  await page.click("#play");
  await reach(page, 2);
  assert.equal((await stateOf(page)).notices.filter((n) => n.tone === "error").length, 0);
}

/** @type {[string, import("./faults.js").Faults, RegExp][]} */
const REFUSALS = [
  ["requestDevice rejects", { device: "rejects" }, /could not be opened: requestDevice was refused/],
  ["requestDevice never answers", { device: "never" }, /could not be opened: it did not answer within 5 seconds/],
  ["requestAdapter gives null", { adapter: "null" }, /no graphics adapter/],
  ["requestDevice throws", { device: "throws" }, /could not be opened: .*refused/],
  ["a device that is lost at once", { device: "lost" }, /could not be opened|the GPU was lost/],
  ["requestAdapter throws", { adapter: "throws" }, /no graphics adapter/],
  ["requestAdapter rejects", { adapter: "rejects" }, /no graphics adapter/],
  ["requestAdapter never answers", { adapter: "never" }, /had not given a graphics adapter after some seconds/],
  ["an adapter without timestamp-query", { lacks: ["timestamp-query"] }, /timestamp-query/],
];

for (const [i, [name, faults, why]] of REFUSALS.entries()) {
  ofTable(i, 3)(`row 1: ${name}: the run is on the CPU by itself, with the reason`, { timeout: 120_000 }, async () => {
    const { page } = await open({ ...HARDWARE, ...faults }, LARGE);
    await trainsOnCpu(page, why);
  });
}

test("row 1: an adapter that is there only for those who do not ask for high performance is the one that is used", {
  timeout: 180_000,
}, async () => {
  const { page } = await open({ adapter: "null-for-high-performance" }, `?device=webgpu${LARGE}`);
  const {
    runs: [{ device }],
  } = await until(page, (s) => s.runs[0].device !== null, 60_000);
  assert.equal(device?.kind, "webgpu", device?.why);
});

test("row 1: WebGPU that was asked for and is refused leaves a run on the CPU and a note; the CPU asks for no adapter", {
  timeout: 120_000,
}, async () => {
  const { page } = await open({ device: "rejects" }, `?device=webgpu${LARGE}`);
  const state = await until(page, (s) => s.notices.some((n) => n.kind === "device"));
  assert.equal(state.runs[0].device?.refused, true);
  assert.match(state.notices.find((n) => n.kind === "device")?.text ?? "", /refused/);
  const cpu = await open({ adapter: "never", device: "never" }, `?device=cpu${LARGE}`);
  const start = Date.now();
  await until(cpu.page, (s) => s.runs[0].device?.kind === "cpu");
  assert.ok(Date.now() - start < 4000, "the adapter's five seconds are not waited for");
});

test("row 1: what the core refuses at the start leaves nothing enabled that cannot work, and a mended setting starts", {
  timeout: 120_000,
}, async () => {
  const { page } = await open({}, "#batch=10&pack=4");
  const state = await until(page, (s) => s.runs[0].refusal !== null);
  assert.equal(state.canTrain, false);
  assert.match(state.runs[0].phase, /refused/);
  assert.ok(await page.locator("#play").isDisabled());
  await page.evaluate(() => {
    location.hash = "#batch=12&pack=4";
  });
  await until(page, (s) => s.runs[0].device !== null && s.canTrain);
  await page.click("#play");
  await reach(page, 1);
  assert.deepEqual((await stateOf(page)).notices, [], "the notice goes with what it was about");
});

test("row 1: with B refused A trains", { timeout: 120_000 }, async () => {
  const { page } = await open({}, `${TINY}&b.batch=10&b.pack=4`);
  const state = await until(
    page,
    (s) => s.runs.length === 2 && s.runs[1].refusal !== null && s.runs[0].device !== null,
  );
  assert.equal(state.canTrain, true);
  await until(page, (s) => s.runs[0].data.mnist?.complete === true);
  if (!state.playing) await page.click("#play");
  await until(page, (s) => s.runs[0].step >= 5);
});

test("row 1: a worker that may not be started is told with a way out", { timeout: 60_000 }, async () => {
  const { page } = await open({ worker: "throws" }, TINY);
  const state = await until(page, (s) => s.notices.some((n) => n.kind === "crashed"));
  assert.equal(state.runs[0].lost?.kind, "no-worker");
  assert.equal(state.canTrain, false);
});

test("automatic device: a density starts on the CPU within a second, whatever the GPU does", {
  timeout: 120_000,
}, async () => {
  for (const faults of /** @type {import("./faults.js").Faults[]} */ ([
    HARDWARE,
    { adapter: "never" },
    { ...HARDWARE, device: "never" },
  ])) {
    const { page } = await open(faults, "");
    await until(page, (s) => s.runs[0]?.step >= 1);
    const state = await stateOf(page);
    assert.equal(state.runs[0].device?.kind, "cpu");
    assert.match(state.runs[0].device?.why ?? "", /density runs/);
  }
});

test("automatic device: a GPU whose first step has not come after five seconds gives way to the CPU, with the reason", {
  timeout: 180_000,
}, async () => {
  // Each program blocks the worker for half a second, as a slow driver does.
  const { page } = await open({ ...HARDWARE, pipelineMs: 500 }, LARGE);
  const first = await until(page, (s) => s.runs[0].device?.kind === "webgpu", 60_000);
  assert.equal(first.runs[0].step, 0);
  const start = Date.now();
  await trainsOnCpu(page, /had not made its first step after 5 seconds/);
  assert.ok(Date.now() - start < 15_000, `${Date.now() - start} ms`);
});

test("row 10: a new run ends a worker that is busy with a long step", { timeout: 180_000 }, async () => {
  const { page } = await open({}, "?device=cpu#g_channels=128&d_channels=128&batch=256");
  await until(page, (s) => s.runs[0].data.mnist?.complete === true, 60_000);
  await page.click("#play");
  await page.waitForTimeout(1500);
  const start = Date.now();
  await pickExperiment(page, "ring");
  await until(page, (s) => s.runs[0].step >= 1, 20_000);
  const ms = Date.now() - start;
  assert.ok(ms < 6000, `${ms} ms`);
  assert.equal((await stateOf(page)).config.data, "ring");
});

test("row 10: what cannot fit is refused with the setting to lower, before it is tried", {
  timeout: 120_000,
}, async () => {
  const { page } = await open({}, "#family=growing&g_channels=128&d_channels=128&batch=512");
  const state = await until(page, (s) => s.runs[0].refusal !== null);
  assert.match(state.runs[0].refusal ?? "", /^Batch size: a step needs about .* a batch of \d+ would fit/);
});

test("row 10: of presets within 300 ms only the last compiles its programs", { timeout: 180_000 }, async () => {
  const { page } = await open({}, `?device=webgpu${MNIST}`);
  await page.waitForFunction(() => /** @type {any} */ (window).counterfeit?.state.runs[0].device !== null, null, {
    timeout: 60_000,
  });
  await page.evaluate(() => {
    const click = (/** @type {string} */ selector) =>
      /** @type {HTMLElement} */ (document.querySelector(selector)).click();
    click("#experiment");
    for (const id of ["collapse", "vanishing", "weak", "few", "circles", "apart", "copies", "ring"])
      click(`#gallery [data-preset="${id}"]`);
  });
  const state = await until(page, (s) => s.runs[0].device !== null && s.runs[0].config?.data === "ring", 20_000);
  assert.equal(state.preset, "ring");
  const created = state.events.filter((e) => e.change === "created").length;
  assert.ok(created <= 2, `${created} runs were made`);
});
