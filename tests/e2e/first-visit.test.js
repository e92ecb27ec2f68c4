// The first visit: what the page says it is, and the slow start of its demo.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, reach, serveSite, stateOf, until, visit, pickExperiment, fromMenu } from "./site.js";

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

/** The events of one kind so far. @param {import("../../www/app/inspect.js").PageState} state @param {string} change */
const count = (state, change) => state.counts[change] ?? 0;

test("the page says what it is, with both networks and the real data in their colours", async () => {
  const { page, complaints } = await visit(browser, site.url);
  const intro = page.locator("#intro");
  assert.match(await page.locator("h1").innerText(), /a GAN playground/);
  const box = await intro.boundingBox();
  assert.ok(box && box.y + box.height < 300, "at the top");
  const colours = await intro.evaluate((node) =>
    [".of-g", ".of-d", ".of-real"].map(
      (part) => getComputedStyle(/** @type {Element} */ (node.querySelector(part))).color,
    ),
  );
  assert.equal(new Set(colours).size, 3);
  assert.deepEqual(complaints, []);
});

test("the demo starts with one step per frame and at most 40 a second; “Faster” ends that at once", {
  timeout: 60_000,
}, async () => {
  const { page } = await visit(browser, site.url);
  const start = await until(page, (s) => s.slow && s.runs[0].step >= 5);
  const from = Date.now();
  await page.waitForTimeout(2000);
  const later = await stateOf(page);
  const steps = later.runs[0].step - start.runs[0].step;
  const seconds = (Date.now() - from) / 1000;
  assert.ok(steps <= 40 * (seconds + 0.5), `${steps} steps in ${seconds} s`);
  assert.ok(steps > 0 && count(later, "frame") - count(start, "frame") >= steps - 1, "a frame for each step");
  await page.click("#faster");
  assert.equal((await stateOf(page)).slow, false);
  assert.ok(await page.locator("#faster").isHidden());
  const batches = count(await stateOf(page), "curves");
  const fast = await until(page, (s) => s.runs[0].step >= 400);
  assert.ok(fast.runs[0].step - later.runs[0].step > count(fast, "curves") - batches, "more than a step per request");
});

test("the slow start ends by itself at step 300", { timeout: 90_000 }, async () => {
  const { page } = await visit(browser, site.url);
  const slow = await until(page, (s) => s.slow && s.runs[0].step > 0);
  const after = await until(page, (s) => s.runs[0].step >= 300, 60_000);
  assert.ok(slow.playing && after.playing);
  await until(page, (s) => !s.slow);
  assert.ok(await page.locator("#faster").isHidden());
  await reach(page, 1000);
});

test("a run that the visitor configured, or starts by hand, is not slowed down", { timeout: 60_000 }, async () => {
  const address = await visit(browser, `${site.url}#data=ring`);
  await address.page.click("#play");
  await until(address.page, (s) => s.runs[0].step >= 1);
  assert.equal((await stateOf(address.page)).slow, false);
  const { page } = await visit(browser, site.url);
  await until(page, (s) => s.slow && s.runs[0].step > 0);
  await pickExperiment(page, "ring-r1");
  const picked = await until(page, (s) => s.preset === "ring-r1" && s.runs[0].step > 0);
  assert.equal(picked.slow, false);
});

test("the glossary opens from the top of the page, and closes", { timeout: 60_000 }, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await fromMenu(page, "#open-glossary");
  const dialog = page.locator("#glossary");
  assert.ok(await dialog.isVisible());
  assert.ok((await dialog.locator("h3").count()) >= 40);
  assert.ok((await dialog.locator("h3", { hasText: /^Mode collapse$/ }).count()) === 1);
  await page.keyboard.press("Escape");
  assert.ok(await dialog.isHidden());
  assert.equal(await page.evaluate(() => document.activeElement?.closest("details")?.id), "main-menu");
  assert.deepEqual(complaints, []);
});
