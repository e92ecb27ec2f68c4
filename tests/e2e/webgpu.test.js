import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { TINY, launch, reach, serveSite, status, visit, fromMenu, openTab } from "./site.js";

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

test("the same page trains on WebGPU", async () => {
  const { page, complaints } = await visit(
    browser,
    `${site.url}?device=webgpu#batch=8&g_channels=4&d_channels=4&g_dense=8&d_dense=8`,
  );
  assert.match(await status(page, "device"), /^WebGPU, /);
  await page.click("#play");
  await reach(page, 12);
  await page.waitForSelector("#fake:not(.empty)");
  await page.click("#play");
  await page.waitForTimeout(1000);
  await openTab(page, "charts");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-csv")]);
  const steps = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => Number(line.split(",")[0]));
  assert.deepEqual(
    steps,
    steps.map((_, i) => i + 1),
    "two batches are on their way at a time, and told of in order",
  );
  assert.deepEqual(complaints, []);
});

test("a run on points can be replaced at any moment", { timeout: 180_000 }, async () => {
  const { page, complaints } = await visit(
    browser,
    `${site.url}?device=webgpu#data=ring&family=mlp&g_units=16&d_units=16&g_norm=none&d_norm=none&batch=16`,
  );
  await page.click("#play");
  await reach(page, 3);
  for (const wait of [0, 30, 110, 350]) {
    await page.waitForTimeout(wait);
    await fromMenu(page, "#new-seed");
  }
  await reach(page, 5);
  assert.deepEqual(complaints, []);
  assert.match(await status(page, "phase"), /training/);
});

test("while the GPU compiles its programs, the page counts them", { timeout: 180_000 }, async () => {
  // Sizes of its own: of the other tests' networks the browser may have the compiled programs at hand.
  const { page, complaints } = await visit(
    browser,
    `${site.url}?device=webgpu#batch=12&g_channels=5&d_channels=5&g_dense=8&d_dense=8`,
  );
  /** @type {number[][]} */
  const seen = [];
  // The state is also "ready" for a moment before the first program is asked for.
  for (let phase = ""; seen.length === 0 || phase !== "ready: press Play"; phase = await status(page, "phase")) {
    const counts = /^compiling GPU programs: (\d+) of (\d+)$/.exec(phase);
    if (counts) seen.push(counts.slice(1).map(Number));
    await page.waitForTimeout(20);
  }
  seen.forEach(([compiled, asked], i) => {
    assert.ok(compiled <= asked, `${compiled} of ${asked}`);
    const [compiledBefore, askedBefore] = seen[Math.max(0, i - 1)];
    assert.ok(compiledBefore <= compiled && askedBefore <= asked, "both counts only grow");
  });
  assert.ok(
    seen.some(([, asked]) => asked > 0),
    "programs are compiled before the first step",
  );
  assert.deepEqual(complaints, []);
});

test("a software adapter is not taken unasked, and the page says why", async () => {
  const { page } = await visit(browser, site.url + TINY);
  assert.equal(await status(page, "device"), "CPU");
  await page.click("#main-menu summary");
  assert.match(await page.locator("#why").innerText(), /software and slower than the CPU/);
});

test("the GPU's code is fetched only when it is used", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  /** @type {number[]} */
  const sizes = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".wasm")) sizes.push(Number(response.headers()["content-length"]));
  });
  await page.goto(site.url);
  await page.waitForSelector("#play:enabled");
  assert.ok(sizes.length === 1 && sizes[0] < 5e6, String(sizes));
});
