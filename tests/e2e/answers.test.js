// Row 5 of the fault list: what the page shows of a run is what the core has answered; a pick is a new run, and the run
// before can be gone back to.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  MNIST,
  TINY,
  chooseDevice,
  launch,
  openDrawer,
  openTab,
  pause,
  pickExperiment,
  reach,
  serveSite,
  setField,
  showField,
  stateOf,
  until,
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

test("row 5: a loss that is refused in the middle of a run is taken back everywhere, and later edits are taken", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}`);
  await page.click("#play");
  await reach(page, 5);
  await setField(page, "objective", "began");
  const refused = await until(page, (s) => s.notices.some((n) => n.kind === "refused"));
  assert.equal(refused.config.objective, "non-saturating", "the form");
  assert.equal(refused.runs[0].config?.objective, "non-saturating", "the run");
  assert.doesNotMatch(refused.hash, /began/, "the address");
  assert.equal(refused.playing, true, "the run goes on");
  await setField(page, "g_lr", "0.004");
  const taken = await until(page, (s) => s.runs[0].config?.g_lr === 0.004);
  assert.deepEqual(taken.notices, [], "the notice goes with the next edit that is taken");
  await reach(page, taken.runs[0].step + 5);
});

test("row 5: a whole number out of a combination is refused by its own answer, whatever else is on its way", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}`);
  await page.click("#play");
  await reach(page, 2);
  await openDrawer(page);
  // Both edits before either is answered: the first is refused, the second is not.
  await page.evaluate(() => {
    const set = (/** @type {string} */ id, /** @type {string} */ value) => {
      const field = /** @type {HTMLInputElement} */ (document.getElementById(id));
      field.value = value;
      field.dispatchEvent(new Event("change"));
    };
    set("field-objective", "began");
    set("field-d_lr", "0.003");
  });
  const state = await until(page, (s) => s.runs[0].config?.d_lr === 0.003 && s.config.objective === "non-saturating");
  assert.equal(state.config.d_lr, 0.003);
});

test("row 5: a refused new run leaves the one before as it was, and the form keeps what is to be mended", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}`);
  await page.click("#play");
  await reach(page, 20);
  const step = await pause(page);
  await setField(page, "pack", "3");
  await page.click("#restart");
  const state = await until(page, (s) => s.notices.some((n) => n.kind === "refused"));
  assert.equal(state.runs[0].step, step);
  assert.equal(state.runs[0].config?.pack, 1);
  assert.equal(state.config.pack, 3);
  assert.ok(state.runs[0].losses > 0, "its curves");
  await page.click("#step");
  await until(page, (s) => s.runs[0].step === step + 1);
  await setField(page, "pack", "4");
  await page.click("#restart");
  await until(page, (s) => s.runs[0].config?.pack === 4 && s.runs[0].step === 0);
});

test("row 5: a device that is typed into the address of an open page is taken", async () => {
  const { page } = await visit(browser, site.url + TINY);
  await page.evaluate(() => {
    location.hash += "&device=cpu";
  });
  const state = await until(page, (s) => s.devicePreference === "cpu" && s.runs[0].device !== null);
  assert.match(state.hash, /device=cpu/);
  assert.match(page.url(), /device=cpu/);
  assert.match(state.runs[0].device?.why ?? "", /You chose the CPU/);
});

test("row 5: README's path on a first visit: choose MNIST, and press Play: MNIST is trained", async () => {
  const { page } = await visit(browser, site.url);
  await until(page, (s) => s.runs[0].step > 5 && s.playing);
  await openDrawer(page, "data");
  await page.locator(".data-set", { hasText: "MNIST" }).first().locator("input").check();
  const picked = await until(page, (s) => s.runs[0].config?.data === "mnist");
  assert.equal(picked.runs[0].step, 0, "a new run, shown as such");
  assert.equal(picked.preset, "dcgan", "with settings of its own");
  assert.equal(picked.playing, false, "which waits for Play");
  assert.ok(await page.locator("#waiting").isHidden(), "nothing waits for a restart");
  await page.click("#play");
  const trained = await until(page, (s) => s.runs[0].step >= 3, 60_000);
  assert.equal(trained.runs[0].config?.data, "mnist");
  assert.equal(trained.runs[0].config?.g_lr, trained.config.g_lr);
});

test("row 5: the run before is one undo away, as it was, and so is the one that it replaces", async () => {
  const { page, complaints } = await visit(browser, `${site.url}${TINY}`);
  await page.click("#play");
  await reach(page, 60);
  const step = await pause(page);
  const before = await until(page, (s) => s.runs[0].shown === step || s.runs[0].shown !== null);
  await pickExperiment(page, "ring");
  const ring = await until(page, (s) => s.runs[0].config?.data === "ring" && s.runs[0].device !== null);
  assert.equal(ring.before?.step, step);
  await page.click("#play");
  await until(page, (s) => s.runs[0].step >= 30);
  await page.click("#back");
  const back = await until(page, (s) => s.runs[0].config?.data === "mnist");
  assert.equal(back.runs[0].step, step);
  assert.equal(back.runs[0].losses, before.runs[0].losses);
  assert.equal(back.config.g_units, 16, "the form shows its settings");
  assert.match(back.hash, /g_units=16/);
  assert.equal(back.playing, false);
  await page.click("#step");
  await until(page, (s) => s.runs[0].step === step + 1);
  await page.click("#back");
  const again = await until(page, (s) => s.runs[0].config?.data === "ring");
  assert.ok(again.runs[0].step >= 30);
  assert.deepEqual(complaints, []);
});

test("row 5: a run that stood aside goes on bit for bit as one that did not", async () => {
  /** @param {boolean} aside */
  const losses = async (aside) => {
    const { page } = await visit(browser, `${site.url}${TINY}&seed=3`);
    await until(page, (s) => s.runs[0].data.mnist?.complete === true, 60_000);
    const step = async () => {
      const {
        runs: [{ step: at }],
      } = await stateOf(page);
      await page.click("#step");
      await until(page, (s) => s.runs[0].step === at + 1);
    };
    for (let i = 0; i < 5; i++) await step();
    if (aside) {
      await pickExperiment(page, "ring");
      await until(page, (s) => s.runs[0].config?.data === "ring");
      await page.click("#back");
      await until(page, (s) => s.runs[0].config?.data === "mnist" && s.runs[0].step === 5);
    }
    for (let i = 0; i < 5; i++) await step();
    await openTab(page, "charts");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-csv")]);
    const { readFileSync } = await import("node:fs");
    return readFileSync(await download.path(), "utf8");
  };
  assert.equal(await losses(true), await losses(false));
});

test("row 5: picking while comparing or choosing touches no run, and a device is a run that can be undone", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}`);
  await page.click("#play");
  await reach(page, 20);
  const step = await pause(page);
  await chooseDevice(page, "cpu");
  const cpu = await until(
    page,
    (s) => s.devicePreference === "cpu" && s.runs[0].device !== null && s.runs[0].step === 0,
  );
  assert.equal(cpu.before?.step, step);
  await page.click("#back");
  await until(page, (s) => s.runs[0].step === step);
  await page.click("#compare");
  await pickExperiment(page, "ring");
  const choosing = await stateOf(page);
  assert.equal(choosing.runs[0].step, step);
  assert.equal(choosing.choosing, true);
});

