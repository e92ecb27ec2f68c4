import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { long } from "./long.js";
import { TINY, launch, loaded, reach, serveSite, setField, stepOf, visit, openTab, evaluateEvery } from "./site.js";

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

const MEASURED = { timeout: 120_000 };

/** The texts below the generated images. @param {Page} page */
const captions = (page) => page.locator("#fake .score").allInnerTexts();

/** Waits until every generated image has a caption of a kind. @param {Page} page @param {string} pattern */
const captioned = (page, pattern) =>
  page.waitForFunction(
    (p) => [...document.querySelectorAll("#fake .score")].every((s) => new RegExp(p).test(s.textContent ?? "")),
    pattern,
    MEASURED,
  );

/** The number of measurements that a sparkline has drawn. @param {Page} page @param {number} i */
const points = async (page, i) => {
  const d = await page.locator(".signal .spark .line").nth(i).getAttribute("d");
  return (d?.match(/[ML]/g) ?? []).length;
};

/** The signals show their values, and as many measurements each. @param {Page} page @returns the values and the number of measurements */
async function drawsSignals(page) {
  const values = await page.locator(".signal .value").allInnerTexts();
  assert.equal(values.length, 7);
  for (const value of values.slice(0, 4)) assert.ok(/^[\d.]+(e-\d+)?$/.test(value) && Number(value) > 0, value);
  for (const value of values.slice(4)) assert.match(value, /^\d+ %$/);
  const counts = await Promise.all(values.map((_, i) => points(page, i)));
  assert.ok(
    counts.every((c) => c === counts[0] && c >= 4),
    String(counts),
  );
  const labels = await page
    .locator(".signal .spark")
    .evaluateAll((all) => all.map((s) => s.getAttribute("aria-label")));
  labels.forEach((label, i) =>
    assert.ok(label?.includes(`: ${values[i]}, `) && /rising|falling|steady/.test(label), String(label)),
  );
  assert.equal(
    await page.locator(".signal .reference").evaluateAll((all) => all.filter((r) => r.getAttribute("d")).length),
    5,
    "lines at 0.001 and 1/2",
  );
  return { values, count: counts[0] };
}

/** The table of the layers has curves. @param {Page} page */
async function drawsLayers(page) {
  await page.click("#layers summary");
  const rows = await page.locator("#layers tbody tr").count();
  assert.ok(rows >= 8, `${rows} layers`);
  for (const d of await page.locator("#layers .spark .line").evaluateAll((all) => all.map((l) => l.getAttribute("d"))))
    assert.match(String(d), /^M[\d.]+ [\d.]+L/);
}

/** The histogram of D's outputs has two areas, and says so. @param {Page} page */
async function drawsOutputs(page) {
  const areas = page.locator("#outputs .histogram");
  const [real, fake] = await Promise.all(["real", "fake"].map((kind) => areas.locator(`.${kind}`).getAttribute("d")));
  assert.ok(real && fake && real !== fake, "two areas");
  const heights = [real, fake].map((area) => [...String(area).matchAll(/V([\d.]+)H/g)].map((m) => 60 - Number(m[1])));
  for (const bins of heights)
    assert.ok(bins.length >= 10 && bins.some((h) => h > 0) && bins.every((h) => h >= 0), String(bins));
  assert.equal(Math.max(...heights.flat()), 60, "the tallest bin is as high as the drawing");
  assert.match(
    String(await areas.getAttribute("aria-label")),
    /median of real images \w+ −?\d+\.\d, of generated images \w+ −?\d+\.\d, \d+\s% of the area in common/,
  );
  assert.ok(
    (await page.locator("#outputs .tick").allInnerTexts()).some((t) => /^0\s+1\/2$/.test(t)),
    "D = 1/2 at logit 0",
  );
}

/** The file of evaluations has the numbers that are shown. @param {Page} page @param {{values: string[], count: number}} shown @returns the memorisation ratio */
async function savesEvaluations(page, { values, count }) {
  await openTab(page, "quality");
  await page.waitForFunction(() => Number(document.querySelector("#quality .copying b")?.textContent) > 0);
  const ratio = Number(await page.locator("#quality .copying b").innerText());
  assert.ok(ratio > 0.3 && ratio < 10, String(ratio));
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-quality")]);
  const [head, ...lines] = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n")
    .map((l) => l.split(","));
  assert.equal(lines.length, count);
  assert.equal(Number(lines.at(-1)?.[head.indexOf("memorisation_ratio")]).toFixed(2), ratio.toFixed(2));
  assert.equal(Number(Number(lines.at(-1)?.[head.indexOf("g_gradient")]).toPrecision(2)), Number(values[0]));
  return ratio;
}

