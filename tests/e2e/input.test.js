// Row 13: input as people type and save it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openDrawer, serveSite, setField, stateOf, until, visit, unfold } from "./site.js";

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

/** Types a value into a field of the form. @param {import("playwright-core").Page} page @param {string} key @param {string} text */
async function type(page, key, text) {
  await setField(page, key, text);
}

test("row 13: decimal commas, powers of ten and other digits are taken in every field of numbers", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=ring`);
  await openDrawer(page, "training");
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ["0,0005", 0.0005],
    ["2·10⁻⁴", 0.0002],
    ["１e−3", 0.001],
  ])) {
    await type(page, "g_lr", text);
    assert.equal((await stateOf(page)).config.g_lr, value, text);
    assert.equal(await page.inputValue("#field-g_lr"), String(value), "it is shown as it was understood");
  }
  await type(page, "seed", "1,000");
  assert.equal((await stateOf(page)).config.seed, 1000);
  assert.equal(await page.innerText("#settings .understood:not(:empty)"), "“1,000” was read as 1000.");
  await type(page, "seed", "2");
  assert.equal(await page.locator("#settings .understood:not(:empty)").count(), 0);
  // The widths of the drawn networks, and the fields of slow motion.
  await page.click("#unfold");
  const width = page.locator("#networks .control input").first();
  const before = Number(await width.inputValue());
  await width.fill(`${before + 1},0`);
  await width.press("Tab");
  assert.equal(Number(await page.locator("#networks .control input").first().inputValue()), before + 1);
  await page.click("#close-drawer");
  await unfold(page, "walk");
  await page.fill('#walk .live input[name="d_lr"]', "0,004");
  await page.press('#walk .live input[name="d_lr"]', "Tab");
  assert.equal((await stateOf(page)).config.d_lr, 0.004);
  assert.deepEqual(complaints, []);
});

test("row 13: decimal commas in an address, and what has two usual meanings is said", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring&g_lr=0,0005&seed=1,000&amp;batch=64`);
  const { config, notices } = await stateOf(page);
  assert.deepEqual([config.g_lr, config.seed, config.batch], [0.0005, 1000, 64]);
  assert.deepEqual(
    notices.map((n) => [n.kind, n.tone]),
    [["read-as", "note"]],
  );
  assert.match(notices[0].text, /Seed “1,000” was read as 1000/);
});

test("row 13: an address of 3,000 unknown settings is a short notice, and one of long ones too", async () => {
  for (const hash of [
    Array.from({ length: 3000 }, (_, i) => `nonsense${i}=1`).join("&"),
    `data=ring&${"x".repeat(20_000)}=${"y".repeat(20_000)}`,
  ]) {
    const { page } = await visit(browser, `${site.url}#${hash}`, { viewport: { width: 360, height: 740 } });
    const { notices } = await stateOf(page);
    assert.ok(notices[0].text.length < 400, notices[0].text);
    const box = await page.locator(".notice").boundingBox();
    assert.ok(box && box.height < 350 && box.width <= 360, JSON.stringify(box));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
});

test("row 13: a file with NaN, or with a mistake, is named with its line", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await openDrawer(page, "data");
  await page.locator("#data-sets").getByText("your own points").click();
  const choose = async (/** @type {string} */ name, /** @type {string | Buffer} */ content) => {
    await page.setInputFiles("#drawing .file", { name, mimeType: "text/plain", buffer: Buffer.from(content) });
    await page.waitForFunction(
      (n) => document.querySelector("#drawing .message")?.textContent?.startsWith(n),
      name.slice(0, 20),
    );
    return page.innerText("#drawing .message");
  };
  assert.match(await choose("nan.json", "[[0, 1],\n [1, 2],\n [NaN, 2]]"), /\(line 3\): it does not know NaN/);
  assert.match(await choose("mistake.json", "[[0, 1],\n [1; 2]]"), /\(line 2\): “;” cannot stand there/);
  assert.match(await choose("tiny.csv", "0,0\n5e-324,0\n5e-324,5e-324"), /^tiny\.csv: 3 points/);
  assert.match(
    await choose("wide.txt", Buffer.from("\uFEFFx;y\r\n0,5;1\r\n1,5;2\r\n2,5;0", "utf16le")),
    /^wide\.txt: 3 points/,
  );
  assert.match(await choose(`${"n".repeat(200)}.xlsx`, "PK\u0003\u0004"), /^n{60}…: This is no text but a spreadsheet/);
});

test("row 13: some steps a picture: the run goes on in a hidden tab", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.selectOption("#speed", "1");
  await page.click("#play");
  await until(page, (s) => s.runs[0].step > 5);
  // As browsers treat a hidden tab: no frames, and timers once a second at most.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, value: true });
    window.requestAnimationFrame = () => 1;
    const timeout = window.setTimeout;
    Object.defineProperty(window, "setTimeout", {
      value: (/** @type {() => void} */ run, ms = 0) => timeout(run, Math.max(ms, 1000)),
    });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const { step } = (await stateOf(page)).runs[0];
  await until(page, (s) => s.runs[0].step > step + 60, 15_000);
});

test("row 13: some steps a picture: the run goes on where frames stop without a word", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.selectOption("#speed", "1");
  await page.click("#play");
  await until(page, (s) => s.runs[0].step > 5);
  await page.evaluate(() => {
    window.requestAnimationFrame = () => 1;
  });
  const { step } = (await stateOf(page)).runs[0];
  await until(page, (s) => s.runs[0].step > step + 5, 15_000);
});
