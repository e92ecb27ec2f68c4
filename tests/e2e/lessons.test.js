// Lessons, done as a reader does them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openTab, serveSite, stateOf, until, visit } from "./site.js";

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

/** @param {Page} page */
const titleOf = (page) => page.locator("#lesson h2").innerText();

/** Waits for the goal of the step, if it has one, and goes on. @param {Page} page */
async function next(page) {
  await page.waitForFunction(
    () => {
      const goal = document.querySelector("#lesson .goal");
      return goal instanceof HTMLElement && (goal.hidden || goal.classList.contains("reached"));
    },
    null,
    { timeout: 120_000 },
  );
  await page.click("#lesson .next");
}

/** @param {Page} page @param {string} title */
const at = (page, title) => page.waitForFunction((t) => document.querySelector("#lesson h2")?.textContent === t, title);

test("the tour: its goals are reached by doing what it says, and it leaves the page as it was", {
  timeout: 240_000,
}, async () => {
  const { page, complaints } = await visit(browser, site.url);
  await page.click("#tour");
  await at(page, "Two networks");
  const hero = await page.locator(".hero").boundingBox();
  const card = await page.locator("#lesson").boundingBox();
  assert.ok(hero && card && (card.x >= hero.x + hero.width || card.y >= hero.y + hero.height), "it covers no sample");
  await next(page);
  await next(page);
  await at(page, "Let them train");
  assert.equal((await stateOf(page)).playing, false);
  await page.click("#play");
  await next(page);
  await next(page);
  await next(page);
  await at(page, "The losses");
  await next(page);
  await at(page, "How good it is");
  await next(page);
  await next(page);
  await at(page, "One step at a time");
  await page.click("#play");
  await next(page);
  await next(page);
  await at(page, "Yours now");
  await page.click("#lesson .next");
  assert.ok(await page.locator("#lesson").isHidden());
  assert.equal(await page.locator(".pointed").count(), 0);
  assert.deepEqual(complaints, []);
});

test("mode collapse and its cures: modes are lost, and come back with each cure", { timeout: 400_000 }, async () => {
  const { page } = await visit(browser, `${site.url}#data=ring&lesson=mode-collapse`);
  await at(page, "A generator that makes one thing");
  await next(page);
  await next(page);
  for (const cure of ["Cure one", "Cure two", "Cure three"]) {
    assert.match(await titleOf(page), new RegExp(`^${cure}`));
    await next(page);
  }
  await at(page, "Which is best?");
});

test("why the first loss stalls: noise brings the distributions together", { timeout: 240_000 }, async () => {
  const { page } = await visit(browser, `${site.url}#data=ring&lesson=first-loss`);
  await at(page, "The minimax game");
  await next(page);
  await next(page);
  await at(page, "Noise on the inputs of D");
  await next(page);
  await at(page, "The other way: another loss for G");
  await next(page);
  assert.ok(await page.locator("#lesson").isHidden());
});

test("a teacher's lesson from a file; one with a mistake is refused with its place", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await openTab(page, "learn");
  const file = (/** @type {object} */ lesson) => ({
    name: "mine.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(lesson)),
  });
  const lesson = {
    id: "mine",
    title: "Mine",
    about: "k",
    controls: ["play", "hero"],
    steps: [{ title: "Set k", text: "Set k to 5.", goal: { text: "k is 5", check: { setting: "d_steps", value: 5 } } }],
  };
  const input = page.locator("#lessons input[type=file]");
  await input.setInputFiles(file({ ...lesson, steps: [{ title: "Set k" }] }));
  const state = await until(page, (s) => s.notices.some(({ kind }) => kind === "lesson"));
  assert.match(state.notices[0].text, /mine\.json.*step 1.*text/);
  await input.setInputFiles(file(lesson));
  await at(page, "Set k");
  assert.ok(await page.locator("#compare").isHidden(), "controls that the lesson does not need are left out");
  await page.click("#lesson .leave");
  assert.ok(await page.locator("#compare").isVisible());
});

test("a term of a lesson opens its entry in the glossary", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring&lesson=tour`);
  await at(page, "Two networks");
  await page.locator("#lesson .term").first().click();
  assert.ok(await page.locator("#glossary h3", { hasText: /^Generator \(G\)$/ }).isVisible());
});