/** An enlarged image says how near the nearest training image is. @param {Page} page @param {number} ratio */
async function showsNearest(page, ratio) {
  await page.locator("#fake .tile").first().click();
  await page.waitForSelector("#enlarged .compared:not(:empty)", { timeout: 60_000 });
  assert.ok(
    (await page.locator("#enlarged .compared").innerText()).includes(
      `is ${ratio.toFixed(2)} times that of held-out real images`,
    ),
  );
  await page.keyboard.press("Escape");
}

test("measurements draw signals, layer by layer too, and the histogram of D's outputs", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&tab=signals`);
  await loaded(page);
  assert.deepEqual(new Set(await page.locator(".signal .value").allInnerTexts()), new Set(["–"]));
  assert.match(await page.locator("#outputs .reading").innerText(), /first evaluation/);
  await evaluateEvery(page, "100");
  await page.click("#play");
  await page.waitForFunction(
    () => (document.querySelector(".signal .line")?.getAttribute("d")?.match(/L/g) ?? []).length >= 3,
    null,
    MEASURED,
  );
  await page.click("#play");
  // A measurement that goes on would end at any time: a report takes its place, and can be cancelled.
  await openTab(page, "quality");
  await page.click("#report-card");
  await page.waitForFunction(
    () => /** @type {HTMLProgressElement} */ (document.getElementById("measure-progress")).value > 0.02,
  );
  await page.click("#measure-cancel");
  await openTab(page, "signals");

  const shown = await drawsSignals(page);
  await drawsLayers(page);
  await drawsOutputs(page);
  await showsNearest(page, await savesEvaluations(page, shown));

  await openTab(page, "signals");
  await page.click("#reset");
  await page.waitForFunction(() => document.querySelector(".signal .value")?.textContent === "–");
  // Each part of the page is drawn in a frame of its own.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("#outputs .histogram :is(.real, .fake)")].every(
      (area) => area.getAttribute("d") === "",
    ),
  );
  assert.deepEqual(complaints, []);
});

test("the generated grid is coloured by class and by realism, in words too", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}&tab=signals`);
  await loaded(page);
  await captioned(page, String.raw`^[01]\.\d\d$`);
  await evaluateEvery(page, "never");
  await page.selectOption("#colouring", "class");
  await captioned(page, "^[0-9]$");
  const classes = await captions(page);
  const badges = await page.locator("#fake-classes .class").allInnerTexts();
  assert.deepEqual(
    badges,
    Array.from({ length: 10 }, (_, k) => `${k}: ${classes.filter((c) => c === String(k)).length}`),
  );
  const swatches = await page
    .locator("#fake-classes .class")
    .evaluateAll((all) => all.map((b) => getComputedStyle(b, "::before").backgroundColor));
  assert.equal(new Set(swatches).size, 10);
  const frames = await page
    .locator("#fake .tile.framed canvas")
    .evaluateAll((all) => all.map((c) => getComputedStyle(c).outlineColor));
  assert.equal(frames.length, 64);
  assert.equal(new Set(frames).size, new Set(classes).size, "one colour a class");
  assert.equal(
    await page.locator("#fake .tile").nth(5).getAttribute("aria-label"),
    `generated image 6: looks like ${classes[5]}`,
  );

  await page.selectOption("#colouring", "realism");
  await captioned(page, "^–$");
  assert.match(
    await page.locator("#fake-note").innerText(),
    /after the first evaluation, and evaluation is set to “never”/,
  );
  assert.equal(await page.locator("#fake-classes .class").count(), 0);
  await evaluateEvery(page, "100");
  await page.click("#play");
  await captioned(page, String.raw`^(\d\.\d\d|10\+)( ✓)?$`);
  await page.click("#play");
  await page.waitForTimeout(1000);
  assert.match(await page.locator("#fake-note").innerText(), /Kynkäänniemi/);
  const realism = await captions(page);
  const labels = await page.locator("#fake .tile").evaluateAll((all) => all.map((t) => t.getAttribute("aria-label")));
  realism.forEach((text, i) =>
    assert.ok(
      labels[i]?.endsWith(text.includes("✓") ? "inside the real distribution" : "outside the real distribution"),
      String(labels[i]),
    ),
  );
  assert.ok(
    realism.filter((t) => t.includes("✓")).length < 32,
    "two hundred steps of a tiny network are not realistic",
  );

  await page.selectOption("#colouring", "none");
  await captioned(page, "^$");
  assert.equal(await page.locator("#fake .tile.framed").count(), 0);
  await page.selectOption("#colouring", "score");
  await captioned(page, String.raw`^[01]\.\d\d$`);
  assert.deepEqual(complaints, []);
});

