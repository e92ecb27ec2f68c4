// Row 6: a page, and what its service worker has stored, outlive deployments, bad answers and a network that comes and
// goes.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { bytes, cut, html, reset, status } from "./answers.js";
import { long, ofTable } from "./long.js";
import { DIST, TINY, chooseDevice, launch, openDrawer, serveSite, stateOf, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("../../www/app/inspect.js").PageState} PageState */

/** @type {import("playwright-core").Browser} */
let browser;
/** A site of its own for each test: what is stored belongs to an address. @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  site.close();
});

const RING = "#data=ring";
const WORKER = /assets\/worker-[^/]*\.js$/;
const WASM = /\.wasm$/;
const wasm = () =>
  readFileSync(join(DIST, "assets", readdirSync(join(DIST, "assets")).find((name) => WASM.test(name)) ?? ""));

const isReady = (/** @type {PageState} */ { runs: [run] }) => run.device !== null && run.alive && run.config !== null;
const notice =
  (/** @type {RegExp} */ text) =>
  (/** @type {PageState} */ { notices }) =>
    notices.some((n) => text.test(n.text));

/** A page of a new site, with its service worker in charge and everything stored, or without one. @param {{stored?: boolean, hash?: string}} [options] */
async function open({ stored = false, hash = RING } = {}) {
  site = await serveSite();
  const visited = await visit(browser, site.url + hash, { serviceWorkers: stored ? "allow" : "block" });
  if (stored) await inCharge(visited.page);
  return visited;
}

/** Waits until the page has a service worker that answers for it. @param {Page} page */
const inCharge = (page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", null, { timeout: 60_000 });

/** Starts the run's worker anew, after it has broken down. @param {Page} page */
async function startAgain(page) {
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error("The worker broke down.");
    });
  });
  await until(page, (s) => s.runs[0].lost !== null);
  await press(page, "Start again");
}

/** @param {Page} page */
const mainScript = (page) => page.evaluate(() => document.querySelector("script[type=module]")?.getAttribute("src"));

/** Names, under assets/ too, and types of what is stored of the page. @param {Page} page @returns {Promise<{cache: string, url: string, type: string}[]>} */
const storedOf = (page) =>
  page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      if (!name.startsWith("counterfeit-page")) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        found.push({
          cache: name,
          url: request.url,
          type: (await cache.match(request))?.headers.get("content-type") ?? "",
        });
      }
    }
    return found;
  });

/** Waits until a question about the service worker is answered with yes. @param {Page} page @param {() => Promise<boolean>} question runs in the page */
async function untilStored(page, question) {
  // Not waitForFunction, which takes a promise for a yes.
  for (const end = Date.now() + 120_000; !(await page.evaluate(question)); await page.waitForTimeout(100)) {
    assert.ok(Date.now() < end, `not within 2 minutes: ${question}`);
  }
}

/**
 * Visits until the newest worker is active and alone with its cache. A browser replaces a worker when it has noticed
 * that the last tab is gone: a tab that is opened before that is still the old worker's, so that one visit may not do.
 * @param {import("playwright-core").BrowserContext} context @returns {Promise<Page>}
 */
async function visitUntilClean(context) {
  const isClean = async () => {
    const all = await navigator.serviceWorker.getRegistration();
    const stored = (await caches.keys()).filter((name) => name.startsWith("counterfeit-page"));
    return all?.active?.state === "activated" && !all.waiting && !all.installing && stored.length === 1;
  };
  const found = [];
  for (let visits = 0; visits < 5; visits++) {
    const page = await context.newPage();
    await page.goto(site.url + RING);
    await until(page, isReady);
    for (const end = Date.now() + 10_000; Date.now() < end; await page.waitForTimeout(100)) {
      if (await page.evaluate(isClean)) return page;
    }
    found.push(
      await page.evaluate(async () => {
        const all = await navigator.serviceWorker.getRegistration();
        return [all?.active?.state, all?.waiting?.state, all?.installing?.state, ...(await caches.keys())];
      }),
    );
    await page.close();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`not clean after five visits: ${JSON.stringify(found)}`);
}

/** Presses what a notice offers. @param {Page} page @param {string} label */
const press = (page, label) => page.getByRole("button", { name: label, exact: true }).first().click();

