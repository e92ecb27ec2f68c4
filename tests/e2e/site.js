// What the end-to-end tests share: the built site behind a plain file server that can be told to misbehave, and a
// browser.

import { createReadStream, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { otherDeployment } from "./deployment.js";
import { faultScript } from "./faults.js";

export const DIST = join(import.meta.dirname, "..", "..", "dist");
/** Any sub-path will do: the site must not mind. */
export const SUB_PATH = "/some/where/";
/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** The script of injected faults; beside the page, because its security policy takes no other. */
const INJECTED = "injected-faults.js";
/** The page's worker, as the build names it. */
const WORKER = /assets\/worker-[^/]*\.js$/;

/** @typedef {(response: import("node:http").ServerResponse) => void} Fault what a server does instead of answering: answers.js */

/**
 * Sends a file; the page and its worker with what is injected into them.
 * @param {import("node:http").ServerResponse} response @param {string} target @param {string} injected
 */
function sendFile(response, target, injected) {
  const type = TYPES[extname(target)] ?? "application/octet-stream";
  if (injected !== "") {
    const text = target.endsWith("index.html")
      ? readFileSync(target, "utf8").replace("<head>", `<head><script src="./${INJECTED}"></script>`)
      : WORKER.test(target)
        ? injected + readFileSync(target, "utf8")
        : null;
    if (text !== null) return response.writeHead(200, { "content-type": type }).end(text);
  }
  response.writeHead(200, { "content-type": type, "content-length": statSync(target).size });
  createReadStream(target).pipe(response);
}

/** Serves dist/ below SUB_PATH. @param {Record<string, string>} [beside] folders to serve beside it, by the name that they get there */
export async function serveSite(beside = {}) {
  if (!existsSync(join(DIST, "index.html"))) throw new Error("there is no dist/: run `make build` first");
  /** What to answer instead of a file, by the end of its address or a pattern. @type {Map<string | RegExp, Fault>} */
  const faults = new Map();
  /** The folders that were deployed after dist/, each in the place of the one before. @type {string[]} */
  const deployments = [];
  let gone = false;
  /** Runs before the page's and its workers' own code. */
  let injected = "";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    if (gone) return request.socket.destroy();
    const fault = [...faults].find(([which]) => (typeof which === "string" ? path.endsWith(which) : which.test(path)));
    if (fault) return fault[1](response);
    if (path.endsWith(`/${INJECTED}`))
      return response.writeHead(200, { "content-type": "text/javascript" }).end(injected);
    const [folder, ...inside] = path.slice(SUB_PATH.length).split("/");
    const name = path.endsWith("/") ? "index.html" : normalize(path.slice(SUB_PATH.length)) || "index.html";
    // The data sets stay as they are from one deployment to the next.
    const deployed = join(name.startsWith("data/") ? DIST : (deployments.at(-1) ?? DIST), name);
    const target = folder in beside ? join(beside[folder], normalize(`/${inside.join("/")}`)) : deployed;
    if (!path.startsWith(SUB_PATH) || !existsSync(target) || !statSync(target).isFile())
      return response.writeHead(404).end();
    sendFile(response, target, injected);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${SUB_PATH}`,
    faults,
    /** Breaks calls of the browser for every page that is opened from now on: see faults.js. @param {import("./faults.js").Faults | null} what */
    inject: (what) => {
      injected = what ? faultScript(what) : "";
    },
    /** Puts another version of the page in the place of the present one, whose files are gone with it. */
    redeploy: () => void deployments.push(otherDeployment(DIST, deployments.length + 1)),
    /** Whether every connection ends without an answer. @param {boolean} now */
    setGone: (now) => {
      gone = now;
    },
    /** Answers rightly again. */
    mend: () => {
      gone = false;
      faults.clear();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
      for (const folder of deployments) rmSync(folder, { recursive: true });
    },
  };
}

/**
 * What Chromium leaves out, as features by name. Without the first four each new window loads the pop-up of an address
 * bar that nobody sees, a web page of its own: a third of what opening ours costs. The rest is what Playwright leaves
 * out of what these tests touch, because the browser takes the last list alone.
 */
const FEATURES_LEFT_OUT = [
  "PreloadTopChromeWebUI",
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "MediaRouter",
  "OptimizationHints",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
];

/** Chromium without a GPU; with `webgpu`, its software adapter. @param {{webgpu?: boolean, hosts?: string[]}} [options] `hosts`: rules of what names of hosts mean */
export function launch({ webgpu = false, hosts = [] } = {}) {
  if (!process.env.CHROME) throw new Error("CHROME must name the browser: run the tests with `make test`");
  return chromium.launch({
    executablePath: process.env.CHROME,
    args: [
      "--no-sandbox",
      // The browser must not look outside by itself.
      `--host-resolver-rules=${["MAP cdn.jsdelivr.net ~NOTFOUND", ...hosts].join(", ")}`,
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      `--disable-features=${FEATURES_LEFT_OUT}`,
      ...(webgpu ? ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"] : []),
    ],
  });
}

/** The default experiment: an address without settings opens another. */
export const MNIST = "#data=mnist";

/** Fast enough for a test: tiny fully connected networks. */
export const TINY = "#family=mlp&g_units=16&d_units=16&batch=16&latent_dim=8&g_norm=none&d_norm=none";

/**
 * A fresh visitor: no cache, no storage, and unless asked for no service worker, whose requests a test could not see. Every complaint
 * of the page is kept.
 * @param {import("playwright-core").Browser} browser @param {string} url
 * @param {import("playwright-core").BrowserContextOptions & {ready?: boolean, cdn?: (route: import("playwright-core").Route) => unknown}} [options]
 *   `ready`: wait until Play can be pressed; `cdn`: what the public CDN answers, which without it cannot be reached
 */
export async function visit(browser, url, { ready = true, cdn, ...options } = {}) {
  // A page of the test before would go on training, and be measured with this one.
  await Promise.all(browser.contexts().map((old) => old.close()));
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: "block",
    ...options,
  });
  // A page with routes has no cache of its own: only where it is needed.
  if (cdn) await context.route("https://cdn.jsdelivr.net/**", cdn);
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A file that a test took away is reported by the browser itself.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  if (ready) await page.waitForSelector("#play:enabled", { timeout: 60_000 });
  return { page, context, complaints };
}

/** The text of one part of the status line. @param {import("playwright-core").Page} page @param {string} part */
export const status = (page, part) => page.locator(`[data-part="${part}"]`).innerText();

/** @param {import("playwright-core").Page} page */
export const stepOf = async (page) => Number((await status(page, "step")).replace(/,/g, ""));

/** What the page holds: run, device, notices, events (www/app/inspect.js). @param {import("playwright-core").Page} page @returns {Promise<import("../../www/app/inspect.js").PageState>} */
export const stateOf = (page) => page.evaluate(() => /** @type {any} */ (window).counterfeit.state);

/**
 * Waits until the page's state is so; the error shows the state that it had instead.
 * @param {import("playwright-core").Page} page @param {(state: import("../../www/app/inspect.js").PageState) => boolean} is @param {number} [timeout]
 */
export async function until(page, is, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const state = await stateOf(page);
    if (is(state)) return state;
    if (Date.now() > end)
      throw new Error(
        `not within ${timeout} ms: ${is}\n${JSON.stringify({ ...state, events: state.events.slice(-12).map((e) => `${e.ms} ${e.change} ${e.run}`) })}`,
      );
    await page.waitForTimeout(50);
  }
}

/** Waits until the run has come this far. @param {import("playwright-core").Page} page @param {number} step */
export const reach = (page, step) =>
  page.waitForFunction(
    (n) => Number(document.querySelector('[data-part="step"]')?.textContent?.replace(/,/g, "")) >= n,
    step,
    { timeout: 120_000, polling: 50 },
  );

/**
 * Pauses, and waits for the batch that was on its way: nothing moves for longer than a batch and its picture take, even on a busy
 * machine. Returns the step where the run stands; fails if it goes on.
 * @param {import("playwright-core").Page} page
 */
export async function pause(page) {
  await page.click("#play");
  for (let before = NaN, still = 0, looks = 0; looks < 300; looks++) {
    const step = await stepOf(page);
    still = step === before ? still + 1 : 0;
    if (still === 6) return step;
    before = step;
    await page.waitForTimeout(100);
  }
  throw new Error("the run goes on, half a minute after it was paused");
}

/** Waits for a complete data set. @param {import("playwright-core").Page} page */
export const loaded = (page) =>
  until(page, (s) => Object.values(s.runs[0].data).some((d) => d.complete && d.available === 60_000), 60_000);

/**
 * Opens the drawer with the settings.
 * @param {import("playwright-core").Page} page @param {string} [part] of the model: "data", "generator" ...
 */
export async function openDrawer(page, part) {
  if (await page.locator("#drawer").isHidden()) await fromMenu(page, "#open-settings");
  await page.waitForSelector("#settings-tab-data");
  if (part) await page.click(`#settings-tab-${part}`);
}

/**
 * The input of a setting, visible in the drawer: in the part that is shown, or found by the search.
 * @param {import("playwright-core").Page} page @param {string} key
 */
export async function showField(page, key) {
  await openDrawer(page);
  const field = page.locator(`#field-${key}`);
  if (!(await field.isVisible())) await page.fill("#settings-search", key.replaceAll("_", " "));
  return field;
}

/**
 * Changes a setting. A drawer that was closed is closed again.
 * @param {import("playwright-core").Page} page @param {string} key @param {string | number} value
 */
export async function setField(page, key, value) {
  const closed = await page.locator("#drawer").isHidden();
  const field = await showField(page, key);
  const tag = await field.evaluate((node) => node.tagName);
  if (tag === "SELECT") await field.selectOption(String(value));
  else if (tag === "SPAN") await field.locator(`input[value="${value}"]`).check();
  else {
    await field.fill(String(value));
    await field.press("Tab");
  }
  if (closed) await page.click("#close-drawer");
}

/** The pixels of a grid, as one string. @param {import("playwright-core").Page} page @param {string} grid */
export const pixels = (page, grid) =>
  page.evaluate(
    (id) =>
      [...document.querySelectorAll(`#${id} canvas`)]
        .map((c) => /** @type {HTMLCanvasElement} */ (c).toDataURL())
        .join(),
    grid,
  );

/** Chooses an experiment in the gallery. @param {import("playwright-core").Page} page @param {string} id */
export async function pickExperiment(page, id) {
  await page.click("#experiment");
  await page.click(`#gallery [data-preset="${id}"]`);
}

/** The id of the experiment that the bar names; empty for own settings. @param {import("playwright-core").Page} page */
export const experimentOf = (page) => page.locator("#experiment").getAttribute("data-preset");

/** @param {import("playwright-core").Page} page @param {"learn" | "charts" | "quality" | "signals"} tab */
export async function openTab(page, tab) {
  // The drawer lies over the tabs.
  if (await page.locator("#drawer").isVisible()) await page.click("#close-drawer");
  await page.click(`#tab-${tab}`);
}

/** Chooses how often to evaluate, and returns to the open tab. @param {import("playwright-core").Page} page @param {"auto" | "100" | "250" | "1000" | "never"} every */
export async function evaluateEvery(page, every) {
  const tab = await page.locator('[role="tab"][aria-selected="true"]').getAttribute("id");
  await openTab(page, "quality");
  await page.selectOption("#measure-every", every);
  await page.click(`#${tab}`);
}

/** Opens a menu, and presses one of its buttons. @param {import("playwright-core").Page} page @param {string} selector of the button */
export async function fromMenu(page, selector) {
  await page
    .locator("details.menu", { has: page.locator(selector) })
    .locator("summary")
    .click();
  await page.click(selector);
}

/** Chooses a device in the menu. @param {import("playwright-core").Page} page @param {"auto" | "cpu" | "webgpu"} device */
export async function chooseDevice(page, device) {
  if (await page.locator("#device").isHidden()) await page.click("#main-menu summary");
  await page.selectOption("#device", device);
  await page.keyboard.press("Escape");
}

/** Opens the panel of slow motion, or of the Dirac-GAN. @param {import("playwright-core").Page} page @param {"walk" | "dirac"} panel */
export async function unfold(page, panel) {
  if (await page.locator("#place-learn").isHidden()) await openTab(page, "learn");
  const details = page.locator(`#${panel}`);
  if ((await details.getAttribute("open")) === null) await details.locator("summary").first().click();
}

/** Opens what is drawn on the plane, if it is folded. @param {import("playwright-core").Page} page */
export const openLayers = (page) =>
  page.evaluate(() => {
    const box = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#plane .side-box"));
    if (box) box.open = true;
  });
