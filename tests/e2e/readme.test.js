// README's "Five things to try", step by step, with the labels that README names.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openDrawer, reach, serveSite, setField, stepOf, until, visit, openTab } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const README = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8").replace(/\s+/g, " ");
/** Steps at which README counts modes; a comparison needs about a minute for them on two cores. */
const RING_STEPS = 2_000;
/** Steps after which README promises strokes. */
const STROKES_AT = 300;

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

/** A label of the page, which README names in bold or italics. @param {string} text */
function label(text) {
  assert.ok(README.includes(`*${text}*`), `README does not name “${text}”`);
  return text;
}

/** @param {Page} page @param {string} text */
const press = (page, text) =>
  page
    .getByRole("button", { name: label(text), exact: true })
    .first()
    .click();

/** @param {Page} page @param {string} name */
async function choose(page, name) {
  await page.click("#experiment");
  await page.locator("#gallery .card", { has: page.getByText(label(name), { exact: true }) }).click();
}

/**
 * Types a value into a setting.
 * @param {Page} page @param {string} key @param {string} name its label @param {string} value
 */
async function set(page, key, name, value) {
  await openDrawer(page);
  const shown = await page.locator(`label[for="field-${key}"]`).textContent();
  assert.ok(shown?.startsWith(label(name)), `${key} is labelled “${shown}”`);
  await setField(page, key, value);
}

/**
 * Waits until every run has been evaluated at a step, or later.
 * @param {Page} page @param {number} step @param {number} runs
 */
const evaluated = (page, step, runs) =>
  page.waitForFunction(
    ([least, count]) => {
      const text = document.querySelector("#density-quality .when")?.textContent ?? "";
      const steps = text.match(/^At step ([\d,–]+)(?: and ([\d,–]+))?,/)?.slice(1, 1 + count) ?? [];
      return steps.length === count && steps.every((s) => Number(s?.replace(/,/g, "")) >= least);
    },
    [step, runs],
    { timeout: 240_000, polling: 100 },
  );

/**
 * Modes covered: those that get at least a fifth of their share.
 * @param {Page} page @param {"first" | "last"} column the first is of the run, or of A; the last is of B
 */
async function modesCovered(page, column) {
  const cell = page.locator("#density-quality .measures tbody tr:nth-child(2) td");
  const text = await (column === "first" ? cell.first() : cell.last()).innerText();
  assert.match(text, /^\d of 8/);
  return Number(text[0]);
}

/** The median over the grid's images of the share of dark, and of light, pixels. @param {Page} page */
const shades = (page) =>
  page.evaluate(() => {
    const shares = [...document.querySelectorAll("#fake canvas")].map((node) => {
      const canvas = /** @type {HTMLCanvasElement} */ (node);
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const values = [...data].filter((_, i) => i % 4 === 0);
      const share = (/** @type {(v: number) => boolean} */ is) => values.filter(is).length / values.length;
      return { dark: share((v) => v < 64), light: share((v) => v > 192) };
    });
    /** @param {"dark" | "light"} key */
    const median = (key) => shares.map((s) => s[key]).sort((a, b) => a - b)[shares.length >> 1];
    return { dark: median("dark"), light: median("light") };
  });

test("1: the first visit: by step 2,000 a GAN covers six of eight modes", { timeout: 300_000 }, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await until(page, (s) => s.playing && s.preset === "ring");
  await page.click("#tab-quality");
  assert.ok((await page.locator("#density-quality h2").innerText()).startsWith(label("Quality metrics")));
  await evaluated(page, RING_STEPS, 1);
  assert.ok((await modesCovered(page, "first")) >= 6);
  assert.deepEqual(complaints, []);
});

test("2: a plain GAN loses modes; with R1 it does not, from the same seed", { timeout: 400_000 }, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await choose(page, "Ring, plain GAN: mode collapse");
  await until(page, (s) => s.runs[0].config?.latent_dim === 32 && s.runs[0].device !== null);
  await press(page, "Compare");
  await choose(page, "Ring + R1");
  await press(page, "Start both");
  const { runs } = await until(page, (s) => s.runs.length === 2 && s.runs.every((r) => r.step >= 1), 60_000);
  assert.equal(runs[0].config?.seed, runs[1].config?.seed);
  assert.deepEqual(
    runs.map((run) => run.config?.d_penalty),
    ["none", "r1"],
  );
  await openTab(page, "quality");
  await evaluated(page, RING_STEPS, 2);
  const [a, b] = [await modesCovered(page, "first"), await modesCovered(page, "last")];
  assert.ok(a <= 4 && b >= 6, `A covers ${a} modes, B ${b}`);
  assert.deepEqual(complaints, []);
});