test("without the classifier's file the grid says so, the run goes on, and asking again helps", async () => {
  site.faults.set(".bin", (response) => response.writeHead(404).end());
  const { page } = await visit(browser, `${site.url}${TINY}&tab=signals`);
  await loaded(page);
  await evaluateEvery(page, "never");
  await page.click("#play");
  await page.selectOption("#colouring", "class");
  const notice = page.locator('.notice[data-kind="measure"]');
  await notice.waitFor({ timeout: 60_000 });
  assert.match(await page.locator("#fake-note").innerText(), /has not been loaded/);
  await reach(page, (await stepOf(page)) + 50);
  assert.equal(await notice.count(), 1);
  assert.deepEqual(new Set(await captions(page)), new Set(["–"]));
  await page.click("#play");
  site.faults.delete(".bin");
  await notice.getByRole("button", { name: "Measure again" }).click();
  await captioned(page, "^[0-9]$");
});

test("the lines of the losses are explained in the terms of the loss that is used", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}&tab=signals`);
  await openTab(page, "charts");
  await page.getByText("What do the lines mean?").first().click();
  const about = page.locator("#lines");
  assert.match(await about.innerText(), /D's loss is then 2 log 2 = 1\.386 and G's log 2 = 0\.693/);
  await setField(page, "objective", "minimax");
  await page.waitForFunction(() => document.getElementById("lines")?.innerText.includes("G's −log 2 = −0.693"));
  await setField(page, "real_target", "0.9");
  await page.waitForFunction(() =>
    /real label of 0\.9, D = 0\.45, half of it, on every sample/.test(
      document.getElementById("lines")?.innerText ?? "",
    ),
  );
});

long("a critic's outputs are shown as they are, and its loss line says what it means", async () => {
  const { page, complaints } = await visit(
    browser,
    `${site.url}${TINY}&objective=wasserstein&d_norm=none&d_penalty=wgan&d_penalty_weight=10`,
  );
  await loaded(page);
  await evaluateEvery(page, "100");
  await page.click("#play");
  await page.waitForFunction(
    () => /^Step/.test(document.querySelector("#outputs .reading")?.textContent ?? ""),
    null,
    MEASURED,
  );
  await page.click("#play");
  // No image has a probability, and no tick of the axis one.
  await captioned(page, "^−?\\d+(\\.\\d\\d)?$");
  assert.ok(
    (await page.locator("#outputs .tick").allInnerTexts()).every((t) => /^−?[\d.]+$/.test(t.trim())),
    "outputs, not logits",
  );
  await openTab(page, "charts");
  await page.click("text=What do the lines mean?");
  assert.match(await page.locator("#lines").innerText(), /estimate of the Wasserstein distance/);
  await page.locator("#fake button").first().click();
  assert.match(await page.locator("#enlarged").innerText(), /only differences between images are meaningful/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a penalty that D's normalisation spoils is refused with the reason", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}&d_norm=batch&d_penalty=r1&tab=signals`, { ready: false });
  await page.waitForFunction(
    () => /batch normalisation mixes images/.test(document.getElementById("notices")?.textContent ?? ""),
    null,
    MEASURED,
  );
  await setField(page, "d_norm", "none");
  await page.click("#reset");
  await loaded(page);
  await page.click("#play");
  await reach(page, 2);
  await page.context().close();
});
