// Row 9: nothing that a visitor does by the way takes the page and its work away; what they draw trains, and travels in
// the address.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { TINY, launch, openDrawer, serveSite, setField, stateOf, until, visit } from "./site.js";

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

const FOLDER = mkdtempSync(join(tmpdir(), "counterfeit-"));
/** @param {string} name @param {string} text */
function fileOf(name, text) {
  writeFileSync(join(FOLDER, name), text);
  return join(FOLDER, name);
}
const POINTS = fileOf("points.csv", "0,0\n1,0\n1,1\n0,1\n");
const MANY = fileOf("many.csv", Array.from({ length: 2000 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)}`).join("\n"));

/** Drags something from outside of the browser to a place, and lets it go. @param {Page} page @param {{x: number, y: number}} at @param {{files?: string[], items?: {mimeType: string, data: string}[]}} what */
async function drop(page, at, { files = [], items = [] }) {
  const session = await page.context().newCDPSession(page);
  const data = { items, files, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"]))
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  await session.detach();
}

/** @param {Page} page @param {string} selector */
async function middleOf(page, selector) {
  const node = page.locator(selector).first();
  await node.scrollIntoViewIfNeeded();
  const box = /** @type {{x: number, y: number, width: number, height: number}} */ (await node.boundingBox());
  const { height = 0 } = page.viewportSize() ?? {};
  // Of what is taller than the screen, a part that is on it.
  return {
    x: Math.round(box.x + box.width / 2),
    y: Math.round(Math.min(Math.max(box.y + box.height / 2, 10), height - 10)),
  };
}

/** Whether the browser would ask before the page is left. @param {Page} page */
const asks = (page) => page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));

/** @param {Page} page */
const countOf = (page) => page.innerText("#drawing .count");

/** @param {Page} page */
const openDrawing = async (page) => {
  await openDrawer(page, "data");
  await page.locator("#data-sets").getByText("your own points").click();
  await page.locator("#drawing[open]").waitFor();
};

/** Sprays points at some places. @param {Page} page @param {number} n */
async function spray(page, n) {
  await page.focus("#drawing canvas");
  for (let i = 0; i < n; i++) {
    await page.keyboard.press("Space");
    await page.keyboard.press(i % 2 ? "ArrowUp" : "ArrowRight");
  }
}

test("row 9: links open beside the page, also those that are made later; a click into the middle of a card follows none", async () => {
  const { page, context } = await visit(browser, site.url + TINY);
  await context.route(
    (url) => url.hostname !== "127.0.0.1",
    (route) => route.fulfill({ contentType: "text/html", body: "elsewhere" }),
  );
  await openDrawer(page, "data");
  const { x, y } = await middleOf(page, ".data-set");
  await page.mouse.click(x, y);
  assert.deepEqual([context.pages().length, new URL(page.url()).hostname], [1, "127.0.0.1"]);
  const follow = async (/** @type {() => Promise<unknown>} */ how) => {
    const [beside] = await Promise.all([context.waitForEvent("page"), how()]);
    assert.equal(await beside.evaluate(() => window.opener), null);
    await beside.close();
    assert.equal((await stateOf(page)).runs.length, 1, "the page is still there");
  };
  for (const link of await page.locator(".data-set a").all()) await follow(() => link.click());
  await page.evaluate(() => {
    const link = Object.assign(document.createElement("a"), {
      href: "https://example.com/later",
      textContent: "later",
      id: "later",
    });
    document.querySelector("footer")?.append(link);
  });
  await follow(() => page.click("#later"));
  await page.evaluate(() => document.getElementById("later")?.removeAttribute("target"));
  await page.focus("#later");
  await follow(() => page.keyboard.press("Enter"));
});

test("row 9: a file of points is taken wherever on the page it is dropped", async () => {
  const { page } = await visit(browser, site.url + TINY);
  const url = page.url();
  await openDrawer(page, "data");
  for (const place of ["header", "#settings", "#fake-panel", "footer", ".data-set", "#field-train_images"]) {
    await drop(page, await middleOf(page, place), { files: [POINTS] });
    await page
      .locator("#drawing[open]")
      .waitFor({ timeout: 5000 })
      .catch(() => assert.fail(`not on ${place}`));
    await page.waitForFunction(() => /^4 points/.test(document.querySelector("#drawing .count")?.textContent ?? ""));
    await page.click("#drawing .cancel");
  }
  assert.equal(page.url(), url);
});

test("row 9: a file dropped on a dialog or beside it, several files, a folder", async () => {
  const { page } = await visit(browser, `${site.url}#data=normal`);
  await page.click("#draw-data");
  await drop(page, await middleOf(page, "#draw-curve canvas"), { files: [POINTS] });
  await page.waitForFunction(() => /^4 points/.test(document.querySelector("#drawing .count")?.textContent ?? ""));
  assert.equal(
    await page.locator("#draw-curve").evaluate((d) => /** @type {HTMLDialogElement} */ (d).open),
    false,
    "one dialog at a time",
  );
  await drop(page, { x: 5, y: 5 }, { files: [fileOf("three.json", "[[0, 0], [1, 1], [2, 3]]"), POINTS] });
  await page.waitForFunction(() => /^3 points/.test(document.querySelector("#drawing .count")?.textContent ?? ""));
  assert.match(await page.innerText("#drawing .message"), /The first of 2 files, three\.json: 3 points/);
  await page.click("#drawing .undo");
  assert.match(await countOf(page), /^4 points/, "what a file has taken the place of is one Undo away");
  const folder = join(FOLDER, "folder");
  mkdirSync(folder);
  await drop(page, { x: 300, y: 300 }, { files: [folder] });
  await page.waitForFunction(() => /folder: /.test(document.querySelector("#drawing .message")?.textContent ?? ""));
  assert.match(await countOf(page), /^4 points/);
});

