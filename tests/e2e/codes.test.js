import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TINY, launch, loaded, reach, serveSite, setField, visit } from "./site.js";

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

test("a run with codes shows a code a column, sweeps along a continuous one, and how much D knows", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&condition=codes&code_continuous=1`);
  await loaded(page);
  await page.click("#play");
  await reach(page, 30);
  await page.click("#play");
  await page.waitForFunction(() => document.querySelectorAll("#fake .tile").length === 80);
  assert.deepEqual(
    await page.locator("#fake-panel .columns span").allInnerTexts(),
    Array.from({ length: 10 }, (_, i) => `c${i}`),
  );
  assert.match(await page.locator("#fake-panel .title").innerText(), /a code a column, a noise a row/);

  assert.deepEqual(await page.locator("#view option").allInnerTexts(), [
    "a code a column",
    "along continuous code 1",
    "fixed noise and codes",
  ]);
  await page.selectOption("#view", "sweep 0");
  await page.waitForFunction(() => document.querySelector("#fake-panel .columns span")?.textContent === "−2.0");
  await page.selectOption("#view", "fixed");
  await page.waitForFunction(() => document.querySelectorAll("#fake .tile").length === 64);
  assert.equal(await page.locator("#fake-panel .columns span").count(), 0);

  assert.ok(await page.isVisible("#codes"));
  assert.match(await page.locator("#codes .u-legend").innerText(), /information in nats/);
  assert.equal(await page.locator("#codes .confusion tbody tr").count(), 10);
  assert.match(await page.locator("#codes .found").innerText(), /Counted at the first evaluation/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a coupled pair shows both kinds of each noise side by side", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&condition=coupled&coupling=edges`);
  await loaded(page);
  await page.click("#step");
  await reach(page, 1);
  await page.waitForFunction(() => document.querySelectorAll("#fake .tile").length === 64);
  assert.deepEqual(
    await page.locator("#fake-panel .columns span").allInnerTexts(),
    Array.from({ length: 8 }, (_, i) => (i % 2 ? "edge" : "")),
  );
  assert.match(await page.locator("#codes h2").innerText(), /Pair agreement\s*images and edges/);
  assert.ok(await page.isHidden("#codes .confusion"));
  assert.deepEqual(complaints, []);
  await page.close();
});

test("classes stand above their columns, and without a condition nothing is asked for", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&condition=projection`);
  await loaded(page);
  await page.click("#step");
  await reach(page, 1);
  await page.waitForFunction(() => document.querySelectorAll("#fake .tile").length === 80);
  assert.deepEqual(await page.locator("#fake-panel .columns span").allInnerTexts(), "0123456789".split(""));
  assert.ok(await page.isHidden("#codes .chart"), "D has no auxiliary classifier");
  await setField(page, "condition", "none");
  await page.click("#restart");
  await page.waitForFunction(() => document.querySelectorAll("#fake .tile").length === 64);
  assert.ok(await page.isHidden("#codes"));
  assert.ok(await page.isHidden("#view"));
  assert.deepEqual(complaints, []);
  await page.close();
});
