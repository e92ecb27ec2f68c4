import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  TINY,
  launch,
  loaded,
  openDrawer,
  pixels,
  reach,
  serveSite,
  setField,
  showField,
  status,
  stepOf,
  visit,
  openTab,
} from "./site.js";

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

/** What stands above a grid. @param {Page} page @param {"a" | "b"} letter */
const above = async (page, letter) => {
  const panel = page.locator(letter === "a" ? "#fake-panel" : "#fake-b-panel");
  return { name: await panel.locator(".name").innerText(), state: await panel.locator(".of-run").innerText() };
};

/** Waits until both runs have come to rest at one step, and their pictures are there. @param {Page} page */
const atRest = async (page) => {
  await page.waitForFunction(
    () => {
      const steps = [...document.querySelectorAll(".of-run")].map((n) => n.textContent?.match(/^Step ([\d,]+)/)?.[1]);
      const last = /** @type {any} */ (window).lastSteps;
      /** @type {any} */ (window).lastSteps = steps.join();
      return steps[0] === steps[1] && steps.join() === last;
    },
    null,
    { polling: 400, timeout: 30_000 },
  );
};

/** @param {Page} page @param {string} key @param {string} value */
const set = async (page, key, value) => {
  await setField(page, key, value);
};

test("the present run is compared with one that differs in a setting: same seed, same steps, both named", async () => {
  const { page, complaints } = await visit(browser, site.url + TINY);
  await loaded(page);
  await page.click("#step");
  await reach(page, 1);
  await page.focus("#compare");
  await page.keyboard.press("Enter");
  assert.match(
    await page.locator("#comparison .what").innerText(),
    /A is the present run, with seed 7\. Change a setting/,
  );
  assert.ok(await page.locator("#comparison .begin").isDisabled(), "nothing differs yet");
  await page.waitForFunction(() => document.getElementById("settings")?.contains(document.activeElement));
  await set(page, "d_lr", "0.01");
  assert.match(
    await page.locator("#comparison .what").innerText(),
    /B differs in Learning rate of D \(A: 0\.001, B: 0\.01\)/,
  );
  assert.equal(await stepOf(page), 1, "A's run has not been touched");
  await page.click("#comparison .begin");
  await page.waitForSelector("#fake-b:not(.empty)");
  await reach(page, 40);
  await page.click("#play");
  await atRest(page);

  const [a, b] = [await above(page, "a"), await above(page, "b")];
  assert.deepEqual([a.name, b.name], ["A: Learning rate of D 0.001", "B: Learning rate of D 0.01"]);
  assert.equal(a.state, b.state);
  assert.match(a.state, /^Step [\d,]+, paused\.$/);
  await openTab(page, "charts");
  await page.locator("#losses .u-legend", { hasText: "B: D loss" }).waitFor();
  const legend = await page.locator("#losses .u-legend").innerText();
  for (const label of ["A: D loss", "A: G loss", "B: D loss", "B: G loss"]) assert.ok(legend.includes(label), label);
  assert.notEqual(await pixels(page, "fake"), await pixels(page, "fake-b"));

  const before_ = await stepOf(page);
  await page.click("#step");
  await reach(page, before_ + 1);
  await atRest(page);
  assert.equal((await above(page, "b")).state, `Step ${before_ + 1}, paused.`);
  assert.match(page.url(), /&batch=16&b\.d_lr=0\.01$/);
  assert.deepEqual(complaints, []);
});

