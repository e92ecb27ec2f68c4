import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { long } from "./long.js";
import { TINY, launch, loaded, pickExperiment, reach, serveSite, stateOf, stepOf, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  [site, browser] = await Promise.all([serveSite(), launch()]);
});
after(async () => {
  await browser.close();
  site.close();
});

/** A cell of the table of measures. @param {Page} page @param {string} measure @param {string} column */
const cell = async (page, measure, column) => {
  const row = page
    .locator("#quality tbody tr")
    .filter({ has: page.getByRole("button", { name: measure, exact: true }) });
  return Number.parseFloat(await row.locator(`td.${column}`).innerText());
};

const measured = (/** @type {Page} */ page) => page.waitForSelector("#quality:not(.empty)", { timeout: 120_000 });

test("a run is evaluated beside the real-data reference, and the chosen metric is drawn", async () => {
  const { page, complaints } = await visit(browser, site.url + TINY);
  await loaded(page);
  await page.click("#play");
  await measured(page);
  for (const column of ["averaged", "raw", "reference", "best"])
    assert.ok(Number.isFinite(await cell(page, "coverage", column)), column);
  // A hundred steps of a tiny network generate no digits yet.
  assert.ok((await cell(page, "coverage", "raw")) < 0.5);
  assert.ok((await cell(page, "coverage", "reference")) > 0.9);
  assert.ok(
    (await cell(page, "Fréchet distance", "averaged")) > 5 * (await cell(page, "Fréchet distance", "reference")),
  );
  // LeNet gives real digits 9.78 (Binkowski et al. 2018, table 3).
  assert.ok((await cell(page, "MNIST score", "reference")) > 9.5);
  assert.match(
    await page.locator("#quality .accuracy").innerText(),
    /^Accuracy of D: \d+ % on its training images, \d+ % on held-out images, \d+ % on generated ones\.$/,
  );

  const canvas = page.locator("#quality canvas").first();
  const before_ = await canvas.evaluate((c) => /** @type {HTMLCanvasElement} */ (c).toDataURL());
  await page.getByRole("button", { name: "Fréchet distance" }).click();
  assert.match(await page.locator("#quality .description").innerText(), /Heusel/);
  await page.waitForFunction(
    (old) => /** @type {HTMLCanvasElement} */ (document.querySelector("#quality canvas")).toDataURL() !== old,
    before_,
  );

  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-quality")]);
  const [head, first] = readFileSync(await download.path(), "utf8").split("\n");
  assert.equal(head.split(",").length, first.split(",").length);
  assert.ok(head.startsWith("step,n,averaged_coverage,"));

  await page.click("#reset");
  await page.waitForSelector("#quality.empty", { state: "attached" });
  assert.deepEqual(complaints, []);
});

test("a report card shows progress, can be cancelled, and can be kept as JSON", async () => {
  const { page, complaints } = await visit(browser, site.url + TINY);
  await loaded(page);
  await page.selectOption("#measure-every", "never");
  await page.click("#play");
  await reach(page, 20);
  await page.click("#play");
  await page.click("#report-card");
  await page.waitForFunction(
    () => /** @type {HTMLProgressElement} */ (document.getElementById("measure-progress")).value > 0.02,
  );
  await page.click("#measure-cancel");
  assert.ok(await page.locator("#measuring").isHidden());

  await page.click("#report-card");
  await page.waitForSelector("#report[open]", { timeout: 180_000 });
  const step = await stepOf(page);
  const text = await page.locator("#report pre").innerText();
  assert.match(text, new RegExp(`seed 7, step ${step}, device CPU`));
  assert.match(text, /10000 generated and as many real images; classifier mnist version 1/);
  assert.match(text, /g_units=16/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save JSON" }).click(),
  ]);
  const card = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.deepEqual([card.n, card.step, card.config.seed, card.raw.shares.length], [10_000, step, 7, 10]);
  assert.ok(card.realReference.coverage > 0.9 && card.realReference.score > 9.5);
  await page.getByRole("button", { name: "Close" }).click();
  assert.ok(await page.locator("#quality.empty").count(), "a report is no point of the curve");
  assert.deepEqual(complaints, []);
});

test("without the classifier's file the run goes on, and says what is missing", async () => {
  // Hashed: the end of the name alone tells it.
  site.faults.set(".bin", (response) => response.writeHead(404).end());
  const { page } = await visit(browser, site.url + TINY);
  await loaded(page);
  await page.click("#play");
  const notice = page.locator('.notice[data-kind="measure"]');
  await notice.waitFor({ timeout: 60_000 });
  assert.match(await notice.innerText(), /classifier that measuring needs could not be fetched/);
  await reach(page, (await stepOf(page)) + 50);
  assert.equal(await notice.count(), 1);
  site.faults.delete(".bin");
  await notice.getByRole("button", { name: "Measure again" }).click();
  await measured(page);
});

long("the presets that fail are diagnosed, and one click applies the advice", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#preset=vanishing`);
  const line = page.locator("#diagnosis");
  await page.click("#play");
  await page.waitForSelector('#diagnosis[data-state="vanishing"]', { timeout: 180_000 });
  assert.match(await line.innerText(), /G's gradient has vanished[\s\S]*saturating loss/);
  await line.locator("summary").click();
  assert.match(await line.locator(".why p").innerText(), /Goodfellow et al\. 2014, section 3/);
  await line.getByRole("button", { name: /Non-saturating/ }).click();
  assert.equal((await stateOf(page)).config.objective, "non-saturating");
  assert.ok(await page.locator("#waiting").isHidden(), "it takes effect at once");

  await pickExperiment(page, "collapse");
  await page.waitForFunction(() => document.querySelector('[data-part="phase"]')?.textContent === "training");
  await page.selectOption("#measure-every", "100");
  await page.waitForSelector('#diagnosis[data-state="collapse"]', { timeout: 240_000 });
  assert.match(await line.innerText(), /Mode collapse[\s\S]*Diversity is \d+ % of the real-data reference/);
  await line.getByRole("button", { name: /New run/ }).click();
  await page.waitForFunction(() => /** @type {HTMLElement} */ (document.getElementById("diagnosis")).hidden);
  assert.equal((await stateOf(page)).config.d_lr, 0.001);
  assert.deepEqual(complaints, []);
});
