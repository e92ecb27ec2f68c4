// The bar, the gallery, the menus, the keys, what a link opens, and what picking does.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fromMenu, launch, pickExperiment, reach, serveSite, stateOf, stepOf, until, visit } from "./site.js";

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

test("the gallery finds experiments by their words, and says if there is none", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#experiment");
  const cards = page.locator("#gallery .card:visible");
  const all = await cards.count();
  assert.ok(all >= 40);
  await page.fill("#gallery input", "wasserstein");
  const found = await cards.count();
  assert.ok(found > 0 && found < all);
  await page.fill("#gallery input", "no such thing");
  assert.equal(await cards.count(), 0);
  assert.match(await page.locator("#gallery .none").innerText(), /No experiment has/);
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "experiment");
});

test("a pick keeps the run before, says so, undoes it, and is an entry of the history", async () => {
  const { page } = await visit(browser, `${site.url}#preset=ring`);
  await page.click("#play");
  await reach(page, 50);
  await page.click("#play");
  await pickExperiment(page, "moons");
  await until(page, (s) => s.preset === "moons" && s.runs[0].config !== null);
  assert.match(await page.title(), /^Two moons/);
  const toast = page.locator("#toast");
  assert.match(await toast.innerText(), /run before .*step \d+.* is kept/);
  await toast.getByRole("button").click();
  await until(page, (s) => s.preset === "ring" && s.runs[0].step >= 50);
  await pickExperiment(page, "unbalanced");
  await until(page, (s) => s.preset === "unbalanced" && s.runs[0].config !== null);
  await page.goBack();
  await until(page, (s) => s.preset !== "unbalanced");
  await page.goForward();
  await until(page, (s) => s.preset === "unbalanced");
});

test("keys act on the page, not in fields, and can be switched off", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.locator("h1").click();
  await page.keyboard.press("s");
  await until(page, (s) => s.runs[0].step === 1);
  await page.keyboard.press(" ");
  await until(page, (s) => s.playing);
  await page.keyboard.press(" ");
  await until(page, (s) => !s.playing);
  await page.keyboard.press("r");
  await until(page, (s) => s.runs[0].step === 0);
  await page.click("#experiment");
  await page.fill("#gallery input", "s");
  await page.keyboard.press("s");
  await page.keyboard.press("Escape");
  assert.equal(await stepOf(page), 0);
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys").isVisible());
  await page.locator("#keys input").uncheck();
  await page.keyboard.press("Escape");
  await page.locator("h1").click();
  await page.keyboard.press("s");
  await page.waitForTimeout(500);
  assert.equal(await stepOf(page), 0);
});

test("a link can start to play, leave out all controls but Play, and open a tab", async () => {
  const { page, context } = await visit(browser, `${site.url}#data=ring`);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await fromMenu(page, "#open-share");
  await page.locator('#share [name="play"]').check();
  await page.locator('#share [name="controls"]').check();
  await page.click('#share [data-copy="link"]');
  assert.equal(await page.locator("#share .message").innerText(), "Copied.");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /#data=ring&play=1&controls=play$/);
  const shared = await visit(browser, link);
  await until(shared.page, (s) => s.playing && s.runs[0].step > 0);
  const visible = await shared.page.locator("button:visible, select:visible, summary:visible").count();
  assert.ok(await shared.page.locator("#play").isVisible());
  assert.ok(visible <= 8, `${visible} controls`);
  const charts = await visit(browser, `${site.url}#data=ring&tab=charts&size=projector`);
  assert.equal(await charts.page.locator("#tab-charts").getAttribute("aria-selected"), "true");
  assert.match(charts.page.url(), /tab=charts&size=projector/);
  assert.equal((await stateOf(charts.page)).notices.length, 0);
});

test("embedded at 360x360 the samples and Play are in view", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring&play=1&controls=play`, {
    viewport: { width: 360, height: 360 },
    hasTouch: true,
    isMobile: true,
  });
  await reach(page, 20);
  for (const part of [".paper", "#play"]) {
    const box = await page.locator(part).first().boundingBox();
    assert.ok(
      box && box.y >= 0 && box.y + box.height <= 361 && box.x + box.width <= 361,
      `${part}: ${JSON.stringify(box)}`,
    );
  }
  await page.tap("#play");
  await until(page, (s) => !s.playing);
});
