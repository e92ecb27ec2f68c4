// Runs on points in the plane: layers, read-out, z-space, drawing, files, speed of drawing, and a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nearestPoint, planeFrame } from "../../www/draw/geometry.js";
import { tuple } from "../../www/panels/data-space/readout.js";
import {
  launch,
  openDrawer,
  openLayers,
  pause,
  reach,
  serveSite,
  setField,
  status,
  stepOf,
  visit,
  unfold,
  openTab,
} from "./site.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{window: [number, number, number, number], zWidth: number, z: number[], fake: number[], scores: number[], arrows: number[], step: number}} Seen */

const RING = "#data=ring&family=mlp&latent_dim=2&g_units=32&d_units=32&g_norm=none&d_norm=none&batch=64";

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

/** A visitor of the plane; what workers say of scenes is kept, and how often points are drawn. @param {string} hash @param {import("playwright-core").BrowserContextOptions} [options] */
async function visitPlane(hash, options) {
  const spied = async (/** @type {Page} */ page) =>
    page.addInitScript(() => {
      const w = /** @type {any} */ (window);
      w.drawn = 0;
      const Real = Worker;
      globalThis.Worker = class extends Real {
        /** @param {string | URL} url @param {WorkerOptions} [o] */
        constructor(url, o) {
          super(url, o);
          this.addEventListener("message", ({ data }) => {
            if (data.type === "frame") w.scene = data.frame;
            if (data.type === "mapped") w.mapped = data;
            if (data.type === "evaluation") w.low = data.evaluation;
          });
        }
      };
      const put = CanvasRenderingContext2D.prototype.putImageData;
      CanvasRenderingContext2D.prototype.putImageData = function (/** @type {any[]} */ ...args) {
        if (this.canvas.className === "points-layer") w.drawn++;
        // @ts-expect-error
        return put.apply(this, args);
      };
    });
  // The page is loaded twice: the first time nothing spies yet.
  const { page, complaints } = await visit(browser, site.url + hash, options);
  await openLayers(page);
  await spied(page);
  await page.reload();
  await page.waitForSelector("#play:enabled", { timeout: 60_000 });
  await page.waitForSelector("#plane .of-a:not(.empty)", { timeout: 30_000 });
  return { page, complaints };
}

/** The last scene. @param {Page} page @returns {Promise<Seen>} */
const sceneOf = (page) =>
  page.evaluate(() => {
    const { window: seen, zWidth, z, fake, fakeScores: scores, arrows, step } = /** @type {any} */ (window).scene;
    return { window: seen, zWidth, step, z: [...z], fake: [...fake], scores: [...scores], arrows: [...arrows] };
  });
/** A generated point that the window shows. @param {Seen} scene */
const shown = ({ window: [l, r, b, t], fake, scores }) =>
  scores.findIndex((_, i) => {
    const [x, y] = fake.slice(2 * i, 2 * i + 2);
    return x > l && x < r && y > b && y < t;
  });
/** @param {Page} page @param {string} name */
const read = (page, name) => page.locator(`#readout [data-read="${name}"]`).innerText();
/** How many pixels of a canvas are not clear. @param {Page} page @param {string} layer */
const inked = (page, layer) =>
  page.evaluate((selector) => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(selector));
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    return data.filter((v, i) => i % 4 === 3 && v > 0).length;
  }, `#plane .of-a .${layer}`);
/** Waits for the read-out: a frame draws one thing at a time. @param {Page} page @param {RegExp} title */
const pointedAt = (page, title) =>
  page.waitForFunction(
    (t) => new RegExp(t).test(document.querySelector('#readout [data-read="title"]')?.textContent ?? ""),
    title.source,
    { timeout: 10_000 },
  );
/** Two frames: what was asked for is drawn. @param {Page} page */
const drawn = (page) => page.waitForTimeout(250);

test("a run on points shows its plane and none of the panels that need images", async () => {
  const { page, complaints } = await visitPlane(RING);
  assert.equal(await page.evaluate(() => document.body.dataset.space), "plane");
  for (const id of ["fake", "real", "quality", "outputs", "signals"])
    assert.ok(await page.locator(`#${id}`).isHidden(), id);
  await page.click("#play");
  await reach(page, 60);
  await pause(page);
  await openTab(page, "charts");
  for (const id of ["#plane", "#losses", "#play"]) {
    const box = await page.locator(id).boundingBox();
    assert.ok(box && box.y >= 0 && box.y + Math.min(box.height, 400) <= 900, `${id} is seen without scrolling`);
  }
  assert.match(
    await page.locator("#plane .of-a .facts").innerText(),
    /D differs from D\* by 0\.\d{3} on average\. Value V\(D, G\) −\d\.\d{3}/,
  );
  assert.deepEqual(complaints, []);
});

