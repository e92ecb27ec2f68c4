// Runs on a line, slow motion and the Dirac-GAN, with the real core.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fromMenu, launch, openDrawer, pause, reach, serveSite, stepOf, visit } from "./site.js";

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

/** A number of the figure. @param {Page} page @param {string} id */
const numberOf = async (page, id) =>
  Number((await page.locator(`[data-number="${id}"]`).innerText()).replace("−", "-").replace("e−", "e-"));

/** Waits for the first scene. @param {Page} page */
const drawn = (page) =>
  page.waitForFunction(() => document.querySelector('[data-number="divergence"]')?.textContent !== "–", null, {
    timeout: 60_000,
  });

/** @param {Page} page */
async function toOptimum(page) {
  await page.click("#to-optimum");
  await page.waitForFunction(
    () =>
      /\w/.test(document.querySelector("#optimum-status")?.textContent ?? "") &&
      /** @type {HTMLElement} */ (document.querySelector("#cancel-optimum")).hidden,
    null,
    { timeout: 120_000 },
  );
  // The last scene is drawn in a frame of its own.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** @param {Page} page @param {string} id @param {number} value */
const slide = (page, id, value) =>
  page.locator(`#${id}`).evaluate((node, v) => {
    /** @type {HTMLInputElement} */ (node).value = String(v);
    node.dispatchEvent(new Event("change", { bubbles: true }));
  }, value);

test("D trained to its optimum closes the gap, and V is then 2 JS - log 4", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=normal&objective=minimax`);
  await drawn(page);
  const gap = await numberOf(page, "gap");
  const start = await stepOf(page);
  await toOptimum(page);
  assert.ok((await stepOf(page)) > start);
  const after = await numberOf(page, "gap");
  assert.ok(after < gap && after < 0.06, `from ${gap} to ${after}: ${await page.innerText("#optimum-status")}`);
  const [value, best, js] = await Promise.all(["value", "best", "divergence"].map((id) => numberOf(page, id)));
  assert.ok(Math.abs(best - (2 * js - Math.log(4))) < 0.002, "the numbers agree with each other");
  assert.ok(Math.abs(value - best) < 0.05, `${value} and ${best}`);
  assert.match(await page.innerText("#figure-title"), /panel [bd]/);

  await page.click("#g-step");
  await page.waitForFunction(() => /panel [cd]/.test(document.querySelector("#figure-title")?.textContent ?? ""));
  await fromMenu(page, "#step-d");
  await page.waitForFunction(() => !/panel c/.test(document.querySelector("#figure-title")?.textContent ?? ""));
  assert.equal(await page.innerText("#optimum-status"), "", "what was told of the optimum no longer holds");
  await page.click('[data-number="gap"] ~ .ask');
  assert.match(await page.innerText("#about-gap"), /\(p_data \+ p_g\)\/2.*Goodfellow et al\. 2014/);
  assert.deepEqual(complaints, []);
});

test("the numbers shown are the scene's", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=mixture`);
  await page.addInitScript(() => {
    const Plain = Worker;
    // @ts-expect-error: a worker whose scenes the test sees too.
    window.Worker = class extends Plain {
      /** @param {URL} url @param {WorkerOptions} options */
      constructor(url, options) {
        super(url, options);
        this.addEventListener("message", ({ data }) => {
          if (data.type === "frame") /** @type {any} */ (window).lastScene = data.frame;
        });
      }
    };
  });
  await page.reload();
  await page.waitForSelector("#play:enabled", { timeout: 60_000 });
  await page.click("#play");
  await reach(page, 60);
  await pause(page);
  const at = await page.waitForFunction(() => {
    const snapshot = /** @type {any} */ (window).lastScene;
    return snapshot &&
      String(snapshot.step) === document.querySelector('[data-part="step"]')?.textContent?.replace(/,/g, "")
      ? snapshot
      : null;
  });
  const { gap, value, divergence, arrows, width, side } = await at.evaluate((s) => ({ ...s, arrows: [...s.arrows] }));
  assert.deepEqual([width, side], [1, 100]);
  const pull = arrows.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + Math.abs(b), 0) / arrows.length;
  for (const [id, expected] of /** @type {[string, number][]} */ ([
    ["gap", gap],
    ["value", value],
    ["divergence", divergence],
    ["best", 2 * divergence - Math.log(4)],
    ["pull", pull],
  ])) {
    assert.ok(
      Math.abs((await numberOf(page, id)) - expected) < 6e-4,
      `${id}: ${await numberOf(page, id)}, not ${expected}`,
    );
  }
  assert.deepEqual(complaints, []);
});