test("row 5: MNIST chosen again after a density has its images again", async () => {
  const { page } = await visit(browser, site.url + MNIST);
  await until(page, (s) => s.runs[0].data.mnist?.complete === true, 60_000);
  for (let i = 0; i < 2; i++) {
    await pickExperiment(page, "ring");
    await until(page, (s) => s.runs[0].config?.data === "ring");
    // A second density: the run on images is no longer kept, nor are the images.
    await page.click("#step");
    await until(page, (s) => s.runs[0].step === 1);
    await pickExperiment(page, "moons");
    await until(page, (s) => s.runs[0].config?.data === "moons");
  }
  await pickExperiment(page, "goodfellow");
  await until(page, (s) => s.runs[0].config?.data === "mnist");
  await page.click("#play");
  await until(page, (s) => s.runs[0].step >= 2, 60_000);
});

test("a notice about an address goes with the address", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`);
  for (const leave of [
    () =>
      page.evaluate(() => {
        location.hash = "data=normal";
      }),
    () => pickExperiment(page, "moons"),
  ]) {
    await page.evaluate(() => {
      location.hash = "data=ring&g_lr=x";
    });
    await until(page, (s) => s.notices.some((n) => n.kind === "address"));
    await leave();
    await until(page, (s) => s.notices.length === 0);
  }
});

test("row 5: what is being typed, or still wrong, stays when another change is answered", async () => {
  const { page } = await visit(browser, `${site.url}${TINY}`);
  await openDrawer(page, "training");
  const batch = page.locator("#field-batch");
  await setField(page, "batch", "-5");
  const units = await showField(page, "g_units");
  await units.fill("24");
  // An address that is typed into an open page is a change beside the form.
  for (const rate of [0.004, 0.005]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `${TINY}&g_lr=${rate}`);
    await until(page, (s) => s.config.g_lr === rate);
    assert.equal(await page.locator("#field-g_lr").inputValue(), String(rate));
    assert.equal(await units.inputValue(), "24", "what is being typed");
    assert.equal(await batch.inputValue(), "-5", "what is still to be corrected");
    assert.equal(await batch.getAttribute("aria-invalid"), "true");
  }
  await units.press("Tab");
  await until(page, (s) => s.config.g_units === 24);
  await setField(page, "batch", "16");
  assert.equal(await batch.getAttribute("aria-invalid"), null);
});
