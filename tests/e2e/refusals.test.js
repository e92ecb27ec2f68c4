// Row 8: what a browser refuses, by throwing, rejecting, giving nothing or never answering, costs what was asked for
// and nothing else; and what is lost is said, once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setFaults } from "./faults.js";
import { ofTable } from "./long.js";
import { openLayers, TINY, fromMenu, launch, openDrawer, serveSite, stateOf, until, visit, openTab } from "./site.js";

/** @import { Faults } from "./faults.js" */
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

const RING = "#data=ring&device=cpu";

/** Opens the dialog where points are drawn. */
const DRAW = '#data-sets input[value="drawn"]';

/** A page in a browser with these faults. @param {Faults} faults @param {string} [hash] @param {object} [options] */
async function open(faults, hash = RING, options = {}) {
  site.inject(faults);
  const { page } = await visit(browser, site.url + hash, options);
  return page;
}

/** Plays until the run has moved on by so many steps. @param {Page} page @param {number} [steps] */
async function plays(page, steps = 20) {
  const {
    playing,
    runs: [{ step }],
  } = await stateOf(page);
  if (!playing) await page.click("#play");
  await until(page, (s) => s.runs[0].step >= step + steps && s.runs[0].lost === null, 60_000);
}

/** The notes that are shown, as text. @param {Page} page */
const notes = async (page) => (await stateOf(page)).notices.filter((n) => n.tone === "note").map((n) => n.text);

/** Fails where what is lost is not said exactly once. @param {Page} page @param {RegExp} words */
async function saysOnce(page, words) {
  const text = (await notes(page)).join("\n");
  assert.equal(text.split(words).length - 1, 1, `${words} in: ${text}`);
  assert.deepEqual(
    (await stateOf(page)).notices.filter((n) => n.tone !== "note"),
    [],
    "nothing is told as an error",
  );
}

test("row 8: history that throws leaves a page that trains, and one note", async () => {
  const page = await open({ history: "throws" });
  await plays(page);
  for (let i = 0; i < 3; i++) await fromMenu(page, "#new-seed");
  await plays(page);
  await saysOnce(page, /address cannot follow/);
  const { config, hash } = await stateOf(page);
  assert.match(hash, new RegExp(`seed=${config.seed}`), "the settings have an address all the same");
});

test("row 8: history that goes again takes the note back", async () => {
  const page = await open({ history: "throws" });
  await fromMenu(page, "#new-seed");
  await until(page, (s) => s.notices.length === 1);
  await setFaults(page, { history: undefined });
  // The next try comes half a minute after the refusal, or before the page is left.
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await until(page, (s) => s.notices.length === 0);
});

test("row 8: a setting that changes hundreds of times stays within Safari's hundred changes of the address in 30 seconds", async () => {
  const page = await open({ history: "limit" });
  await openDrawer(page);
  const config = await page.evaluate(() => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById("field-seed"));
    for (let i = 1; i <= 300; i++) {
      field.value = String(i);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return /** @type {any} */ (window).counterfeit.state.config;
  });
  assert.equal(config.seed, 300);
  await page.waitForFunction(() => /seed=300\b/.test(location.hash), null, { timeout: 10_000 });
  assert.deepEqual(await notes(page), []);
});

for (const [i, faults] of /** @type {Faults[]} */ ([
  { intl: "throws", language: "C" },
  { intl: "everywhere", language: "C" },
  { language: "" },
]).entries()) {
  ofTable(i)(
    `row 8: a browser whose language is none starts, trains and shows numbers (${JSON.stringify(faults)})`,
    async () => {
      const page = await open(faults);
      await plays(page);
      assert.ok((await stateOf(page)).runs[0].losses > 0);
      assert.match(await page.locator("body").innerText(), /1,\d\d\d/, "numbers of parameters, parted");
      assert.deepEqual(await notes(page), [], "nothing is lost");
    },
  );
}

for (const [i, storage] of /** @type {const} */ (["throws", "null", "rejects", "never"]).entries()) {
  ofTable(i)(`row 8: storage that ${storage} costs the next visit its images, and nothing else`, async () => {
    const page = await open({ storage }, `${TINY}&device=cpu`);
    await plays(page);
    await until(page, (s) => s.runs[0].data.mnist?.complete, 60_000);
    await plays(page);
    await saysOnce(page, /Images cannot be kept/);
    // localStorage cannot keep one waiting.
    assert.equal(/to be shown is forgotten/.test((await notes(page)).join()), storage !== "never");
  });
}

for (const [i, toBlob] of /** @type {const} */ (["null", "never", "throws"]).entries()) {
  ofTable(i)(
    `row 8: a picture that the browser does not make (toBlob ${toBlob}) is said each time it is asked for`,
    async () => {
      const page = await open({ toBlob });
      await plays(page);
      for (let i = 0; i < (toBlob === "never" ? 1 : 2); i++) {
        await openLayers(page);
        await page.click("#save-plane");
        await until(
          page,
          (s) => s.notices.some((n) => n.tone === "note" && /picture could not be saved/.test(n.text)),
          10_000,
        );
        await page.click('.notice[data-kind="picture"] button');
        await until(page, (s) => s.notices.length === 0);
      }
      await plays(page);
    },
  );
}