test("the link that skips to the picture leaves the run alone", async () => {
  const { page, complaints } = await visitPlane(RING);
  await page.click("#play");
  await reach(page, 20);
  const step = await pause(page);
  const hash = new URL(page.url()).hash;
  await page.locator("#skip").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "plane");
  await page.waitForTimeout(200);
  assert.deepEqual([await stepOf(page), new URL(page.url()).hash], [step, hash]);
  assert.deepEqual(complaints, []);
});

test("a live change keeps what was chosen in the plane, and a loss without D* says so", async () => {
  const { page, complaints } = await visitPlane(RING);
  await page.locator("#plane .of-a .over").focus();
  await page.keyboard.press("ArrowRight");
  await pointedAt(page, /^Generated point/);
  await unfold(page, "walk");
  await page.fill('#walk [name="d_lr"]', "0.0004");
  await page.keyboard.press("Tab");
  await page.waitForTimeout(300);
  assert.match(await read(page, "title"), /^Generated point/);
  await page.selectOption("#plane .heat", "best");
  assert.ok(await page.locator("#plane .no-map").isHidden());
  await setField(page, "objective", "hinge");
  await page.click("#step");
  await page.waitForSelector("#plane .no-map:visible");
  assert.ok(await page.locator("#plane .scale").isHidden());
  assert.deepEqual(complaints, []);
});

test("every layer can be switched, by keyboard too, and the browser remembers it", async () => {
  const { page } = await visitPlane(RING);
  await page.click("#play");
  await reach(page, 40);
  await pause(page);
  await drawn(page);
  const box = (/** @type {string} */ layer) => page.locator(`[data-layer="${layer}"]`);
  const before_ = await inked(page, "points-layer");
  for (const layer of ["real", "fake"]) {
    await box(layer).focus();
    await page.keyboard.press("Space");
    await drawn(page);
  }
  assert.equal(await inked(page, "points-layer"), 0, "no points are left");
  for (const layer of ["arrows", "trails", "field"]) {
    await box(layer).check();
    await page.waitForTimeout(500);
    assert.ok((await inked(page, "points-layer")) > 50, layer);
    await box(layer).uncheck();
    await drawn(page);
  }
  const pictures = new Set();
  for (const map of ["d", "best", "gap", "none"]) {
    await page.selectOption("#plane .heat", map);
    await drawn(page);
    pictures.add(
      await page.evaluate(() =>
        /** @type {HTMLCanvasElement} */ (document.querySelector("#plane .of-a .base")).toDataURL(),
      ),
    );
    assert.equal(await page.locator("#plane .scale").isVisible(), map !== "none");
  }
  assert.equal(pictures.size, 4);
  await box("sheet").check();
  await drawn(page);
  assert.ok(
    !pictures.has(
      await page.evaluate(() =>
        /** @type {HTMLCanvasElement} */ (document.querySelector("#plane .of-a .base")).toDataURL(),
      ),
    ),
    "the manifold is drawn",
  );
  await box("real").check();
  await page.reload();
  await page.waitForSelector("#plane .of-a:not(.empty)", { timeout: 60_000 });
  assert.deepEqual(await Promise.all(["real", "fake", "sheet"].map((l) => box(l).isChecked())), [true, false, true]);
  assert.equal(await page.inputValue("#plane .heat"), "none");
  assert.ok(before_ > 500);
});

test("the read-out of a generated point, of a place and of a z has the worker's own numbers", async () => {
  const { page } = await visitPlane(RING);
  await page.click("#play");
  await reach(page, 30);
  await pause(page);
  const snapshot = await sceneOf(page);
  const box = await page.locator("#plane .of-a .over").boundingBox();
  assert.ok(box);
  const frame = planeFrame(snapshot.window, box.width, box.height);
  const some = shown(snapshot);
  const [x, y] = [frame.x(snapshot.fake[2 * some]), frame.y(snapshot.fake[2 * some + 1])];
  await page.mouse.move(box.x + x, box.y + y);
  await pointedAt(page, /^Generated/);
  const i = Number((await read(page, "title")).match(/^Generated point (\d+)$/)?.[1]) - 1;
  assert.equal(i, nearestPoint(Float32Array.from(snapshot.fake), frame.fromX(x), frame.fromY(y), 9));
  assert.equal(await read(page, "z"), tuple(snapshot.z.slice(i * snapshot.zWidth, (i + 1) * snapshot.zWidth)));
  assert.equal(await read(page, "x"), tuple(snapshot.fake.slice(2 * i, 2 * i + 2)));
  assert.equal(await read(page, "score"), tuple([snapshot.scores[i]]));
  assert.ok((await read(page, "arrow")).startsWith(tuple(snapshot.arrows.slice(2 * i, 2 * i + 2))));

  await page.focus("#plane .of-a .over");
  await page.mouse.move(5, 5);
  await page.keyboard.press("Home");
  await pointedAt(page, /^Generated point 1$/);
  await page.keyboard.press("PageDown");
  await pointedAt(page, /^Generated point 2$/);

  await page.focus("#latent");
  for (let k = 0; k < 3; k++) await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => /^\(/.test(document.querySelector('[data-read="x"]')?.textContent ?? ""));
  await page.waitForTimeout(400);
  assert.match(await read(page, "title"), /^z and G\(z\)/);
  const mapped = await page.evaluate(() => [.../** @type {any} */ (window).mapped.points]);
  assert.equal(await read(page, "x"), tuple(mapped));
});