test("row 9: an address or words that are dropped replace nothing; words that are points are taken", async () => {
  const { page } = await visit(browser, site.url + TINY);
  const url = page.url();
  const place = await middleOf(page, "#losses");
  await drop(page, place, {
    items: [
      { mimeType: "text/uri-list", data: "https://example.com/" },
      { mimeType: "text/plain", data: "https://example.com/" },
    ],
  });
  await drop(page, place, { items: [{ mimeType: "text/plain", data: "some words" }] });
  await page.waitForTimeout(300);
  assert.equal(page.url(), url);
  assert.equal(await page.locator("#drawing[open]").count(), 0);
  await drop(page, place, { items: [{ mimeType: "text/plain", data: "0\t0\n1\t0\n1\t1\n" }] });
  await page.locator("#drawing[open]").waitFor();
  assert.match(await countOf(page), /^3 points/);
});

test("row 9: the browser asks while over a minute of training would be lost, and not after a reset", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#step");
  await until(page, (s) => s.runs[0].step === 1);
  assert.equal(await asks(page), false, "a step is soon made again");

  // The worker's clock runs fast: each batch takes 61 seconds.
  const { page: slow } = await visit(browser, `${site.url}#data=ring`);
  await slow.evaluate(() => {
    const data = /** @type {any} */ (Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data")).get;
    Object.defineProperty(MessageEvent.prototype, "data", {
      get() {
        const message = data.call(this);
        if (message?.type === "trained") message.ms = 61_000;
        return message;
      },
    });
  });
  await slow.click("#step");
  await until(slow, (s) => s.runs[0].step === 1);
  assert.equal(await asks(slow), true);
  const asked = slow.waitForEvent("dialog");
  void slow.evaluate(() => {
    location.reload();
  });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  assert.equal((await stateOf(slow)).runs[0].step, 1, "the run is still there");
  await slow.click("#reset");
  await until(slow, (s) => s.runs[0].step === 0);
  assert.equal(await asks(slow), false);
});

test("row 9: the browser asks while an editor holds a drawing that no run uses", async () => {
  const { page } = await visit(browser, `${site.url}#data=normal`);
  await openDrawer(page, "data");
  await page.click('#data-sets input[value="curve"]');
  assert.equal(await asks(page), false, "the example is not the visitor's");
  await page.focus("#draw-curve canvas");
  await page.keyboard.press("ArrowUp");
  assert.equal(await asks(page), true);
  await page.keyboard.press("Escape");
  assert.equal(await asks(page), true, "the editor still holds it");
  await page.click('#data-sets input[value="curve"]');
  await page.click("#draw-curve .clear");
  assert.equal(await asks(page), false, "nothing is drawn");
  await page.focus("#draw-curve canvas");
  await page.keyboard.press("ArrowUp");
  await page.click("#draw-curve .cancel");
  assert.equal(await asks(page), false, "the visitor gave it up");

  await openDrawing(page);
  await spray(page, 3);
  assert.equal(await asks(page), true);
});

