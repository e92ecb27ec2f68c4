// The drawer with the settings: parts, search, what was changed and what it is reset to, what waits, and how it closes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MNIST, TINY, launch, openDrawer, serveSite, setField, showField, stateOf, until, visit } from "./site.js";

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

/** The chips of the changed settings, with what stands before them. @param {Page} page */
const changes = (page) => page.locator("#settings .changes > span").allInnerTexts();

/** The keys of the settings that are visible. @param {Page} page */
const shown = (page) =>
  page
    .locator("#settings .setting:visible")
    .evaluateAll((nodes) => nodes.map((node) => /** @type {HTMLElement} */ (node).dataset.key ?? ""));

test("a part shows its basic settings, the others under More; the keyboard goes from part to part and back out", async () => {
  const { page, complaints } = await visit(browser, site.url + MNIST);
  await page.focus("#main-menu > summary");
  await page.keyboard.press("Enter");
  await page.focus("#open-settings");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "settings-tab-data");
  assert.deepEqual(await shown(page), ["train_images"]);
  assert.ok(await page.locator("#data-sets").isVisible());
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "settings-tab-training");
  assert.deepEqual(await shown(page), ["g_lr", "d_lr", "d_steps", "batch", "seed"]);
  await page.click("#settings-of-training .further > summary");
  assert.ok((await shown(page)).includes("g_half_life"));
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#drawer").isHidden());
  assert.equal(
    await page.evaluate(() => document.activeElement?.parentElement?.id),
    "main-menu",
    "the focus is where it came from",
  );
  assert.deepEqual(complaints, []);
});

test("a setting is found by its name, also one that has no effect now, with the reason", async () => {
  const { page } = await visit(browser, site.url + MNIST);
  await openDrawer(page);
  await page.fill("#settings-search", "k");
  assert.deepEqual(await shown(page), ["balance_rate", "d_steps"], "not all that have the letter");
  await page.press("#settings-search", "Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "field-d_steps");
  await page.keyboard.press("ArrowUp");
  await until(page, (s) => s.config.d_steps === 2);
  await page.fill("#settings-search", "hidden units");
  assert.ok(await page.locator("#field-g_units").isDisabled());
  assert.match(await page.innerText('.setting[data-key="g_units"] .reason'), /^Applies when Architecture is MLP/);
  await page.fill("#settings-search", "warp");
  assert.deepEqual(await shown(page), []);
  assert.equal(await page.innerText("#settings .none"), "No setting has “warp”.");
  await page.press("#settings-search", "Escape");
  assert.equal(await page.inputValue("#settings-search"), "");
  assert.ok(await page.locator("#drawer").isVisible(), "Escape ended the search");
  assert.ok(await page.locator("#data-sets").isVisible());
});

test("what differs from the experiment is a chip, and is reset to the experiment's value", async () => {
  const { page } = await visit(browser, `${site.url}#preset=wgan-gp`);
  const { config } = await stateOf(page);
  await openDrawer(page);
  assert.ok(await page.locator("#settings .changes").isHidden(), "nothing is changed yet");
  await setField(page, "d_steps", 3);
  await setField(page, "batch", 48);
  const [from, ...chips] = await changes(page);
  assert.match(from, /^Changed from WGAN-GP/);
  assert.deepEqual(
    chips.map((text) => text.replace(/\s*×$/, "")),
    ["D steps per G step, k: 3", "Batch size: 48 samples"],
  );
  await page.click("#settings-tab-latent");
  await page.click('#settings .chip button:text-is("Batch size: 48 samples")');
  assert.equal(await page.evaluate(() => document.activeElement?.id), "field-batch");
  await page.click(`#settings .chip [aria-label="Reset “D steps per G step, k” to ${config.d_steps}"]`);
  await until(page, (s) => s.config.d_steps === config.d_steps);
  assert.equal((await changes(page)).length, 2);
  await setField(page, "prior", config.prior === "normal" ? "uniform" : "normal");
  await page.click('#settings .changes button:text-is("Reset all")');
  assert.deepEqual((await stateOf(page)).config, config);
  assert.ok(await page.locator("#settings .changes").isHidden());
});

test("what waits for a restart is in the head while the drawer is open, else in the page", async () => {
  const { page } = await visit(browser, site.url + TINY);
  await setField(page, "g_units", 24);
  assert.ok(await page.locator("#page-bars #waiting").isVisible());
  await openDrawer(page, "training");
  assert.match(await page.innerText("#drawer-bars #waiting"), /after a restart: Hidden units of G/);
  await setField(page, "pack", 3);
  await page.click("#restart");
  const refused = page.locator('.setting[data-key="pack"] .problem');
  await refused.filter({ hasText: /^Refused\. .*PacGAN pack size/ }).waitFor();
  await setField(page, "pack", 4);
  assert.equal(await refused.textContent(), "", "another value has not been refused");
  await page.click("#restart");
  await until(page, (s) => s.runs[0].config?.pack === 4 && s.runs[0].config?.g_units === 24);
  assert.ok(await page.locator("#waiting").isHidden());
});

test("a number is short until it is edited, and its slider and steps change it", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}&g_lr=0.00123456789`);
  await openDrawer(page, "training");
  const rate = page.locator("#field-g_lr");
  assert.equal(await rate.inputValue(), "0.0012346");
  await rate.focus();
  assert.equal(await rate.inputValue(), "0.00123456789");
  await page.locator("#field-batch").focus();
  assert.equal(await rate.inputValue(), "0.0012346");
  assert.equal((await stateOf(page)).config.g_lr, 0.00123456789, "looking changes nothing");
  const row = page.locator('.setting[data-key="g_lr"]');
  await row.locator(".step").last().click();
  await until(page, (s) => s.runs[0].config?.g_lr === 0.002);
  await row.locator('input[type="range"]').evaluate((/** @type {HTMLInputElement} */ slider) => {
    slider.value = "500";
    slider.dispatchEvent(new Event("input"));
  });
  await until(page, (s) => s.runs[0].config?.g_lr === 0.001);
});

test("on a phone it is a sheet of 72 % with targets of 44 pixels, and nothing is too wide", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring&batch=64`, { viewport: { width: 390, height: 844 } });
  await openDrawer(page, "training");
  const sheet = await page.locator("#drawer").boundingBox();
  assert.ok(sheet && Math.abs(sheet.height - 0.72 * 844) < 2 && Math.abs(sheet.y + sheet.height - 844) < 1);
  const small = await page
    .locator("#drawer :is(.head, .settings) :is(button, select, input):visible")
    .evaluateAll((nodes) =>
      nodes.flatMap((node) => {
        const { width, height } = node.getBoundingClientRect();
        return height < 43.5 || width < 30 ? [`${node.id || node.textContent} ${width}x${height}`] : [];
      }),
    );
  assert.deepEqual(small, []);
  await showField(page, "d_norm");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(
    await page.evaluate(() => {
      const place = /** @type {HTMLElement} */ (document.getElementById("place-drawer"));
      return place.scrollWidth <= place.clientWidth;
    }),
  );
});