for (const data of ["normal", "ring"]) {
  test(`slow motion goes through every stage in order, and the update is one step: ${data}`, async () => {
    const { page, complaints } = await visit(browser, `${site.url}#data=${data}`);
    await page.waitForSelector("#walk .next:enabled");
    const start = await stepOf(page);
    const seen = [];
    for (let i = 0; i < 6; i++) {
      await page.click("#walk .next");
      await page.waitForFunction(
        (n) => [...document.querySelectorAll("#walk .stages li")].findIndex((li) => li.classList.contains("lit")) === n,
        i,
      );
      seen.push(await page.locator("#walk .stages .lit").innerText());
      assert.ok((await page.locator("#walk .algorithm .lit").count()) > 0);
      assert.equal(await page.innerText("#walk .turn"), "D step");
      if (i < 5) assert.equal(await stepOf(page), start, "nothing has been updated yet");
    }
    assert.deepEqual(seen, ["sample z", "generate", "score", "loss", "gradient", "update"]);
    await reach(page, start + 1);
    assert.equal(await stepOf(page), start + 1);
    await page.waitForSelector("#walk .next:enabled");
    await page.click("#walk .next");
    await page.waitForFunction(() => document.querySelector("#walk .turn")?.textContent === "G step");

    // Settings that take effect meanwhile, and an end.
    await page.fill('#walk [name="d_steps"]', "3");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /k = 3/.test(document.querySelector("#walk .algorithm")?.textContent ?? ""));
    assert.equal(await page.innerText("#walk .turn"), "G step", "a change of k does not end the walk");
    await page.click("#walk .stop");
    assert.equal(await page.locator("#walk .stages .lit").count(), 0);
    assert.deepEqual(complaints, []);
  });
}

test("the figure's values can be read with a finger, and by ear", async () => {
  const { page } = await visit(browser, `${site.url}#data=normal`);
  await drawn(page);
  const figure = page.locator("svg.figure");
  const box = await figure.boundingBox();
  assert.ok(box);
  const tap = { pointerType: "touch", clientX: box.x + box.width / 2, clientY: box.y + 40 };
  await figure.dispatchEvent("pointerdown", tap);
  await figure.dispatchEvent("pointerleave", tap);
  assert.match(await page.innerText("#line .reads"), /^x = /, "what was tapped stays");
  await figure.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getAttribute("#line .reads", "aria-live"), "polite");
});

test("slow motion by itself, and out of it by Play", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=normal`, { reducedMotion: "reduce" });
  await drawn(page);
  await page.selectOption("#speed", "slow");
  await page.waitForFunction(() => document.querySelector("#walk .stages .lit")?.textContent === "score", null, {
    timeout: 15_000,
  });
  await page.click("#play");
  await page.waitForFunction(() => !document.querySelector("#walk .stages .lit"));
  assert.equal(await page.inputValue("#speed"), "Infinity");
  await reach(page, 20);
  await page.selectOption("#speed", "10");
  await page.click("#play");
  assert.deepEqual(complaints, []);
});

test("supports that are pulled apart leave G without a pull, and noise gives it back", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=normal&objective=minimax`);
  await drawn(page);
  await slide(page, "slide-offset", 4);
  await page.waitForFunction(() => location.hash.includes("offset=4"));
  await drawn(page);
  await toOptimum(page);
  assert.ok((await numberOf(page, "divergence")) > 0.6, "hardly any overlap: nearly log 2");
  const certain = await numberOf(page, "pull");
  await slide(page, "slide-d_noise", 2);
  for (let i = 0; i < 2; i++) await toOptimum(page);
  const mended = await numberOf(page, "pull");
  assert.ok(mended > 3 * certain, `${certain} without, ${mended} with noise`);
  assert.deepEqual(complaints, []);
});

