// The model diagram: what it says of each kind of run, that its parts open their settings, that data is picked in it, and
// the layers into which it unfolds.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, MNIST, reach, serveSite, stateOf, status, until, visit } from "./site.js";

/** @import { Page } from "playwright-core" */

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

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The layers of a network as they are read. @param {Page} page @param {string} network */
const layers = (page, network) =>
  page
    .locator(`#networks .${network} .block`)
    .evaluateAll((rows) =>
      rows.map((row) => [".label", ".shape", ".count"].map((part) => row.querySelector(part)?.textContent).join("|")),
    );

/** @param {Page} page @param {string} network @param {RegExp} text */
const shows = (page, network, text) =>
  page.locator(`#networks .${network} .block`).filter({ hasText: text }).first().waitFor({ state: "attached" });

/** Opens a page with the layers unfolded. @param {string} hash */
async function unfolded(hash) {
  const visited = await visit(browser, site.url + hash);
  await visited.page.click("#unfold");
  return visited;
}

/** The text of a part of the diagram. @param {Page} page @param {string} part */
const textOf = (page, part) => page.locator(`#diagram ${part}`).textContent();

test("both networks unfold into layers with shapes and counts, and their totals are the run's", async () => {
  const { page, complaints } = await unfolded(MNIST);
  await shows(page, "generator", /32×7×7/);
  const [g, d] = [await layers(page, "generator"), await layers(page, "discriminator")];
  // 64 x 256 weights, without a bias before the normalisation.
  assert.deepEqual(g.slice(0, 3), ["z|64|", "fully connected|256|16,384", "batch normalisation|256|512"]);
  assert.equal(d[0], "image|784|");
  assert.equal(d.at(-1), "fully connected|1|257");
  const totals = await page.locator("#networks .total").allInnerTexts();
  assert.equal(await status(page, "sizes"), `G ${totals[0].split(" ")[0]}, D ${totals[1].split(" ")[0]}`);
  assert.equal(await textOf(page, ".node.generator .facts"), `64 → 1×28×28${totals[0].split(" ")[0]}`);
  assert.deepEqual(complaints, []);
});

test("a width is changed where it is drawn, and the other way round; until a restart it waits", async () => {
  const { page } = await unfolded(MNIST);
  const width = page.locator("#generator-g_channels");
  await width.fill("8");
  await width.press("Tab");
  await shows(page, "generator", /16×7×7/);
  assert.equal((await stateOf(page)).config.g_channels, 8);
  assert.match(page.url(), /g_channels=8/);
  assert.match(await page.locator("#waiting").innerText(), /Channels/);
  assert.ok(await page.locator(".node.generator.waits").isVisible());
  await width.focus();
  await width.press("ArrowUp");
  const { config } = await until(page, (now) => Number(now.config.g_channels) > 8);
  await shows(page, "generator", new RegExp(`${2 * Number(config.g_channels)}×7×7`));
  assert.equal(await page.evaluate(() => document.activeElement?.id), "generator-g_channels", "the keyboard stays");
  await page.click("#restart");
  await page.locator(".node.generator:not(.waits)").waitFor();
  await page.evaluate(() => {
    location.hash = "data=mnist&d_dense=100";
  });
  await shows(page, "discriminator", /fully connected100/);
  assert.equal(await page.inputValue("#discriminator-d_dense"), "100");
});

test("a depth is a field of its own, and an invalid value is explained where it was typed", async () => {
  const { page } = await unfolded("#preset=goodfellow");
  const depth = page.locator("#discriminator-d_layers");
  await depth.waitFor();
  const before_ = (await layers(page, "discriminator")).length;
  await depth.fill("3");
  await depth.press("Enter");
  // Linear, maxout, dropout.
  await page.waitForFunction(
    (n) => document.querySelectorAll("#networks .discriminator .block").length === n + 3,
    before_,
  );
  const url = page.url();
  await depth.fill("9");
  await depth.press("Tab");
  assert.equal(
    await page.locator("#discriminator-d_layers-problem").innerText(),
    "Not used. “9” is too large: enter a whole number between 1 and 5.",
  );
  assert.equal(await depth.getAttribute("aria-invalid"), "true");
  assert.equal(page.url(), url);
});

test("what would be refused as a whole is drawn, and said", async () => {
  const { page } = await unfolded(MNIST);
  const problem = page.locator("#networks > .problem");
  const go = (/** @type {string} */ hash) => page.evaluate((h) => void (location.hash = h), hash);
  await go("data=mnist&d_penalty=r1");
  await problem.filter({ hasText: /^A run with these settings would be refused\. .*batch normalisation/ }).waitFor();
  await go("data=mnist&d_penalty=r1&d_norm=none");
  await problem.filter({ hasText: /^$/ }).waitFor({ state: "attached" });
});

test("a click on a part opens its settings", async () => {
  const { page } = await visit(browser, `${site.url}#preset=cgan`);
  await page.evaluate(() => {
    const opened = /** @type {string[]} */ ([]);
    Object.assign(window, { opened });
    document
      .getElementById("drawer")
      ?.addEventListener("part", (event) => opened.push(/** @type {any} */ (event).detail));
  });
  const parts = ["data", "noise", "condition", "generator", "discriminator", "loss"];
  for (const part of parts) {
    // In its corner, where its name is not.
    await page.locator(`.node.${part}`).click({ position: { x: 4, y: 8 } });
    assert.ok(await page.locator("#drawer").isVisible(), part);
    await page.click("#close-drawer");
  }
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).opened), [
    "data",
    "latent",
    "condition",
    "generator",
    "discriminator",
    "loss",
  ]);
});

