// Images of other shapes: 16x16 grey with three classes, and 32x32 in colour without, both drawn by code. Each is
// picked, trained, evaluated on random features, enlarged and saved.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { TINY, launch, openDrawer, serveSite, until, visit } from "./site.js";

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

/** Width and height of a PNG. @param {string} path */
function sizeOf(path) {
  const file = readFileSync(path);
  return [file.readUInt32BE(16), file.readUInt32BE(20)];
}

/** How many of a canvas's pixels are not grey, and its size. @param {Page} page @param {string} selector */
const lookAt = (page, selector) =>
  page
    .locator(selector)
    .first()
    .evaluate((node) => {
      const canvas = /** @type {HTMLCanvasElement} */ (node);
      const { width, height } = canvas;
      const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
        0,
        0,
        width,
        height,
      );
      let coloured = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) coloured += 1 / (width * height);
      return { width, height, coloured };
    });

/** Picks a data set, and trains on it until it has been evaluated. @param {Page} page @param {string} name */
async function trainOn(page, name) {
  await openDrawer(page, "data");
  const card = page.locator(".data-set", { has: page.locator(`strong:text-is("${name}")`) });
  await card.locator("canvas").nth(11).waitFor();
  await card.locator("input").check();
  await until(page, (s) => s.runs[0].config?.data === name.toLowerCase() && s.canTrain);
  await page.click("#play");
  await page.click("#close-drawer");
  await page.click("#tab-quality");
  await page.waitForSelector("#quality:not(.empty)", { state: "attached", timeout: 60_000 });
  await page.click("#play");
  const said = await card.innerText();
  for (const words of ["10,000 to train, 2,000 to test", "10,000 images here"]) assert.ok(said.includes(words), said);
}

/** The text of a metric's row. @param {Page} page @param {string} metric */
const row = (page, metric) =>
  page.locator("#quality tbody tr", { has: page.getByRole("button", { name: metric, exact: true }) }).innerText();

/** @param {Page} page */
async function isEvaluated(page) {
  for (const metric of ["coverage", "precision", "recall", "density", "Fréchet distance", "KID", "diversity"])
    assert.match(await row(page, metric), /^[^\n\t]+\s+−?[\d.]+\s+−?[\d.]+\s+−?[\d.]+\s+−?[\d.]+ at/, metric);
  for (const metric of ["MNIST score", "class entropy", "class divergence"])
    assert.match(await row(page, metric), /needs a classifier of this data set/);
  assert.match(await page.locator("#quality .features").innerText(), /random weights \(Naeem et al\. 2020\)/);
  assert.ok(await page.isHidden("#quality .classes"));
  assert.doesNotMatch(await page.locator("main").innerText(), /NaN|undefined|null/);
  await page.click("#tab-quality");
  const [csv] = await Promise.all([page.waitForEvent("download"), page.click("#save-quality")]);
  const [head, first] = readFileSync(await csv.path(), "utf8").split("\n");
  const cells = Object.fromEntries(head.split(",").map((name, i) => [name, first.split(",")[i]]));
  assert.deepEqual([cells.averaged_score, cells.features], ["", "random weights"]);
  assert.ok(Number(cells.real_reference_coverage) > 0.8);
}

test("coloured images of 32x32 are picked, trained on, evaluated, enlarged and saved", async () => {
  const { page, complaints } = await visit(browser, site.url + TINY);
  await trainOn(page, "Marbles");
  for (const grid of ["fake", "real"]) {
    const { width, height, coloured } = await lookAt(page, `#${grid} canvas`);
    assert.deepEqual([width, height], [32, 32], grid);
    assert.ok(coloured > 0.1, `${grid}: ${coloured} of the pixels are coloured`);
  }
  await isEvaluated(page);
  await page.selectOption("#colouring", "class");
  await page.getByText("No classifier knows this data set.", { exact: true }).waitFor();

  await page.locator("#fake .tile").first().click();
  await page.getByText(/number [\d,]+, at a distance of/).waitFor();
  const enlarged = await lookAt(page, "#enlarged .picture");
  assert.deepEqual([enlarged.width, enlarged.height], [32, 32]);
  assert.ok(enlarged.coloured > 0.1);
  await page.keyboard.press("Escape");

  const [png] = await Promise.all([page.waitForEvent("download"), page.click("#save-png")]);
  assert.deepEqual(sizeOf(await png.path()), [8 * 32 * 4, 8 * 32 * 4]);
  assert.deepEqual(complaints, []);
});

test("grey images of 16x16 have a column for each of their three classes", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&condition=auxiliary`);
  await trainOn(page, "Shapes");
  await page.waitForFunction(() => document.querySelectorAll("#fake .tile").length === 24);
  assert.deepEqual(await page.locator("#fake-panel .columns span").allInnerTexts(), ["disc", "square", "triangle"]);
  assert.deepEqual(await lookAt(page, "#fake canvas"), { width: 16, height: 16, coloured: 0 });
  await isEvaluated(page);
  await page.click("#tab-quality");
  assert.match(await page.locator("#codes .found").innerText(), /no classifier .* of ln 3 = 1\.10 nats/);
  assert.ok(await page.isHidden("#codes .confusion"));
  // Tiles are no larger than in a grid of eight columns.
  const [tile, hero] = await Promise.all(["#fake .tile", ".hero"].map((s) => page.locator(s).first().boundingBox()));
  assert.ok(tile && hero && tile.width <= hero.width / 8, JSON.stringify([tile, hero]));
  const [png] = await Promise.all([page.waitForEvent("download"), page.click("#save-png")]);
  assert.deepEqual(sizeOf(await png.path()), [3 * 16 * 4, 8 * 16 * 4]);
  assert.deepEqual(complaints, []);
});