test("row 9: “Train on these” trains; the points are in the address, which gives somebody else the same run", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await openDrawing(page);
  await spray(page, 5);
  assert.equal(await asks(page), true, "nothing holds them yet");
  await page.click("#drawing .done");
  const { hash } = await until(page, (s) => s.playing && s.runs[0].step > 3 && s.runs[0].config?.data === "drawn");
  assert.match(hash, /^data=drawn&.*points=60\.[\w-]{240}$/);
  assert.equal(await asks(page), false, "the address holds them");
  const link = page.url();
  assert.equal(new URL(link).hash, `#${hash}`);

  const other = await visit(browser, link);
  const state = await until(other.page, (s) => s.runs[0].config?.data === "drawn" && s.runs[0].shown !== null);
  assert.deepEqual([state.hash, state.notices], [hash, []]);
  await openDrawing(other.page);
  assert.match(await countOf(other.page), /^60 points/);
});

test("row 9: a density drawn on the line trains and travels too", async () => {
  const { page } = await visit(browser, `${site.url}#data=normal`);
  await page.click("#draw-data");
  await page.click("#draw-curve .clear");
  await page.focus("#draw-curve canvas");
  for (const key of ["PageUp", "ArrowRight", "PageUp", "PageUp"]) await page.keyboard.press(key);
  await page.click("#draw-curve .use");
  const { hash } = await until(page, (s) => s.playing && s.runs[0].step > 3 && s.runs[0].config?.data === "curve");
  assert.match(hash, /^data=curve&curve=64\.[\w-]{128}$/);
  const other = await visit(browser, page.url());
  assert.equal(
    (await until(other.page, (s) => s.runs[0].config?.data === "curve" && s.runs[0].shown !== null)).hash,
    hash,
  );
});

test("row 9: drawn points go with a comparison", async () => {
  const points = `points=3.${"AAAA"}${"gAgA"}${"--AA"}`;
  const { page } = await visit(browser, `${site.url}#data=drawn&b.d_lr=0.01&${points}`);
  const state = await until(
    page,
    (s) => s.runs.length === 2 && s.runs.every((r) => r.config?.data === "drawn" && r.shown !== null),
  );
  assert.deepEqual(state.notices, []);
  assert.ok(state.hash.includes("b.d_lr=0.01") && state.hash.includes(points), state.hash);
});

test("row 9: more points than an address has room for: the address and the page say so", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await drop(page, await middleOf(page, "#losses"), { files: [MANY] });
  await page.waitForFunction(() =>
    /^2,000 points; more than 1,500 do not fit into the address/.test(
      document.querySelector("#drawing .count")?.textContent ?? "",
    ),
  );
  await page.click("#drawing .done");
  const { hash } = await until(page, (s) => s.playing && s.runs[0].step > 3 && s.runs[0].config?.data === "drawn");
  assert.match(hash, /^data=drawn&.*points=2000-not-included$/);
  assert.match(await page.innerText("#look"), /every setting, but not your 2,000 points/);
  assert.equal(await asks(page), true);
  const other = await visit(browser, page.url());
  const { notices, runs } = await until(other.page, (s) => s.notices.length > 1);
  assert.match(
    notices.map((n) => n.text).join(" "),
    /2,000 points were too many.*Ask for their file.*drop a file of points anywhere on this page/,
  );
  assert.equal(runs[0].config?.data, "ring");
});

test("row 9: an address on drawn data without it, or with something broken, starts no run that cannot exist", async () => {
  for (const [hash, kinds, data] of /** @type {[string, string[], string][]} */ ([
    ["#data=drawn", ["undrawn"], "ring"],
    ["#data=curve", ["undrawn"], "normal"],
    ["#data=drawn&points=12.AAAA", ["address", "undrawn"], "ring"],
    ["#data=ring&points=%00", ["address"], "ring"],
  ])) {
    const { page, complaints } = await visit(browser, site.url + hash);
    const state = await until(page, (s) => s.runs[0].shown !== null);
    assert.deepEqual(
      [
        state.notices.map((n) => n.kind).sort(),
        state.notices.every((n) => n.tone === "note"),
        state.config.data,
        state.canTrain,
      ],
      [kinds, true, data, true],
      hash,
    );
    assert.deepEqual(complaints, []);
  }
});

test("row 9: data to be drawn, chosen in the form, is drawn first; the run that goes on is kept", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#play");
  await until(page, (s) => s.runs[0].step > 10);
  await openDrawer(page);
  await setField(page, "data", "drawn");
  await page.locator("#drawing[open]").waitFor();
  assert.equal((await stateOf(page)).config.data, "ring");
  await spray(page, 2);
  await page.keyboard.press("Escape");
  const { step } = (await stateOf(page)).runs[0];
  assert.deepEqual((await until(page, (s) => s.runs[0].step > step)).notices, []);
  await openDrawing(page);
  assert.match(await countOf(page), /^24 points/, "Escape throws nothing away");
});