long(
  "row 6: a tab whose files are stored outlives two deployments, and so does a second one that was reloaded in between",
  async () => {
    const { page, context } = await open({ stored: true });
    const first = await mainScript(page);
    site.redeploy();
    const second = await context.newPage();
    await second.goto(site.url + RING);
    await until(second, isReady);
    const between = await mainScript(second);
    assert.notEqual(between, first, "the new page");
    // Its worker has stored the new files and waits, because the old tab is there.
    await untilStored(
      second,
      async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state === "installed",
    );
    site.redeploy();
    for (const tab of [page, second]) {
      await startAgain(tab);
      await until(tab, isReady);
      assert.deepEqual((await stateOf(tab)).notices, []);
    }
    assert.equal(await mainScript(page), first);
    // The old ones are removed once nobody needs them. The third tab may still be answered by the worker of the one
    // before it.
    await Promise.all([page.close(), second.close()]);
    const third = await context.newPage();
    await third.goto(site.url + RING);
    await until(third, isReady);
    await untilStored(third, async () => {
      const all = await navigator.serviceWorker.getRegistration();
      return (
        all?.active?.state === "activated" &&
        !all.installing &&
        (await caches.keys()).filter((name) => name.startsWith("counterfeit-page")).length <= 2
      );
    });
    await third.close();
    const last = await visitUntilClean(context);
    const now = (await mainScript(last))?.slice(2) ?? "?";
    assert.ok((await storedOf(last)).some(({ url }) => url.endsWith(now)));
  },
);

test("row 6: the tab of the very first visit outlives a deployment too", async () => {
  const { page } = await open({ stored: true });
  site.redeploy();
  await startAgain(page);
  await until(page, isReady);
  assert.deepEqual((await stateOf(page)).notices, []);
});

test("row 6: where nothing is stored, a deployment under an open tab is called an update, and a reload goes on", async () => {
  const { page } = await open();
  const first = await mainScript(page);
  site.redeploy();
  await startAgain(page);
  const { notices, config } = await until(page, notice(/This page was updated/));
  assert.equal(notices.length, 1);
  assert.doesNotMatch(notices[0].text, /Chrome/);
  assert.deepEqual(notices[0].actions, ["Reload"]);
  await Promise.all([page.waitForEvent("load"), press(page, "Reload")]);
  const now = await until(page, isReady);
  assert.deepEqual(now.notices, []);
  assert.deepEqual(now.config, config);
  assert.notEqual(await mainScript(page), first);
});

test("row 6: a comparison begun after a deployment: A is kept, and the update is named", async () => {
  const { page } = await open();
  site.redeploy();
  await page.evaluate(() => {
    location.hash += "&b.d_lr=0.01";
  });
  const { notices, runs } = await until(page, notice(/This page was updated/));
  assert.equal(runs[0].lost, null);
  assert.deepEqual(notices.at(-1)?.actions, ["Reload", "End the comparison, keep A"]);
});

test("row 6: offline is called offline, and the run starts by itself once the network is back", async () => {
  const { page, context } = await open();
  await context.setOffline(true);
  await startAgain(page);
  const { notices } = await until(page, notice(/This device is offline/));
  assert.doesNotMatch(notices[0].text, /Chrome|Failed to fetch/);
  assert.deepEqual(notices[0].actions, ["Try again"]);
  await context.setOffline(false);
  assert.deepEqual((await until(page, isReady)).notices, []);
});

test("row 6: offline, images cannot be asked for from a worker that is not there; back online they come", async () => {
  const { page, context } = await open({ hash: TINY });
  // The drawer's parts come when it is opened, or some seconds after the start.
  await openDrawer(page, "data");
  await context.setOffline(true);
  await startAgain(page);
  await until(page, notice(/This device is offline/));
  await page.locator(".data-set.chosen button").click();
  const { runs } = await until(page, ({ runs: [run] }) => run.data.mnist !== undefined);
  assert.equal(runs[0].data.mnist.loading, false, "nothing is being asked for");
  await context.setOffline(false);
  await until(page, ({ runs: [run] }) => run.data.mnist?.complete === true);
});

test("row 6: a server that is gone is called that, and trying again mends it once it is back", async () => {
  const { page } = await open();
  site.setGone(true);
  await startAgain(page);
  const { notices } = await until(page, notice(/127\.0\.0\.1:\d+, where this page came from, cannot be reached/));
  assert.deepEqual(notices[0].actions, ["Try again"]);
  site.mend();
  await press(page, "Try again");
  assert.deepEqual((await until(page, isReady)).notices, []);
});