test("data is picked in the diagram at once, with one tab stop for all", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=ring`);
  const radio = (/** @type {string} */ set) => page.locator(`#diagram .choice input[value="${set}"]`);
  assert.ok(await radio("ring").isChecked());
  await page.locator('#diagram .choice label:has([value="moons"])').click();
  await until(page, (s) => s.config.data === "moons");
  assert.ok(await radio("moons").isChecked());
  await page.focus('#diagram [data-opens="data"]');
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.activeElement)?.value), "moons");
  await page.keyboard.press("ArrowRight");
  await until(page, (s) => s.config.data === "spiral");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-opens")), "latent");
  // Data that has not been drawn yet opens its editor; after a cancelled drawing the choice is as before.
  await page.locator('#diagram .choice label:has([value="drawn"])').click();
  await page.locator("#drawing .cancel").click();
  await page.waitForFunction(
    () => /** @type {any} */ (document.querySelector("#diagram .choice input:checked"))?.value === "spiral",
  );
  assert.deepEqual(complaints, []);
});

test("numbers, thumbnails and the gradient of the last step are in view while settings are open", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  assert.deepEqual(await page.locator("#diagram dd").allInnerTexts(), ["–", "–", "–", "–"]);
  await page.click('[data-opens="generator"]');
  await page.click("#play");
  await reach(page, 20);
  await page.waitForFunction(() => !document.querySelector("#diagram dl")?.textContent?.includes("–"));
  await page.locator(".wire.to-generator:not(.unknown)").waitFor({ state: "attached" });
  await page.locator(".wire.to-discriminator.unknown").waitFor({ state: "attached" });
  const drawn = await page.evaluate(() =>
    [...document.querySelectorAll("#diagram .batch")].map((node) => {
      const canvas = /** @type {HTMLCanvasElement} */ (node);
      return canvas
        .getContext("2d")
        ?.getImageData(0, 0, canvas.width, canvas.height)
        .data.some((v) => v > 0);
    }),
  );
  assert.deepEqual(drawn, [true, true]);
  // The first drawing may have one step only.
  await page.waitForFunction(() =>
    /^M.*L/.test(document.querySelector("#diagram .losses .of-d")?.getAttribute("d") ?? ""),
  );
});

test("names and formulas follow the run", async () => {
  const { page } = await visit(browser, `${site.url}#preset=projection`);
  const pick = async (/** @type {string} */ hash) => {
    await page.evaluate((h) => void (location.hash = h), hash);
    await page.waitForTimeout(300);
  };
  const said = async () =>
    Promise.all(
      [".fake .name", '[data-reading="real"] .name', '[data-reading="fake"] .name', ".discriminator .word"].map((p) =>
        textOf(page, p),
      ),
    );
  assert.deepEqual(await said(), ["G(z, y)", "D(x, y)", "D(G(z, y), y)", "Discriminator"]);
  await pick("preset=wgan");
  await page.locator(".node.discriminator", { hasText: "Critic" }).waitFor();
  assert.deepEqual(await said(), ["G(z)", "D(x)", "D(G(z))", "Critic"]);
  assert.equal(await textOf(page, ".loss .facts"), "Wasserstein · clipping · k = 5");
  await pick("preset=began");
  await page.locator(".node.discriminator", { hasText: "Autoencoder" }).waitFor();
  await pick("preset=infogan");
  await page.locator(".node.condition", { hasText: /Code c/ }).waitFor();
  assert.equal(await textOf(page, ".discriminator .also"), "and Q(c | x)");
});

test("folded it leaves the room to the samples, and on a phone every part is a target for a finger", async () => {
  for (const [width, height, most] of [
    [1400, 1000, 140],
    [1280, 720, 100],
  ]) {
    const { page } = await visit(browser, `${site.url}#preset=infogan`, { viewport: { width, height } });
    const box = await page.locator("#diagram").boundingBox();
    assert.ok(box && box.height <= most, `${box?.height} px at ${width}x${height}`);
    for (const node of await page.locator("#diagram .node:visible").all())
      assert.ok(
        await node.evaluate((n) => n.scrollHeight <= n.clientHeight + 1),
        `what is in it fits: ${await node.getAttribute("class")}`,
      );
  }
  for (const hash of ["#data=ring", "#preset=infogan"]) {
    const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
    const { page } = await visit(browser, site.url + hash, phone);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
    for (const node of await page.locator("#diagram :is(.node, .unfold):visible").all()) {
      const box = await node.boundingBox();
      assert.ok(box && box.height >= 44 && box.width >= 44, `${await node.getAttribute("class")}, ${box?.width}`);
    }
  }
});

test("axe-core finds nothing in the diagram, folded and unfolded, in both schemes", async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const { page } = await visit(browser, `${site.url}#preset=infogan`, { colorScheme });
    await page.evaluate(AXE);
    for (const open of [false, true]) {
      if (open) await page.click("#unfold");
      const found = await page.evaluate(async () =>
        (await /** @type {any} */ (window).axe.run("#diagram")).violations.map(
          (/** @type {any} */ v) => `${v.id}: ${v.nodes.map((/** @type {any} */ n) => n.html).join(" ")}`,
        ),
      );
      assert.deepEqual(found, [], `${colorScheme} ${open}`);
    }
  }
});
