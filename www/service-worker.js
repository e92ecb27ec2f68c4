// Keeps the page for a visit without a network, and for tabs that outlive a deployment; the data sets are kept by
// kept.js. The build puts before this text the list of its files and authentic.js: nothing is stored that is not, to
// the last bit, what the build made.
//
// Every build has a cache of its own. A new build's worker waits until the tabs of the old one are gone, as browsers
// have it by themselves, and only then removes the old cache; pages of the new build run under the old worker
// meanwhile, which knows nothing of their files but finds them in the new cache.
//
// Our own hundred lines because the library for this (Workbox) brings 320 packages to the build.

const worker = /** @type {any} */ (self);
/** @import { Build, BuildFile } from "./authentic.js" */
/** @type {{build: Build, looksRight: typeof import("./authentic.js").looksRight, isRight: typeof import("./authentic.js").isRight}} */
const { build, looksRight: canBe, isRight: is } = worker;
/** @type {string} */
const SCOPE = worker.registration.scope;
/** Of this page, and not of another one on the same host. */
const PREFIX = `counterfeit-page-2 ${new URL(SCOPE).pathname} `;
const CACHE = PREFIX + build.id;
/** All builds before shared one cache, and stored whatever came. */
const UNCHECKED = "counterfeit-page-1";

/** @param {BuildFile} file */
const addressOf = ({ name }) => new URL(name === "index.html" ? "./" : name, SCOPE).href;
const PAGE = addressOf({ name: "index.html", type: "", sha256: "" });
const listed = new Map([...build.files, ...build.onDemand].map((file) => [addressOf(file), file]));

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.url.startsWith(new URL("assets/", SCOPE).href)) {
    event.respondWith(asset(request, (/** @type {Promise<unknown>} */ work) => event.waitUntil(work)));
  }
});

/** Stores what the page needs. What has come stays stored when a file fails: the next visit tries again, and fetches only the rest. */
async function install() {
  await heal();
  const missing = (await Promise.all(build.files.map(async (file) => ((await bring(file)) ? [] : [file.name])))).flat();
  if (missing.length > 0) throw new Error(`not as they were published: ${missing.join(", ")}`);
}

/** Puts a file into this build's cache, from another build's or from the server. @param {BuildFile} file */
async function bring(file) {
  const address = addressOf(file);
  if (await find(address, [CACHE])) return true;
  const older = await find(address);
  if (older && (await is(older.clone(), file))) return store(address, older);
  // What the browser has cached may be an old page, or another bad answer.
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const response = await fetch(address, { cache }).catch(() => null);
    if (response && (await is(response.clone(), file))) return store(address, response);
  }
  return false;
}

/** A full disk is no failure: the page works from the server. @param {string} address @param {Response} response */
async function store(address, response) {
  await caches
    .open(CACHE)
    .then((cache) => cache.put(address, response))
    .catch(() => {});
  return true;
}

/** No tab of an older build is left. */
async function activate() {
  const names = await caches.keys().catch(() => /** @type {string[]} */ ([]));
  await Promise.all(
    names
      .filter((name) => name.startsWith(PREFIX) && name !== CACHE)
      .map((name) => caches.delete(name).catch(() => false)),
  );
  if (names.includes(UNCHECKED)) await heal(() => false);
  // The tab of the first visit too is to outlive a deployment.
  await worker.clients.claim();
}

/** Takes from the unchecked cache what cannot be what its name says. @param {(stored: Response, file: BuildFile) => boolean} [stays] */
async function heal(stays = canBe) {
  try {
    if (!(await caches.has(UNCHECKED))) return;
    const cache = await caches.open(UNCHECKED);
    for (const request of await cache.keys()) {
      if (!request.url.startsWith(SCOPE)) continue;
      const stored = await cache.match(request);
      if (!stored || !stays(stored, { name: "", type: typeOf(request.url), sha256: "" })) await cache.delete(request);
    }
    if ((await cache.keys()).length === 0) await caches.delete(UNCHECKED);
  } catch {
    // A browser that refuses its storage serves nothing bad from it.
  }
}

/** @param {string} address */
function typeOf(address) {
  if (address === PAGE) return "text/html";
  return { js: "text/javascript", css: "text/css" }[address.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}

/** What is stored under an address, by this build first. @param {string} address @param {string[]} [names] @returns {Promise<Response | undefined>} */
async function find(address, names) {
  try {
    for (const name of names ?? [
      CACHE,
      ...(await caches.keys()).filter((other) => other.startsWith(PREFIX) && other !== CACHE),
    ]) {
      const found = await (await caches.open(name)).match(address);
      if (found) return found;
    }
  } catch {
    // As if nothing were stored.
  }
  return undefined;
}

/** The server's page if it can be had, so that nobody is left with an old one: asked for anew, not from the browser's cache. @param {Request} request */
async function page(request) {
  const { url, headers } = request;
  const response = await fetch(url, { cache: "no-cache", credentials: "include", redirect: "manual", headers }).catch(
    () => null,
  );
  if (response && response.status < 500) return response;
  return (await find(PAGE, [CACHE])) ?? response ?? Response.error();
}

/** A name with a hash of its content never changes what it means. @param {Request} request @param {(work: Promise<unknown>) => void} meanwhile */
async function asset(request, meanwhile) {
  const file = listed.get(request.url);
  // Whoever asks like that wants to know what the server has.
  const anew = request.cache === "reload" || request.cache === "no-store";
  const stored = anew ? undefined : await find(request.url);
  if (stored) return stored;
  let response = await fetch(request);
  if (!file) return response;
  if (!anew && !canBe(response, file)) response = await fetch(new Request(request, { cache: "reload" }));
  const copies = [response.clone(), response.clone()];
  meanwhile(is(copies[0], file).then((right) => (right ? store(request.url, copies[1]) : undefined)));
  return response;
}