test("points go from their noise to their output and back", async () => {
  const { page } = await visitPlane(RING);
  await drawn(page);
  const picture = () =>
    page.evaluate(() =>
      /** @type {HTMLCanvasElement} */ (document.querySelector("#plane .of-a .points-layer")).toDataURL(),
    );
  const at = await picture();
  await page.focus("#plane .morph");
  await page.keyboard.press("Home");
  await drawn(page);
  assert.notEqual(await picture(), at);
  await page.click("#plane .play-morph");
  await page.waitForFunction(
    () => /** @type {HTMLInputElement} */ (document.querySelector("#plane .morph")).value === "1",
    null,
    { timeout: 15_000 },
  );
  await drawn(page);
  assert.equal(await picture(), at);
});

test("what is drawn by hand makes a run; a file too; one that cannot be read says why", async () => {
  const { page, complaints } = await visitPlane(RING);
  await openDrawer(page, "data");
  await page.click('#data-sets input[value="drawn"]');
  const paper = await page.locator("#drawing canvas").boundingBox();
  assert.ok(paper);
  assert.ok(await page.locator("#drawing .done").isDisabled(), "nothing is drawn yet");
  await page.mouse.move(paper.x + 60, paper.y + 60);
  await page.mouse.down();
  for (let k = 1; k <= 10; k++) await page.mouse.move(paper.x + 60 + 15 * k, paper.y + 60 + 12 * k);
  await page.mouse.up();
  const count = async () => Number((await page.locator("#drawing .count").innerText()).replace(/[^\d]/g, ""));
  const stroke = await count();
  assert.ok(stroke > 50, String(stroke));
  await page.focus("#drawing canvas");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  assert.ok((await count()) > stroke);
  await page.click("#drawing .undo");
  assert.equal(await count(), stroke);

  const choose = (/** @type {string} */ name, /** @type {string} */ text) =>
    page.setInputFiles("#drawing .file", { name, mimeType: "text/plain", buffer: Buffer.from(text) });
  await choose("bad.csv", "0,1\n2,three\n4,5");
  const said = page.locator("#drawing .message");
  await page.waitForFunction(() => /bad\.csv/.test(document.querySelector("#drawing .message")?.textContent ?? ""));
  assert.equal(await said.innerText(), "bad.csv: Line 2: y is “three”, not a number. Mend or remove the line.");
  assert.equal(await count(), stroke, "what was drawn is still there");
  await choose("good.json", "[[0, 0], [10, 0], [10, 10], [0, 10]]");
  await page.waitForFunction(() => /good\.json/.test(document.querySelector("#drawing .message")?.textContent ?? ""));
  assert.match(await said.innerText(), /^good\.json: 4 points\. Moved by \(5, 5\) to the middle/);
  await page.click("#drawing .done");
  await page.waitForFunction(() => document.querySelector(".toy.chosen input")?.getAttribute("value") === "drawn");
  // “Train on these” trains.
  await reach(page, 20);
  assert.equal(await status(page, "phase"), "training");
  const real = await page.evaluate(() => [.../** @type {any} */ (window).scene.real]);
  assert.ok(
    real.every((v) => Math.abs(Math.abs(v) - 1.8) < 0.6),
    "real points lie around the corners of the square",
  );
  assert.deepEqual(complaints, []);

  await page.click("#play");
  await page.click('#data-sets input[value="drawn"]');
  await page.click("#drawing .cancel");
  await page.click('#data-sets input[value="moons"]');
  await page.waitForFunction(() => document.querySelector(".toy.chosen input")?.getAttribute("value") === "moons");
});