test("row 6: with everything stored, neither a server that is gone nor a reload without it is noticed", async () => {
  const { page } = await open({ stored: true });
  site.setGone(true);
  await startAgain(page);
  await until(page, isReady);
  await page.reload();
  assert.deepEqual((await until(page, isReady)).notices, []);
});

test("row 6: an error of the server on the page's own address gives way to the stored page", async () => {
  const { page } = await open({ stored: true });
  site.faults.set(/\/$/, status(503));
  await page.reload();
  await until(page, isReady);
});

/** @type {[string, RegExp, () => import("./site.js").Fault, RegExp][]} */
const BAD = [
  ["a web page under the worker's name", WORKER, () => html(), /worker-[^/]*\.js \(sent as text\/html\)/],
  [
    "a core that is cut off on the way",
    WASM,
    () => cut(wasm(), 100_000, "application/wasm"),
    /\.wasm \((altered or cut off|cannot be reached)\)/,
  ],
  ["a worker that is gone although the page is the same", WORKER, () => status(404), /worker-[^/]*\.js \(error 404\)/],
  [
    "a web page under a script's name",
    /counterfeit-[^/]*\.js$/,
    () => html(),
    /counterfeit-[^/]*\.js \(sent as text\/html\)/,
  ],
  ["a web page under the core's name", WASM, () => html(), /\.wasm \(sent as text\/html\)/],
  ["error 503 for the core", WASM, () => status(503), /\.wasm \(error 503\)/],
  [
    "a core that was published cut off",
    WASM,
    () => bytes(wasm().subarray(0, 100_000), "application/wasm"),
    /\.wasm \(altered or cut off\)/,
  ],
  ["a reset connection for the core", WASM, () => reset, /\.wasm \(cannot be reached\)/],
];

for (const [i, [name, which, fault, words]] of BAD.entries()) {
  ofTable(i, 2)(`row 6: ${name} is named, nothing of it is stored, and trying again mends it`, async () => {
    site = await serveSite();
    site.faults.set(which, fault());
    const { page } = await visit(browser, site.url + RING, { serviceWorkers: "allow", ready: false });
    const { notices } = await until(page, notice(/does not send the page as it was built/));
    assert.match(notices[0].text, words);
    assert.deepEqual(notices[0].actions, ["Try again"]);
    assert.deepEqual(
      (await storedOf(page)).filter(({ url }) => which.test(url)),
      [],
    );
    site.mend();
    await press(page, "Try again");
    assert.deepEqual((await until(page, isReady)).notices, []);
    // The installation is tried again in the same visit.
    await inCharge(page);
    assert.ok((await storedOf(page)).some(({ url }) => which.test(url)));
  });
}

test("row 6: a bad answer that the browser itself has cached for a year is replaced without a click", async () => {
  site = await serveSite();
  site.faults.set(WORKER, (response) => {
    site.faults.delete(WORKER);
    html({ "cache-control": "public, max-age=31536000, immutable" })(response);
  });
  const { page } = await visit(browser, site.url + RING);
  assert.deepEqual((await until(page, isReady)).notices, []);
});

/** The service worker of the version before, which stored whatever was sent. @param {string[]} files */
const before1 = (files) => `
const CACHE = "counterfeit-page-1";
self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(["./", ...${JSON.stringify(files)}])));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" || !request.url.includes("/assets/")) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    const stored = await cache.match(request);
    if (stored) return stored;
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  })());
});`;

test("row 6: a web page that the version before has stored under the worker's name is thrown out by itself", async () => {
  site = await serveSite();
  const files = readdirSync(join(DIST, "assets")).map((name) => `assets/${name}`);
  site.faults.set(WORKER, html());
  site.faults.set("service-worker.js", bytes(before1(files), "text/javascript"));
  const { page } = await visit(browser, site.url + RING, { serviceWorkers: "allow", ready: false });
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  assert.ok(
    (await storedOf(page)).some(({ url, type }) => WORKER.test(url) && type === "text/html"),
    "stored, as it was",
  );
  site.mend();
  await page.reload();
  assert.deepEqual((await until(page, isReady)).notices, []);
  assert.ok(!(await storedOf(page)).some(({ url, type }) => url.includes("/assets/") && type === "text/html"));
});