test("row 8: a download that throws is said", async () => {
  const page = await open({ objectURL: "throws" });
  await plays(page);
  await openTab(page, "charts");
  await page.click("#save-csv");
  await until(page, (s) => s.notices.some((n) => n.tone === "note" && /file could not be saved/.test(n.text)));
  await plays(page);
});

for (const [i, serviceWorker] of /** @type {const} */ (["throws", "rejects"]).entries()) {
  ofTable(i)(`row 8: a service worker that ${serviceWorker} costs the visit without a network`, async () => {
    // Allowed: otherwise the test's browser answers in its place.
    const page = await open({ serviceWorker }, RING, { serviceWorkers: "allow" });
    await plays(page);
    await until(page, (s) => s.notices.length > 0);
    await saysOnce(page, /without a network/);
  });
}

test("row 8: a worker that the browser refuses is said, with what can be done", async () => {
  const page = await open({ worker: "throws" }, RING, { ready: false });
  const {
    notices: [notice],
    runs: [run],
  } = await until(page, (s) => s.notices.length > 0);
  assert.match(notice.text, /Worker was refused/);
  assert.ok(notice.actions.length > 0);
  assert.match(run.lost?.message ?? "", /Worker was refused/);
});

for (const [i, canvas] of /** @type {const} */ (["null", "throws"]).entries()) {
  ofTable(i)(`row 8: a canvas that gives no context (${canvas}) costs its pictures, and not the training`, async () => {
    for (const hash of [RING, `${TINY}&device=cpu`]) {
      const page = await open({ canvas }, hash);
      await plays(page);
      await saysOnce(page, /cannot be drawn/);
    }
  });
}

for (const [i, dialog] of /** @type {const} */ (["throws", "missing"]).entries()) {
  ofTable(i)(`row 8: a dialog that cannot open above the page (${dialog}) opens in it, and closes`, async () => {
    const page = await open({ dialog });
    await openDrawer(page, "data");
    await page.click(DRAW);
    await page.waitForSelector("#drawing[open]");
    await page.click("#drawing .cancel");
    await page.waitForSelector("#drawing:not([open])", { state: "attached" });
    await plays(page);
  });
}

test("row 8: drawing goes on where a pointer cannot be captured", async () => {
  const page = await open({ pointerCapture: "throws" });
  await openDrawer(page, "data");
  await page.click(DRAW);
  const box = await page.locator("#drawing canvas").boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 250, box.y + 200, { steps: 10 });
  await page.mouse.up();
  await page.mouse.move(box.x + 300, box.y + 50, { steps: 10 });
  const drawn = Number((await page.locator("#drawing .count").innerText()).replace(/\D/g, ""));
  assert.ok(drawn >= 60, `${drawn} points of a long stroke`);
  await page.click("#drawing .done");
  await until(page, (s) => s.config.data === "drawn");
  await plays(page);
});

for (const [i, faults] of /** @type {Faults[]} */ ([
  { matchMedia: "missing" },
  { matchMedia: "throws" },
  { resizeObserver: "missing" },
  { resizeObserver: "throws" },
  { pixelRatio: null },
  { pixelRatio: 0 },
  { crypto: "throws" },
]).entries()) {
  ofTable(i)(`row 8: nothing is lost where it can be done without (${JSON.stringify(faults)})`, async () => {
    const page = await open(faults);
    await fromMenu(page, "#new-seed");
    await plays(page);
    await until(page, (s) => (s.runs[0].shown ?? 0) > 0);
    const { config, notices } = await stateOf(page);
    assert.notEqual(config.seed, 0);
    assert.deepEqual(notices, []);
  });
}

test("row 8: all at once, as in a sandboxed frame: one note, and a page that trains", async () => {
  const page = await open({
    history: "throws",
    storage: "throws",
    serviceWorker: "throws",
    clipboard: "rejects",
    matchMedia: "throws",
    intl: "everywhere",
    language: "C",
  });
  await fromMenu(page, "#new-seed");
  await plays(page);
  const { notices } = await stateOf(page);
  assert.deepEqual(
    notices.map((n) => n.tone),
    ["note"],
  );
  for (const words of [/address/, /forgotten/, /without a network/]) assert.match(notices[0].text, words);
});

test("row 8: a part of the page that fails unforeseen takes neither the run nor the other parts with it", async () => {
  const page = await open({});
  await page.evaluate(() => {
    Element.prototype.replaceChildren = () => {
      throw new TypeError("not in this browser");
    };
  });
  await fromMenu(page, "#new-seed");
  await plays(page);
  await until(page, (s) => s.notices.some((n) => n.tone === "note" && /part of the page failed/.test(n.text)));
});