test("a comparison is in the address; runs that do not differ yet have equal pictures; ending it ends a worker", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&b.d_lr=0.01&b.colour=red`);
  assert.match(await page.locator('.notice[data-kind="address"]').innerText(), /“b\.colour”: there is no such setting/);
  await page.waitForSelector("#fake:not(.empty)");
  await page.waitForSelector("#fake-b:not(.empty)");
  assert.equal(await pixels(page, "fake"), await pixels(page, "fake-b"), "at step 0 the seed is all there is");
  await openDrawer(page);
  assert.equal(await page.inputValue("#field-d_lr"), "0.01", "the settings are B's");
  await page.click("#close-drawer");
  await loaded(page);
  await page.click("#play");
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll(".measured-run")].every((n) =>
        /coverage 0\.\d+.*Fréchet/.test(n.textContent ?? ""),
      ),
    null,
    { timeout: 60_000 },
  );
  await openTab(page, "quality");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("#quality tr.chosen td")]
      .slice(0, 3)
      .every((n) => /^[\d.]+$/.test(n.textContent ?? "")),
  );
  assert.equal(page.workers().length, 2);

  await page.click("#comparison .keep-b");
  assert.ok(await page.locator("#comparison").isHidden());
  assert.ok(await page.locator("#fake-b-panel").isHidden());
  assert.equal(await page.locator("#fake-panel .name").innerText(), "Generated");
  for (let tries = 0; page.workers().length > 1 && tries < 20; tries++) await page.waitForTimeout(50);
  assert.equal(page.workers().length, 1, "A's memory went with its worker");
  assert.match(page.url(), /[&#]d_lr=0\.01/);
  assert.doesNotMatch(page.url(), /b\./);
  const kept = await stepOf(page);
  await reach(page, kept + 50);
  assert.equal(await status(page, "phase"), "training");
  await openTab(page, "charts");
  // Curves are drawn five times a second, and 50 steps of these networks may be over sooner.
  await page.waitForFunction(() => !document.querySelector("#losses .u-legend")?.textContent?.includes("A:"), null, {
    timeout: 5_000,
  });
  assert.deepEqual(complaints, []);
});

test("a loss that is no number is told with the run's letter, and the other can go on", async () => {
  const wild =
    "#family=mlp&d_layers=5&g_layers=5&d_hidden=maxout&d_units=16&g_units=16&batch=8&latent_dim=8&g_norm=none&d_norm=none&d_lr=0.0001";
  const { page } = await visit(browser, `${site.url}${wild}&b.d_lr=0.1&b.d_beta1=0.9&b.d_beta2=0`);
  await page.click("#play");
  const notice = page.locator('.notice[data-kind="diverged-b"]');
  await notice.waitFor({ timeout: 60_000 });
  assert.match(
    await notice.innerText(),
    /^B: The (generator|discriminator)'s (loss|gradient|weights|optimizer moments) [\s\S]*A can go on alone: press Play/,
  );
  assert.match((await above(page, "b")).state, /stopped: .*not (a number|finite)/);
  await page.waitForTimeout(500);
  const paused = await stepOf(page);
  await page.click("#play");
  await reach(page, paused + 20);
  await page.click("#comparison .keep-a");
  assert.equal(await notice.count(), 0);
  await reach(page, paused + 40);
});

test("a lost worker is told with its letter, and both can begin again", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const Real = Worker;
    /** @type {Worker[]} */
    const made = [];
    // @ts-expect-error
    globalThis.Worker = function (url, options) {
      const worker = new Real(url, options);
      made.push(worker);
      return worker;
    };
    /** @type {any} */ (window).breakSecond = () =>
      made[1].onerror?.(new ErrorEvent("error", { message: "out of memory" }));
  });
  await page.goto(`${site.url}${TINY}&b.d_lr=0.01`);
  await page.waitForSelector("#fake-b:not(.empty)");
  await page.click("#play");
  await reach(page, 1);
  await page.evaluate(() => /** @type {any} */ (window).breakSecond());
  const notice = page.locator('.notice[data-kind="crashed-b"]');
  await notice.waitFor({ timeout: 30_000 });
  assert.match(
    await notice.innerText(),
    /B: The training stopped with an error: out of memory[\s\S]*A can go on alone/,
  );
  assert.match((await above(page, "b")).state, /the worker is gone/);
  await notice.getByRole("button", { name: "Start both again" }).click();
  await page.waitForSelector("#fake-b.empty", { state: "attached" });
  await page.waitForSelector("#fake-b:not(.empty)");
  await page.click("#play");
  await reach(page, 10);
  await page.click("#play");
  await atRest(page);
  assert.equal((await above(page, "a")).state, (await above(page, "b")).state);
  await context.close();
});

test("on a phone the grids are beside each other, nothing is too wide, and the bar is where the form is", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}&b.d_lr=0.01`, { viewport: { width: 390, height: 844 } });
  await page.waitForSelector("#fake-b:not(.empty)");
  const [a, b] = await Promise.all(["#fake", "#fake-b"].map((id) => page.locator(id).boundingBox()));
  assert.ok(a && b && Math.abs(a.y - b.y) < 1 && b.x > a.x + a.width - 1, JSON.stringify([a, b]));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.click("#comparison .keep-a");
  await page.click("#compare");
  const [rate, bar] = await Promise.all([
    (await showField(page, "d_lr")).boundingBox(),
    page.locator("#comparison").boundingBox(),
  ]);
  assert.ok(rate && bar && bar.y > 200 && bar.y + bar.height <= rate.y, "the bar is above the settings");
  await page.click("#comparison .cancel");
  assert.ok(await page.locator("#comparison").isHidden());
});
