import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MNIST, launch, serveSite, setField, stateOf, status, visit } from "./site.js";

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

/** The layers of a network as they are read. @param {import("playwright-core").Page} page @param {string} network */
const layers = (page, network) =>
  page
    .locator(`#networks .${network} .block`)
    .evaluateAll((rows) =>
      rows.map((row) => [".label", ".shape", ".count"].map((part) => row.querySelector(part)?.textContent).join("|")),
    );

/** @param {import("playwright-core").Page} page @param {string} network @param {RegExp} text */
const shows = (page, network, text) =>
  page.locator(`#networks .${network} .block`).filter({ hasText: text }).first().waitFor();

test("both networks are drawn with shapes and counts, and their totals are the run's", async () => {
  const { page, complaints } = await visit(browser, site.url + MNIST);
  await shows(page, "generator", /32×7×7/);
  const [g, d] = [await layers(page, "generator"), await layers(page, "discriminator")];
  // 64 x 256 weights, without a bias before the normalisation.
  assert.deepEqual(g.slice(0, 3), ["z|64|", "fully connected|256|16,384", "batch normalisation|256|512"]);
  assert.equal(d[0], "image|784|");
  assert.equal(d.at(-1), "fully connected|1|257");
  const totals = await page.locator("#networks .total").allInnerTexts();
  assert.equal(await status(page, "sizes"), `G ${totals[0].split(" ")[0]}, D ${totals[1].split(" ")[0]}`);
  assert.deepEqual(complaints, []);
});

test("a width is changed where it is drawn, in the form too, and the other way round", async () => {
  const { page } = await visit(browser, site.url + MNIST);
  await page.locator("#generator-g_channels").waitFor();
  await page.focus("#generator-g_channels");
  await page.fill("#generator-g_channels", "8");
  await page.press("#generator-g_channels", "Tab");
  await shows(page, "generator", /16×7×7/);
  assert.equal((await stateOf(page)).config.g_channels, 8);
  assert.match(page.url(), /g_channels=8/);
  assert.match(await page.locator("#waiting").innerText(), /Channels/);
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute("aria-label")),
    "Channels: one more",
    "the keyboard keeps its place",
  );
  await page.keyboard.press("Enter");
  await shows(page, "generator", /18×7×7/);
  await setField(page, "d_dense", 100);
  await shows(page, "discriminator", /fully connected100/);
  assert.equal(await page.inputValue("#discriminator-d_dense"), "100");
});

test("a depth is a field of its own, and an invalid value is explained where it was typed", async () => {
  const { page } = await visit(browser, `${site.url}#preset=goodfellow`);
  await page.locator("#discriminator-d_layers").waitFor();
  const before_ = (await layers(page, "discriminator")).length;
  await page.fill("#discriminator-d_layers", "3");
  await page.press("#discriminator-d_layers", "Enter");
  // Linear, maxout, dropout.
  await page.waitForFunction(
    (n) => document.querySelectorAll("#networks .discriminator .block").length === n + 3,
    before_,
  );
  const url = page.url();
  await page.fill("#discriminator-d_layers", "9");
  await page.press("#discriminator-d_layers", "Tab");
  assert.equal(
    await page.locator("#discriminator-d_layers-problem").innerText(),
    "Not used. “9” is too large: enter a whole number between 1 and 5.",
  );
  assert.equal(await page.getAttribute("#discriminator-d_layers", "aria-invalid"), "true");
  assert.equal(page.url(), url);
});

test("what would be refused as a whole is drawn, and said", async () => {
  const { page } = await visit(browser, site.url + MNIST);
  await setField(page, "d_penalty", "r1");
  await page
    .locator("#networks > .problem")
    .filter({ hasText: /batch normalisation mixes images: choose none/ })
    .waitFor();
  await setField(page, "d_norm", "none");
  await page.locator("#networks > .problem").filter({ hasText: /^$/ }).waitFor({ state: "attached" });
});
