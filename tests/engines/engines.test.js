// The built page in Firefox and WebKit: it loads, trains on points and images, draws, and survives what they refuse;
// and a seed is a run: the first losses are equal to the last bit in these and in Chromium.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, serveSite } from "../e2e/site.js";
import { Browser, engines } from "./webdriver.js";

/** @import { PageState } from "../../www/app/inspect.js" */
/** @import { Faults } from "../e2e/faults.js" */

const ROOT = join(import.meta.dirname, "..", "..");
/** Where a failure's picture goes. */
const SHOTS = join(ROOT, "tests", "shots");
const RING = "#data=ring&device=cpu";
const MNIST = "#data=mnist&device=cpu";

/** The page's state; null while its script has not run. @returns {PageState | null} */
const state = () => /** @type {any} */ (window).counterfeit?.state ?? null;

/** What is shown on the largest canvas that is no chart: its size, and how many colours its middle row of pixels and column have. */
function drawn() {
  const canvases = [...document.querySelectorAll("canvas")].filter((c) => !c.closest(".uplot") && c.clientWidth > 0);
  return canvases.map((canvas) => {
    const { width, height } = canvas;
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
      0,
      0,
      width,
      height,
    );
    const colours = new Set(new Uint32Array(data.buffer));
    return { size: canvas.clientWidth * canvas.clientHeight, colours: colours.size };
  });
}

/** @param {Browser} browser @param {Awaited<ReturnType<typeof serveSite>>} site @param {string} hash */
async function open(browser, site, hash) {
  await browser.go(site.url + hash);
  await browser.until(state, (s) => s?.canTrain);
}

/** Plays until the run has moved on by so many steps. @param {Browser} browser @param {number} steps */
async function plays(browser, steps) {
  const from = (await browser.run(state))?.runs[0].step ?? 0;
  await browser.run(() => document.getElementById("play")?.click());
  const {
    runs: [run],
  } = /** @type {PageState} */ (await browser.until(state, (s) => s && s.runs[0].step >= from + steps, 120_000));
  assert.equal(run.lost, null);
  assert.equal(run.divergence, null);
  assert.ok(run.losses > 0);
}

/** @param {Browser} browser */
const notices = async (browser) => (await browser.run(state))?.notices ?? [];

/** A browser, and what it looks like when a test fails. @param {string} name @param {Browser} browser @param {() => Promise<void>} run */
async function pictured(name, browser, run) {
  try {
    await run();
  } catch (error) {
    mkdirSync(SHOTS, { recursive: true });
    await browser.screenshot().then(
      (png) => writeFileSync(join(SHOTS, `${name}.png`), png),
      () => {},
    );
    throw error;
  }
}

/** A page with faults of its own: on a server of its own, whose answers nobody has kept. @param {Faults | null} faults @param {(site: Awaited<ReturnType<typeof serveSite>>) => Promise<void>} run */
async function served(faults, run) {
  const site = await serveSite();
  try {
    site.inject(faults);
    await run(site);
  } finally {
    site.close();
  }
}

/** @type {Map<string, Record<string, string[]>>} */
const losses = new Map();

/** The first losses in an engine. @param {(url: string) => Promise<{losses?: Record<string, string[]>, error?: string}>} told */
async function lossesOf(told) {
  const site = await serveSite({ core: join(ROOT, "pkg", "cpu"), engines: import.meta.dirname });
  try {
    const { losses, error } = await told(`${site.url}engines/losses.html`);
    assert.equal(error, undefined);
    assert.ok(losses);
    return losses;
  } finally {
    site.close();
  }
}

const told = () => /** @type {any} */ (window).told ?? null;

/** Refused storage and history are said, and the run goes on. @param {Browser} browser @param {any} site @param {Faults} faults */
async function refusals(browser, site, faults) {
  await open(
    browser,
    site,
    "#data=mnist&device=cpu&family=mlp&g_units=16&d_units=16&batch=16&latent_dim=8&g_norm=none&d_norm=none",
  );
  await browser.run(() => document.getElementById("new-seed")?.click());
  await plays(browser, 20);
  await browser.until(state, (s) => s?.runs[0].data.mnist?.complete, 120_000);
  const [note, ...others] = await notices(browser);
  assert.equal(note.tone, "note");
  assert.match(note.text, /Images cannot be kept/);
  assert.equal(/address cannot follow/.test(note.text), faults.history === "throws");
  assert.deepEqual(others, []);
}

