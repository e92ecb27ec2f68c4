// The previous run comes back whole: its steps, its explanation and its device; and a run is left as it was shown.
// What somebody found who tried to break the page with the faults of faults.js.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setFaults } from "./faults.js";
import { long } from "./long.js";
import { chooseDevice, TINY, launch, loaded, reach, serveSite, stateOf, until, visit, openTab } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

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

const ON_CPU = `?device=cpu${TINY}`;
const DENSITY = "#data=ring&g_units=8&d_units=8&g_layers=1&d_layers=1&batch=8";

/** A page with faults. @param {import("./faults.js").Faults} faults @param {string} address */
async function open(faults, address) {
  site.inject(faults);
  const { page } = await visit(browser, site.url + address);
  return page;
}

/** Steps of the saved curves. @param {Page} page */
async function savedSteps(page) {
  await openTab(page, "charts");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-csv")]);
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  return lines.map((line) => Number(line.split(",")[0]));
}

test("row 5: a run that was replaced while it trained comes back with every step it has made", async () => {
  // Slow steps: a curve keeps each of 512 by itself, and a busy machine sees Reset late.
  const page = await open({}, `${ON_CPU}&d_steps=10`);
  await loaded(page);
  for (let round = 0; round < 2; round++) {
    await page.click("#play");
    await reach(page, 40 + 40 * round);
    await page.click("#reset");
    await until(page, (s) => s.runs[0].step === 0 && s.runs[0].config !== null && s.before !== null);
    const { before: kept } = await stateOf(page);
    await page.click("#back");
    const back = await until(page, (s) => s.runs[0].step > 0);
    assert.equal(back.runs[0].step, kept?.step, "as the button said");
    if ((await stateOf(page)).playing) await page.click("#play");
    await page.click("#step");
    await reach(page, back.runs[0].step + 1);
    const steps = await savedSteps(page);
    assert.deepEqual(
      steps,
      Array.from(steps, (_, i) => i + 1),
      "no step is missing",
    );
  }
});

test("row 5: a run that diverged says so again when it comes back", async () => {
  const page = await open({}, `${ON_CPU}&objective=wasserstein&d_optimizer=sgd&g_optimizer=sgd&d_lr=1&g_lr=1`);
  await loaded(page);
  await page.click("#play");
  const told = await until(page, (s) => s.runs[0].divergence !== null);
  const text = (/** @type {any} */ s) =>
    s.notices.find((/** @type {{kind: string}} */ n) => n.kind === "diverged")?.text;
  assert.ok(text(told));
  await page.click("#reset");
  await until(page, (s) => s.runs[0].step === 0 && s.before !== null);
  await page.click("#back");
  const back = await until(page, (s) => s.runs[0].divergence !== null && text(s));
  assert.equal(text(back), text(told));
  assert.equal(back.canTrain, false);
});

test("after Pause the pictures are of the step at which the run stands", async () => {
  const page = await open({}, ON_CPU);
  await loaded(page);
  for (const step of [60, 140]) {
    await page.click("#play");
    await reach(page, step);
    await page.click("#play");
    await until(page, (s) => s.runs[0].phase === "paused" && s.runs[0].shown === s.runs[0].step);
  }
});

test("row 5: Undo brings back the device that was chosen for the run", async () => {
  const page = await open({ device: "rejects" }, ON_CPU);
  await loaded(page);
  await page.click("#step");
  await until(page, (s) => s.runs[0].step === 1);
  await chooseDevice(page, "webgpu");
  await until(page, (s) => s.notices.some((/** @type {{kind: string}} */ n) => n.kind === "device"));
  await page.click("#back");
  const back = await until(page, (s) => s.runs[0].step === 1);
  assert.equal(back.devicePreference, "cpu");
  assert.match(page.url(), /device=cpu/);
  assert.deepEqual(back.notices, [], "what was said of the other run is over");
});

test("row 3 and 10: while a GPU does not answer, Undo names the run just left, and brings it back at once", async () => {
  const page = await open({ adapter: "never" }, ON_CPU);
  await loaded(page);
  await page.click("#step");
  await until(page, (s) => s.runs[0].step === 1);
  await page.click("#reset");
  await until(page, (s) => s.runs[0].step === 0 && s.before?.step === 1);
  await page.click("#play");
  await reach(page, 30);
  await page.click("#play");
  const { runs } = await until(page, (s) => s.runs[0].phase === "paused");
  await chooseDevice(page, "webgpu");
  await until(page, (s) => s.runs[0].phase === "starting" && s.before?.step === runs[0].step);
  const since = Date.now();
  await page.click("#back");
  await until(page, (s) => s.runs[0].step === runs[0].step && s.runs[0].phase === "paused");
  assert.ok(Date.now() - since < 5000, "the GPU is not waited for");
  await page.click("#step");
  await reach(page, runs[0].step + 1);
  assert.equal((await stateOf(page)).before?.step, 1, "the run before that is still there");
});

for (const [name, faults, mended] of /** @type {[string, import("./faults.js").Faults, any][]} */ ([
  ["refuses once", { device: "rejects" }, { device: undefined }],
  ["is lost as it opens", { device: "lost" }, { device: undefined }],
])) {
  test(`row 1 and 2: a GPU that ${name} can be tried again`, async () => {
    const page = await open(faults, `?device=webgpu${DENSITY}`);
    const failed = await until(page, (s) => s.runs[0].device?.kind === "cpu", 60_000);
    assert.ok(failed.runs[0].device?.failed);
    await setFaults(page, mended);
    site.inject({});
    await page.getByRole("button", { name: "Try the GPU again" }).click();
    const there = await until(page, (s) => s.runs[0].device?.kind === "webgpu", 60_000);
    assert.deepEqual(
      there.notices.filter((/** @type {{kind: string}} */ n) => n.kind === "device"),
      [],
    );
  });
}

test("row 1: a GPU process that gave no adapter is asked again by the next run", async () => {
  const page = await open({ adapter: "null" }, `?device=webgpu${DENSITY}`);
  await until(page, (s) => s.runs[0].device?.kind === "cpu", 60_000);
  await setFaults(page, { adapter: undefined });
  await page.click("#reset");
  await until(page, (s) => s.runs[0].device?.kind === "webgpu", 60_000);
});

long("row 10: a single step is announced as one while it is on its way", async () => {
  const page = await open({ mapAsyncMs: 1500 }, `?device=webgpu${DENSITY}`);
  await until(page, (s) => s.runs[0].device?.kind === "webgpu" && s.runs[0].phase === "ready: press Play", 120_000);
  await page.click("#step");
  await until(page, (s) => s.runs[0].phase === "first step");
  await until(page, (s) => s.runs[0].step === 1 && s.runs[0].phase === "paused", 60_000);
  await page.click("#step");
  await until(page, (s) => s.runs[0].phase === "stepping");
});

test("row 8: what could not be saved is not said any more once it is saved", async () => {
  const page = await open({ toBlob: "null" }, ON_CPU);
  await loaded(page);
  await page.click("#save-png");
  await until(page, (s) => s.notices.some((/** @type {{kind: string}} */ n) => n.kind === "picture"));
  await setFaults(page, { toBlob: undefined });
  await Promise.all([page.waitForEvent("download"), page.click("#save-png")]);
  await until(page, (s) => s.notices.every((/** @type {{kind: string}} */ n) => n.kind !== "picture"));
});