test("metrics stand beside the real-data reference, and are explained", async () => {
  const { page } = await visitPlane(RING);
  await openTab(page, "quality");
  await page.click("#play");
  await page.waitForFunction(
    () =>
      /^At step [\d,]+, 2,500 points each/.test(document.querySelector("#density-quality .when")?.textContent ?? ""),
    null,
    { timeout: 60_000 },
  );
  await pause(page);
  // The last measurement may be drawn a fifth of a second later.
  await page.waitForFunction(() =>
    new RegExp(`^At step ${/** @type {any} */ (window).low.step.toLocaleString("en")},`).test(
      document.querySelector("#density-quality .when")?.textContent ?? "",
    ),
  );
  const captured = await page.evaluate(() => /** @type {any} */ (window).low.generated.modes.captured);
  const row = (/** @type {string} */ label) =>
    page.locator("#density-quality .measures tr", { has: page.locator(`button:text-is("${label}")`) });
  assert.match(await row("modes with a sample").innerText(), new RegExp(`${captured} of 8\\s+8 of 8`));
  assert.match(await row("high-quality samples").innerText(), /\d+\.\d %\s+9[89]\.\d %/);
  await page.click('#density-quality button:text-is("reverse KL")');
  assert.match(
    await page.locator("#density-quality .description").innerText(),
    /^Reverse KL\. .*log\(pᵢ \/ wᵢ\).*PacGAN/,
  );
  assert.equal(await page.locator("#density-quality .first .title").innerText(), "reverse KL");
});

test("5,000 points of each kind are drawn within half a frame", async () => {
  const { page } = await visitPlane(RING);
  await page.selectOption("#plane .points", "5000");
  await page.waitForFunction(() => /** @type {any} */ (window).scene.fake.length === 10_000, null, { timeout: 30_000 });
  const session = await page.context().newCDPSession(page);
  // The page's own time: others may share this machine's cores.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => ({
    drawn: await page.evaluate(() => /** @type {any} */ (window).drawn),
    ms:
      1000 *
      ((await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "ScriptDuration")?.value ?? NaN),
  });
  const start = await spent();
  await page.click("#plane .play-morph");
  await page.waitForFunction(() => document.querySelector("#plane .play-morph")?.textContent === "Morph", null, {
    timeout: 30_000,
    polling: 500,
  });
  const end = await spent();
  const [count, each] = [end.drawn - start.drawn, (end.ms - start.ms) / (end.drawn - start.drawn)];
  assert.ok(count >= 10 && each < 8, `${each.toFixed(1)} ms for each of ${count} drawings`);
  process.stdout.write(`# ${each.toFixed(1)} ms of script for each of ${count} drawings of 10,000 points\n`);
});

test("two runs have a plane each, and what is pointed at in one is marked in both", async () => {
  const { page, complaints } = await visitPlane(`${RING}&b.d_lr=0.01`);
  await page.waitForSelector("#plane .of-b:not(.empty)", { timeout: 30_000 });
  await page.click("#play");
  await reach(page, 40);
  assert.match(await page.locator("#plane .of-b .name").innerText(), /^B: Learning rate of D 0\.01$/);
  await page.focus("#plane .of-b .over");
  await page.keyboard.press("Home");
  await pointedAt(page, /^Generated point 1 of B$/);
  // The same z in A may be outside the window for some steps, where no mark is drawn.
  await page.waitForFunction(
    () =>
      ["a", "b"].every((l) => {
        const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(`#plane .of-${l} .over`));
        return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))
          .getImageData(0, 0, canvas.width, canvas.height)
          .data.some((v) => v > 0);
      }),
    null,
    { timeout: 10_000 },
  );
  await page.click("#play");
  // The last scene of either run is of the step that both stopped at.
  await page.waitForFunction(
    () => {
      const steps = [...document.querySelectorAll("#plane .of-run")].map((n) =>
        n.textContent?.match(/^Step ([\d,]+), paused/)?.[1].replace(",", ""),
      );
      return steps[0] && steps[0] === steps[1] && Number(steps[0]) === /** @type {any} */ (window).scene.step;
    },
    null,
    { timeout: 15_000 },
  );
  await page.click("#comparison .keep-a");
  assert.ok(await page.locator("#plane .of-b").isHidden());
  assert.deepEqual(complaints, []);
});

test("on a phone the plane comes first, nothing is too wide, and a tap reads a point", async () => {
  const { page } = await visitPlane(RING, { viewport: { width: 390, height: 844 }, hasTouch: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const box = await page.locator("#plane .of-a .over").boundingBox();
  assert.ok(box && box.y + box.height <= 844, "the whole plane is seen without scrolling");
  const snapshot = await sceneOf(page);
  const frame = planeFrame(snapshot.window, box.width, box.height);
  const some = shown(snapshot);
  await page.touchscreen.tap(box.x + frame.x(snapshot.fake[2 * some]), box.y + frame.y(snapshot.fake[2 * some + 1]));
  await pointedAt(page, /^Generated point \d+$/);
  assert.equal(await stepOf(page), 0);
});