test("a density drawn by hand becomes the data", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=normal`);
  await drawn(page);
  await openDrawer(page, "data");
  await page.click('#data-sets input[value="curve"]');
  await page.click("#draw-curve .cancel");
  await page.waitForFunction(
    () => document.querySelector("#data-sets input:checked")?.getAttribute("value") === "normal",
  );
  await page.click("#close-drawer");
  await page.click("#draw-data");
  await page.click("#draw-curve .clear");
  await page.click("#draw-curve .use");
  assert.match(await page.innerText("#draw-curve .message"), /Nothing is drawn yet/);
  const box = await page.locator("#draw-curve canvas").boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.3 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.8 * box.width, box.y + 0.2 * box.height);
  await page.mouse.up();
  await page.focus("#draw-curve canvas");
  await page.keyboard.press("ArrowUp");
  assert.match(String(await page.getAttribute("#draw-curve canvas", "aria-valuetext")), /5 % of the height/);
  await page.click("#draw-curve .use");
  await page.waitForFunction(() => location.hash.includes("data=curve"));
  await page.waitForFunction(
    () => /densest at (1\.[5-9]|2\.[0-5])/.test(document.querySelector("svg.figure")?.getAttribute("aria-label") ?? ""),
    null,
    { timeout: 30_000 },
  );
  assert.deepEqual(complaints, []);
});

test("the Dirac-GAN: eigenvalues, a line that is kept, and another start", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#dirac summary");
  await page.waitForFunction(() => /0\.500 i/.test(document.querySelector(".eigenvalues")?.textContent ?? ""));
  assert.match(await page.innerText("#dirac .stability"), /Purely imaginary/);
  assert.ok(String(await page.getAttribute("#dirac .trail", "d")).length > 500);
  await page.click('#dirac [data-do="keep"]');
  await page.selectOption('[name="dirac-penalty"]', "r1");
  await page.waitForFunction(() =>
    /−0\.150 \+ 0\.477 i/.test(document.querySelector(".eigenvalues")?.textContent ?? ""),
  );
  assert.match(await page.innerText("#dirac .stability"), /spirals into/);
  assert.equal(await page.locator("#dirac .kept-list li").count(), 1);
  await page.focus("#dirac .portrait");
  const before = await page.innerText("#dirac .outcome");
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await page.waitForFunction((words) => document.querySelector("#dirac .outcome")?.textContent !== words, before);
  assert.deepEqual(complaints, []);
});

test("on a phone nothing is too wide, and what steers slow motion goes with the screen", async () => {
  const { page, complaints } = await visit(browser, `${site.url}#data=normal`, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
  });
  await drawn(page);
  await page.click("#dirac summary");
  await page.click("#walk .next");
  await page.waitForSelector("#walk .stages .lit");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  const [steer, figure] = await Promise.all(["#walk .steer", "svg.figure"].map((s) => page.locator(s).boundingBox()));
  assert.ok(steer && figure);
  assert.ok(Math.abs(steer.y + steer.height - 740) < 2, "at the foot of the screen");
  assert.ok(figure.y >= 0 && figure.y + figure.height <= steer.y, "the whole figure is seen above it");
  await page.tap("#walk .stop");

  // A finger draws too.
  await page.tap("#draw-data");
  const box = await page.locator("#draw-curve canvas").boundingBox();
  assert.ok(box);
  await page.tap("#draw-curve .clear");
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await page.tap("#draw-curve .use");
  await page.waitForFunction(() => location.hash.includes("data=curve"));
  assert.deepEqual(complaints, []);
});