test("row 6: the login page of a network is passed on, not stored as the page, and named where it stands for the worker", async () => {
  const { page } = await open({ stored: true });
  site.faults.set(/./, html());
  await page.reload();
  assert.match(await page.innerText("body"), /Accept our terms/);
  site.setGone(true);
  await page.reload();
  assert.deepEqual((await until(page, isReady)).notices, []);
});

test("row 6: the login page of a network in the place of everything is called that", async () => {
  const { page } = await open();
  site.faults.set(/./, html());
  await startAgain(page);
  await until(page, notice(/Something answers in the place of 127\.0\.0\.1/));
  site.mend();
  await press(page, "Try again");
  assert.deepEqual((await until(page, isReady)).notices, []);
});

for (const [i, [name, fault]] of /** @type {[string, import("./site.js").Fault][]} */ ([
  ["a web page", html()],
  ["gone", status(404)],
  ["a server's error", status(500)],
]).entries()) {
  ofTable(i)(`row 6: a service worker that is ${name} at the next visit leaves the old one in charge`, async () => {
    const { page } = await open({ stored: true });
    site.faults.set("service-worker.js", fault);
    await page.reload();
    await until(page, isReady);
    site.setGone(true);
    await page.reload();
    assert.deepEqual((await until(page, isReady)).notices, []);
  });
}

test("row 6: an answer after a redirection is used and not stored", async () => {
  site = await serveSite();
  site.faults.set(/preview\.bin$/, status(404));
  const name = readdirSync(join(DIST, "assets")).find((file) => /\.css$/.test(file));
  site.faults.set(/\.css$/, (response) => {
    response.writeHead(302, { location: "../style" }).end();
  });
  site.faults.set(/\/style$/, bytes(readFileSync(join(DIST, "assets", name ?? "")), "text/css"));
  const { page } = await visit(browser, site.url + RING, { serviceWorkers: "allow" });
  await untilStored(page, async () => (await caches.keys()).some((cache) => cache.startsWith("counterfeit-page-2")));
  await untilStored(page, async () => !(await navigator.serviceWorker.getRegistration())?.installing);
  assert.ok(!(await storedOf(page)).some(({ url }) => url.endsWith(".css")));
  assert.deepEqual((await stateOf(page)).notices, []);
});

/** @param {string} name */
const classifier = (name) =>
  readFileSync(
    join(DIST, "assets", readdirSync(join(DIST, "assets")).find((file) => file.startsWith(`${name}-`)) ?? ""),
  );
const CLASSIFIER = /mnist-[^/]*\.bin$/;

/** Trains until a measurement is due. @param {Page} page */
async function trainToMeasure(page) {
  await until(page, ({ runs: [run] }) => run.data.mnist?.complete === true, 60_000);
  await page.click("#play");
  await until(page, ({ runs: [run] }) => run.step > 60, 60_000);
}

for (const [i, [name, fault]] of /** @type {[string, () => import("./site.js").Fault][]} */ ([
  ["a web page", () => html()],
  ["error 503", () => status(503)],
  ["a file that is cut off", () => bytes(classifier("mnist").subarray(0, 9999))],
  ["a reset connection", () => reset],
]).entries()) {
  ofTable(i)(`row 6: ${name} once in the place of a classifier is noticed by nobody`, async () => {
    site = await serveSite();
    site.faults.set(CLASSIFIER, (response) => {
      site.faults.delete(CLASSIFIER);
      fault()(response);
    });
    const { page } = await visit(browser, site.url + TINY);
    await trainToMeasure(page);
    assert.deepEqual(
      (await until(page, ({ events }) => events.some(({ change }) => change === "evaluation"), 60_000)).notices,
      [],
    );
  });
}

long("row 6: a classifier that arrives wrong is named, training goes on, and measuring again mends it", async () => {
  const { page } = await open({ hash: TINY });
  site.faults.set(CLASSIFIER, html());
  await trainToMeasure(page);
  const { notices, runs } = await until(page, notice(/classifier/), 60_000);
  assert.match(notices[0].text, /mnist-[^/]*\.bin \(sent as text\/html\)\. Training goes on\./);
  assert.deepEqual(notices[0].actions, ["Measure again"]);
  await until(page, ({ runs: [run] }) => run.step > runs[0].step);
  site.mend();
  await press(page, "Measure again");
  await until(
    page,
    ({ notices: left, events }) => left.length === 0 && events.some(({ change }) => change === "evaluation"),
    60_000,
  );
});

