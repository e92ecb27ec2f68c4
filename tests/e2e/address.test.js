import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sentences } from "../../www/results.js";
import {
  MNIST,
  TINY,
  chooseDevice,
  experimentOf,
  launch,
  openDrawer,
  pickExperiment,
  reach,
  serveSite,
  setField,
  status,
  visit,
} from "./site.js";

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

test("a malformed address loads what is valid and says what was dropped", async () => {
  const { page } = await visit(browser, `${site.url}#batch=16&g_lr=fast&seed=3&colour=red`);
  const note = await page.locator('.notice[data-kind="address"]').innerText();
  assert.match(note, /Learning rate “fast”/);
  assert.match(note, /“colour”: there is no such setting/);
  await openDrawer(page);
  assert.equal(await page.inputValue("#field-batch"), "16");
  assert.equal(await status(page, "seed"), "3");
  assert.equal(new URL(page.url()).hash, "#batch=16&seed=3");
});

test("typed values out of range are refused with the reason and change nothing", async () => {
  const { page } = await visit(browser, site.url + MNIST);
  const url = page.url();
  await openDrawer(page);
  for (const [key, text, reason] of [
    ["batch", "1000", /between 2 and 512/],
    ["g_lr", "-1", /between/],
    ["g_beta1", "1", /1 itself not included/],
    ["seed", "x", /whole number/],
  ]) {
    await setField(page, String(key), String(text));
    assert.match(await page.locator(`#field-${key}-problem`).innerText(), /** @type {RegExp} */ (reason));
    assert.equal(await page.inputValue(`#field-${key}`), text, "what was typed stays, to be mended");
  }
  assert.equal(page.url(), url);
});

/** Every preset, in the order of the menu. */
const PRESETS = [
  "dcgan",
  "goodfellow",
  "vanishing",
  "collapse",
  "weak",
  "few",
  "circles",
  "apart",
  "copies",
  "lsgan",
  "wgan",
  "wgan-gp",
  "hinge",
  "sngan",
  "r1",
  "r3gan",
  "dragan",
  "r3gan-mini",
  "began",
  "growing",
  "style",
  "cgan",
  "projection",
  "cogan-edges",
  "cogan-negatives",
  "acgan",
  "infogan",
  "ring",
  "moons",
  "unbalanced",
  "ring-lost",
  "ring-r1",
  "ring-wgan-gp",
  "ring-packed",
  "ring-r3",
  "pacgan-ring",
  "pacgan-ring-2",
  "pacgan-grid",
  "pacgan-grid-2",
  "figure-1",
  "two-humps",
  "pulled-apart",
  "pulled-apart-noise",
];

test("presets set the form and the address, and say what to look for", async () => {
  const { page } = await visit(browser, site.url + MNIST);
  await page.click("#experiment");
  const presets = await page
    .locator("#gallery .card")
    .evaluateAll((cards) => cards.map((card) => /** @type {HTMLElement} */ (card).dataset.preset));
  await page.keyboard.press("Escape");
  assert.deepEqual(presets, PRESETS);
  const rows = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(new URL(`../../bench/${name}.json`, import.meta.url), "utf8"));
  const measured = sentences(rows("quality"), rows("modes"));
  const seen = new Set();
  for (const preset of presets) {
    await pickExperiment(page, preset);
    seen.add(await page.locator("#look").innerText());
    assert.equal(await page.locator("#look-result").innerText(), measured[preset] ?? "", preset);
    assert.equal(await experimentOf(page), preset);
  }
  assert.equal(seen.size, presets.length);
  const link = page.url();
  const again = await visit(browser, link);
  assert.equal(await experimentOf(again.page), presets.at(-1));
});

test("each field explains itself and can be reset", async () => {
  const { page } = await visit(browser, `${site.url}#batch=16`);
  await openDrawer(page, "training");
  await page.click('button[aria-label="What is “Batch size”?"]');
  assert.match(await page.locator("#field-batch-help").innerText(), /Algorithm 1[\s\S]*From 2 to 512/);
  await page.click('.setting button[aria-label="Reset “Batch size” to 32 samples"]');
  assert.equal(await page.inputValue("#field-batch"), "32");
});

test("the user can choose the device, also in the address", async () => {
  const { page } = await visit(browser, `${site.url}?device=webgpu${TINY}`);
  assert.equal(await status(page, "device"), "CPU");
  await page.click("#main-menu summary");
  assert.match(await page.locator("#why").innerText(), /You chose WebGPU, but/);
  await chooseDevice(page, "cpu");
  await page.waitForFunction(() => document.getElementById("why")?.textContent === "You chose the CPU.");
  assert.match(page.url(), /device=cpu/);
  await page.click("#play");
  await reach(page, 5);
});

test("a browser without WebAssembly, or whose worker does not start, is told so", async () => {
  for (const [script, words] of [
    ["delete globalThis.WebAssembly", /WebAssembly/],
    ["globalThis.Worker = undefined", /workers/],
  ]) {
    const page = await browser.newPage();
    await page.addInitScript(String(script));
    await page.goto(site.url);
    assert.match(await page.locator(".notice").innerText(), /** @type {RegExp} */ (words));
  }
  site.faults.set(".wasm", (response) => response.writeHead(500).end());
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.locator('.notice[data-kind="crashed"]').waitFor();
  } finally {
    site.faults.clear();
  }
});

for (const [name, viewport] of Object.entries({
  phone: { width: 360, height: 740 },
  wide: { width: 1920, height: 1080 },
})) {
  test(`nothing is wider than a ${name}'s screen, and every control has a name`, async () => {
    const { page } = await visit(browser, site.url + TINY, { viewport });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select")]
        .filter((n) => {
          const control = /** @type {HTMLInputElement} */ (n);
          return (
            !control.getAttribute("aria-label") &&
            !control.textContent?.trim() &&
            !(control.labels && control.labels.length > 0)
          );
        })
        .map((n) => n.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(nameless, []);
  });
}