test("3: figure 1: D trained to its optimum is near D*, and V(D, G) near V(D*, G)", { timeout: 180_000 }, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await choose(page, "Figure 1, interactive");
  // How near this D comes depends on what G generates when it begins: from step 0 a seed says it, on every machine.
  await page.click("#play");
  await page.click("#reset");
  await until(page, (s) => s.preset === "figure-1" && s.runs[0].step === 0 && s.runs[0].device !== null);
  const text = (/** @type {string} */ id) => page.locator(`[data-number="${id}"]`).innerText();
  const numberOf = async (/** @type {string} */ id) => Number((await text(id)).replaceAll("−", "-"));
  const gapIsThere = () => /\d/.test(document.querySelector('[data-number="gap"]')?.textContent ?? "");
  await page.waitForFunction(gapIsThere, null, { timeout: 60_000 });
  const [gap, start] = [await numberOf("gap"), await stepOf(page)];
  await press(page, "Train D to the optimum");
  const isOver = () =>
    /\w/.test(document.querySelector("#optimum-status")?.textContent ?? "") &&
    /** @type {HTMLElement} */ (document.querySelector("#cancel-optimum")).hidden;
  await page.waitForFunction(isOver, null, { timeout: 120_000 });
  // The last frame of the run is drawn in an animation frame of its own.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const [trained, step] = [await numberOf("gap"), await stepOf(page)];
  assert.ok(step > start);
  assert.ok(trained < gap && trained < 0.06, `the gap went from ${gap} to ${trained}`);
  assert.ok(Math.abs((await numberOf("value")) - (await numberOf("best"))) < 0.1);
  await press(page, "One G step");
  await reach(page, step + 1);
  await page.waitForFunction(() => /panel [cd]/.test(document.querySelector("#figure-title")?.textContent ?? ""));
  assert.deepEqual(complaints, []);
});

test("4: MNIST: strokes, and an image with its z and its nearest training image", { timeout: 240_000 }, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await openDrawer(page, "data");
  await page
    .locator(".data-set", { hasText: label("MNIST") })
    .first()
    .locator("input")
    .check();
  await until(page, (s) => s.runs[0].config?.data === "mnist" && s.runs[0].device !== null && !s.playing);
  await press(page, "Play");
  await until(page, (s) => (s.runs[0].shown ?? 0) >= STROKES_AT, 180_000);
  const { dark, light } = await shades(page);
  // Fog is grey; of strokes on black most pixels are dark and some are light.
  assert.ok(dark > 0.5 && light > 0.03, `dark ${dark}, light ${light}`);
  await page.locator("#fake .tile").first().click();
  const isFound = () => /nearest training image/i.test(document.querySelector("#enlarged .nearest")?.textContent ?? "");
  await page.waitForFunction(isFound, null, { timeout: 30_000 });
  const told = await page.locator("#enlarged").innerText();
  assert.match(told, /noise z, 64 numbers/i);
  assert.match(told, /D\(x\) = [\d.]+, the probability of being real/);
  assert.deepEqual(complaints, []);
});

test("5: a rate changes live, a width after a restart; an address is a run", { timeout: 180_000 }, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await until(page, (s) => s.playing && s.runs[0].step > 5);
  await set(page, "d_lr", "Learning rate", "0.01");
  await until(page, (s) => s.runs[0].config?.d_lr === 0.01 && s.playing);
  assert.match(page.url(), /d_lr=0\.01/);
  await set(page, "g_units", "Hidden units", "48");
  const bar = (await page.locator("#waiting").innerText()).replace(/\s+/g, " ");
  assert.match(bar, /takes effect after a restart.*Hidden units/i);
  await press(page, "Restart");
  await until(page, (s) => s.runs[0].config?.g_units === 48);
  const address = page.url();
  assert.match(address, /g_units=48/);

  /** The losses of the first three steps, as the page saves them. @param {Page} of */
  const losses = async (of) => {
    for (let step = 1; step <= 3; step++) {
      await of.click("#step");
      await until(of, (s) => s.runs[0].step === step);
    }
    await openTab(of, "charts");
    const [download] = await Promise.all([of.waitForEvent("download"), of.click("#save-csv")]);
    return readFileSync(await download.path(), "utf8");
  };
  await page.click("#reset");
  await until(page, (s) => s.runs[0].step === 0 && s.runs[0].config !== null && !s.playing);
  const here = await losses(page);
  const { page: there } = await visit(browser, address);
  assert.equal(await losses(there), here);
  assert.ok(here.split("\n").length > 3);
  assert.deepEqual(complaints, []);
});