test("row 6: a classifier that a deployment has taken away is called an update; training goes on", async () => {
  const { page } = await open({ hash: TINY });
  await until(page, ({ runs: [run] }) => run.data.mnist?.complete === true, 60_000);
  site.redeploy();
  await trainToMeasure(page);
  const { notices, runs } = await until(
    page,
    notice(/This page was updated.*Training goes on\. Reload to measure/),
    60_000,
  );
  assert.deepEqual(notices[0].actions, ["Reload"]);
  await until(page, ({ runs: [run] }) => run.step > runs[0].step);
});

long("row 6: offline, a classifier is fetched by itself once the network is back", async () => {
  const { page, context } = await open({ hash: TINY });
  await until(page, ({ runs: [run] }) => run.data.mnist?.complete === true, 60_000);
  await context.setOffline(true);
  await trainToMeasure(page);
  await until(page, notice(/classifier .*(offline|cannot be reached)/), 60_000);
  await context.setOffline(false);
  await until(page, ({ events }) => events.some(({ change }) => change === "evaluation"), 60_000);
});

/** A page on the CPU, in a browser with a software GPU, with everything stored but the GPU's bundle. @param {import("playwright-core").Browser} gpu */
async function openOnCpu(gpu) {
  site = await serveSite();
  const { page } = await visit(gpu, `${site.url}#data=ring&device=cpu`, { serviceWorkers: "allow" });
  await inCharge(page);
  const { onDemand } = JSON.parse(readFileSync(join(DIST, "build.json"), "utf8"));
  assert.equal(onDemand.length, 1);
  return { page, bundle: onDemand[0].name };
}

test("row 6: the GPU's bundle, first wished for after a deployment, is called an update", async () => {
  const gpu = await launch({ webgpu: true });
  try {
    const { page } = await openOnCpu(gpu);
    site.redeploy();
    await chooseDevice(page, "webgpu");
    const { notices } = await until(page, notice(/This page was updated/));
    assert.deepEqual(notices[0].actions, ["Reload"]);
  } finally {
    await gpu.close();
  }
});

test("row 6: the GPU's bundle, used once, is stored and outlives a deployment", async () => {
  const gpu = await launch({ webgpu: true });
  try {
    const { page, bundle } = await openOnCpu(gpu);
    await chooseDevice(page, "webgpu");
    await until(page, isReady, 120_000);
    for (
      const end = Date.now() + 30_000;
      !(await storedOf(page)).some(({ url }) => url.endsWith(bundle));
      await page.waitForTimeout(100)
    )
      assert.ok(Date.now() < end);
    site.redeploy();
    const length = await page.evaluate(async (name) => (await (await fetch(name)).arrayBuffer()).byteLength, bundle);
    assert.equal(length, readFileSync(join(DIST, bundle)).length);
  } finally {
    await gpu.close();
  }
});

for (const [i, [name, fault, words]] of /** @type {[string, import("./site.js").Fault, RegExp][]} */ ([
  ["a web page", html(), /sent as text\/html/],
  ["gone", status(404), /error 404/],
]).entries()) {
  ofTable(i)(`row 6: the GPU's bundle is ${name}: it is named, and trying again mends it`, async () => {
    const gpu = await launch({ webgpu: true });
    try {
      site = await serveSite();
      const { onDemand } = JSON.parse(readFileSync(join(DIST, "build.json"), "utf8"));
      assert.equal(onDemand.length, 1);
      site.faults.set(onDemand[0].name, fault);
      const { page } = await visit(gpu, `${site.url}#data=ring&device=webgpu`, { ready: false });
      const { notices } = await until(page, notice(/does not send the page as it was built/));
      assert.match(notices[0].text, words);
      site.mend();
      await press(page, "Try again");
      await until(page, isReady);
    } finally {
      await gpu.close();
    }
  });
}

test("a part of the page whose code does not arrive is said so, the run goes on, and it comes when asked again", async () => {
  site = await serveSite();
  site.faults.set(/assets\/view-[^/]*\.js$/, status(503));
  const { page } = await visit(browser, `${site.url}#data=ring`);
  await page.click("#play");
  await page.click("#tab-charts");
  const { notices, playing } = await until(page, notice(/“Losses” could not be loaded; the training goes on/));
  assert.ok(playing);
  assert.ok(notices.some(({ actions }) => actions.includes("Reload")));
  site.mend();
  await page.reload();
  await page.click("#tab-charts");
  await page.locator("#losses .u-legend").waitFor();
});
