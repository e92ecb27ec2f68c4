// Makes the pictures of the gallery: trains each experiment in a page, as a visitor would, and keeps what its hero
// shows at the end, with how long a step took. Experiments that have a picture are left out, unless they are named.
// `make thumbnails`, or `make thumbnails ONLY="ring moons"`.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, reach, serveSite, stateOf, until, visit } from "../tests/e2e/site.js";

const FOLDER = join(import.meta.dirname, "..", "www", "thumbnails");
const STEP_TIMES = join(FOLDER, "step-times.json");
/** Side in pixels: the gallery shows them at 90 CSS pixels. */
const SIDE = 160;
/** Steps of a run on points, and on images; what comes first ends it: so many steps, or so long. */
const STEPS = { points: 4000, images: 1500 };
const MOST_SECONDS = 75;
/** Steps from which a step's time is measured: before, programs are compiled. */
const WARM = 20;

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const presetsOf = (page) =>
  page.evaluate(() => /** @type {any} */ (window).counterfeit.presets.map((/** @type {{id: string}} */ { id }) => id));

/** Trains, and returns how far and how fast. @param {Page} page */
async function train(page) {
  await page.waitForSelector("#play:enabled", { timeout: 60_000 });
  const space = await page.evaluate(() => document.body.dataset.space);
  const most = space === "images" ? STEPS.images : STEPS.points;
  await page.click("#play");
  await until(page, (s) => s.runs[0].step >= WARM || !s.runs[0].alive, 120_000);
  const from = { at: Date.now(), step: (await stateOf(page)).runs[0].step };
  const end = from.at + MOST_SECONDS * 1000;
  let run = (await stateOf(page)).runs[0];
  while (run.step < most && run.alive && Date.now() < end) {
    await page.waitForTimeout(200);
    run = (await stateOf(page)).runs[0];
  }
  const pace = { step: run.step, ms: (Date.now() - from.at) / Math.max(1, run.step - from.step) };
  if ((await stateOf(page)).playing) await page.click("#play");
  await page.waitForTimeout(1500);
  return { pace: { step: pace.step, ms: Number(pace.ms.toPrecision(2)) }, space };
}

/** What the hero shows, as a small picture. @param {Page} page @param {string | undefined} space */
async function picture(page, space) {
  if (space === "images") return page.evaluate(ofImages, SIDE);
  const hero = page.locator(space === "line" ? "#line .sheet" : "#plane .paper").first();
  const shot = await hero.screenshot();
  return page.evaluate(scaled, { png: shot.toString("base64"), side: SIDE });
}

/** Runs in the page: 16 generated images. @param {number} side */
async function ofImages(side) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const all = [...document.querySelectorAll("#fake canvas")];
  const columns =
    Number(getComputedStyle(/** @type {Element} */ (document.querySelector("#fake"))).getPropertyValue("--columns")) ||
    8;
  for (let i = 0; i < 16; i++) {
    const image = /** @type {HTMLCanvasElement | undefined} */ (all[Math.floor(i / 4) * columns + (i % 4)]);
    if (image) context.drawImage(image, ((i % 4) * side) / 4, (Math.floor(i / 4) * side) / 4, side / 4, side / 4);
  }
  return canvas.toDataURL("image/webp", 0.8);
}

/** Runs in the page: a picture in small. @param {{png: string, side: number}} what */
async function scaled({ png, side }) {
  const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  const square = Math.min(image.width, image.height);
  context.drawImage(image, (image.width - square) / 2, (image.height - square) / 2, square, square, 0, 0, side, side);
  return canvas.toDataURL("image/webp", 0.8);
}

const named = process.argv.slice(2);
const [site, browser] = await Promise.all([serveSite(), launch()]);
const { page: first } = await visit(browser, `${site.url}#data=ring`);
const presets = await presetsOf(first);
const unknown = named.filter((id) => !presets.includes(id));
if (unknown.length > 0)
  throw new Error(`there is no experiment ${unknown.join(", ")}; there are ${presets.join(", ")}`);
const wanted = presets.filter((/** @type {string} */ id) =>
  named.length > 0 ? named.includes(id) : !existsSync(join(FOLDER, `${id}.webp`)),
);
for (const [i, id] of wanted.entries()) {
  const { page } = await visit(browser, `${site.url}#preset=${id}`, { colorScheme: "light" });
  if ((await page.evaluate(() => document.body.dataset.space)) === "images") await reach(page, 0);
  const { pace, space } = await train(page);
  const url = await picture(page, space);
  writeFileSync(join(FOLDER, `${id}.webp`), Buffer.from(url.split(",")[1], "base64"));
  const times = { ...JSON.parse(readFileSync(STEP_TIMES, "utf8")), [id]: pace };
  const sorted = Object.fromEntries(Object.entries(times).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(STEP_TIMES, `${JSON.stringify(sorted, null, 2)}\n`);
  console.log(`${i + 1} of ${wanted.length}: ${id}, step ${pace.step}, ${pace.ms} ms a step`);
}
await browser.close();
site.close();
