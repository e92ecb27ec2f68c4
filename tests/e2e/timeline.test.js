// The timeline: the past is shown again, while training goes on, and becomes a GIF.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { TINY, launch, pixels, reach, serveSite, stateOf, until, visit } from "./site.js";

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

/** Moves the timeline to a share of its length. @param {Page} page @param {number} share */
const scrub = (page, share) =>
  page.locator("#scrub").evaluate((node, to) => {
    const input = /** @type {HTMLInputElement} */ (node);
    input.value = String(Math.round(Number(input.max) * to));
    input.dispatchEvent(new Event("input"));
  }, share);

/** @param {Page} page */
const shownStep = async (page) => Number((await page.locator("#timeline .shown b").innerText()).replace(/,/g, ""));

/** The drawn points. @param {Page} page */
const points = (page) =>
  page.evaluate(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#plane .points-layer")).toDataURL());

test("the past of a run on points is shown while it trains on, and the present comes back", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#play");
  await reach(page, 300);
  await scrub(page, 0.2);
  const past = await shownStep(page);
  const { step } = (await stateOf(page)).runs[0];
  assert.ok(past > 0 && past < step / 2, `step ${past} of ${step}`);
  await page.waitForTimeout(300);
  const before = await points(page);
  await until(page, (s) => s.runs[0].step > step + 100);
  assert.equal(await points(page), before, "the past does not move");
  assert.equal(await shownStep(page), past);
  await page.click("#timeline .live");
  await page.waitForTimeout(300);
  assert.notEqual(await points(page), before);
  assert.ok((await shownStep(page)) > step);
  assert.deepEqual(complaints, []);
});

test("the past of a run on images is shown with the keyboard; another run has another past", async () => {
  const { page } = await visit(browser, site.url + TINY);
  await page.click("#play");
  await reach(page, 200);
  await page.click("#play");
  await until(page, (s) => !s.playing && s.runs[0].shown === s.runs[0].step);
  const now = await pixels(page, "fake");
  await page.locator("#scrub").focus();
  await page.keyboard.press("Home");
  await page.waitForTimeout(300);
  assert.notEqual(await pixels(page, "fake"), now);
  await page.keyboard.press("End");
  await page.waitForTimeout(300);
  assert.equal(await pixels(page, "fake"), now);
  await page.click("#reset");
  await until(page, (s) => s.runs[0].step === 0);
  assert.ok(await page.locator("#timeline .live").isHidden());
});

test("a GIF has a frame for each of the past, with the line of the step number", { timeout: 120_000 }, async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#play");
  await reach(page, 100);
  await page.click("#play");
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 90_000 }), page.click("#save-gif")]);
  const gif = readFileSync(await download.path());
  assert.equal(gif.subarray(0, 6).toString("latin1"), "GIF89a");
  assert.deepEqual([gif.readUInt16LE(6), gif.readUInt16LE(8)], [420, 442]);
  // Each frame has a graphic control extension.
  let frames = 0;
  for (let at = gif.indexOf("21f904", 0, "hex"); at >= 0; at = gif.indexOf("21f904", at + 3, "hex")) frames++;
  assert.ok(frames >= 2 && frames <= 100, `${frames} frames`);
  assert.ok(await page.locator("#timeline .live").isHidden(), "the present is shown again");
  assert.deepEqual(complaints, []);
});