for (const engine of engines()) {
  describe(engine, () => {
    /** @type {Browser} */
    let browser;
    before(async () => {
      browser = await Browser.open(engine);
    });
    after(async () => {
      await browser?.close();
    });
    const check = (/** @type {string} */ name, /** @type {() => Promise<void>} */ run) =>
      test(`${engine}: ${name}`, { timeout: 300_000 }, () =>
        pictured(`${engine}-${name.slice(0, 24).replace(/\W+/g, "-")}`, browser, run),
      );

    check("a run on points loads, trains on the CPU, and is drawn", () =>
      served(null, async (site) => {
        await open(browser, site, RING);
        await plays(browser, 100);
        await browser.until(state, (s) => (s?.runs[0].shown ?? 0) >= 100);
        // Each part of the page is drawn in a frame of its own.
        await browser.until(drawn, (canvases) => canvases?.some((c) => c.size > 40_000 && c.colours > 20));
        assert.deepEqual(await notices(browser), []);
      }),
    );

    check("a run on MNIST loads its images, trains on the CPU, and is drawn", () =>
      served(null, async (site) => {
        await open(browser, site, MNIST);
        await plays(browser, 5);
        await browser.until(state, (s) => s?.runs[0].data.mnist?.complete, 120_000);
        await browser.until(state, (s) => (s?.runs[0].shown ?? 0) >= 1, 120_000);
        const images = (await browser.run(drawn)).filter((c) => c.colours > 10);
        assert.ok(images.length >= 64, `${images.length} images with shades`);
        assert.deepEqual(await notices(browser), []);
      }),
    );

    for (const faults of /** @type {Faults[]} */ ([
      { storage: "throws", history: "throws" },
      { storage: "rejects", history: "limit" },
    ])) {
      check(`row 8: ${JSON.stringify(faults)} costs neither the page nor the run`, () =>
        served(faults, (site) => refusals(browser, site, faults)),
      );
    }

    test(`${engine}: the first losses`, { timeout: 300_000 }, async (t) => {
      t.diagnostic(`${engine} ${browser.version}`);
      losses.set(
        engine,
        await lossesOf(async (url) => {
          await browser.go(url);
          return browser.until(told, (answer) => answer, 240_000);
        }),
      );
    });
  });
}

if (engines().includes("webkit")) {
  // "C.UTF-8" is what containers have; this engine makes the language "C" of it.
  test("webkit: row 8: a browser without a locale starts and trains", { timeout: 180_000 }, async () => {
    const browser = await Browser.open("webkit", "C.UTF-8");
    try {
      assert.equal(await browser.run(() => navigator.language), "C");
      await pictured("webkit-without-locale", browser, () =>
        served(null, async (site) => {
          await open(browser, site, RING);
          await plays(browser, 50);
          assert.deepEqual(await notices(browser), []);
        }),
      );
    } finally {
      await browser.close();
    }
  });
}

test("a seed is a run: the first 50 losses are equal to the last bit in every engine", {
  timeout: 300_000,
}, async () => {
  const chromium = await launch();
  try {
    const page = await chromium.newPage();
    losses.set(
      "chromium",
      await lossesOf(async (url) => {
        await page.goto(url);
        await page.waitForFunction(told, null, { timeout: 240_000 });
        return page.evaluate(told);
      }),
    );
  } finally {
    await chromium.close();
  }
  const expected = losses.get("chromium") ?? {};
  assert.deepEqual(
    Object.values(expected).map((l) => l.length),
    [50, 50],
  );
  assert.deepEqual([...losses.keys()].sort(), ["chromium", ...engines()].sort());
  for (const [engine, found] of losses) assert.deepEqual(found, expected, `${engine} and Chromium`);
});
