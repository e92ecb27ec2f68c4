// Stores the page for visits without a network, and for tabs that stay open during a deployment. The data sets are
// stored by kept.js. The build prepends its list of files and authentic.js to this script; a file is stored only if it
// is byte for byte what the build made.
//
// Every build has its own cache. As usual for service workers, the worker of a new build waits until all tabs of the
// old build are closed, and only then deletes the old cache. Until then the old worker also serves pages of the new
// build: it does not know their files, but finds them in the new cache.
//
// Workbox, the usual library for this, would add 320 packages to the build.

const worker = /** @type {any} */ (self);
/** @import { Build, BuildFile } from "./authentic.js" */
/**
 * @type {{build: Build, looksRight: typeof import("./authentic.js").looksRight, isRight: typeof
 *   import("./authentic.js").isRight}}
 */
const { build, looksRight: canBe, isRight: is } = worker;
/** @type {string} */
const SCOPE = worker.registration.scope;
/** Prefix of the names of this page's caches, so that other pages on the same host are left alone. */
const PREFIX = `counterfeit-page-2 ${new URL(SCOPE).pathname} `;
const CACHE = PREFIX + build.id;
/** The single cache that all earlier builds shared. They stored answers without checking them. */
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

/**
 * Stores the files that the page needs to start. If one fails, the others stay stored, and the next visit downloads
 * only the rest.
 */
async function install() {
  await heal();
  const missing = (await Promise.all(build.files.map(async (file) => ((await bring(file)) ? [] : [file.name])))).flat();
  if (missing.length > 0) throw new Error(`not as they were published: ${missing.join(", ")}`);
}

/** Puts a file into this build's cache, from the cache of another build or from the server. @param {BuildFile} file */
async function bring(file) {
  const address = addressOf(file);
  if (await find(address, [CACHE])) return true;
  const older = await find(address);
  if (older && (await is(older.clone(), file))) return store(address, older);
  // The browser's HTTP cache may hold an old or damaged copy, so a second attempt bypasses it.
  for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
    const response = await fetch(address, { cache }).catch(() => null);
    if (response && (await is(response.clone(), file))) return store(address, response);
  }
  return false;
}

/**
 * Stores a file. A full disk is ignored: the page still works from the server.
 * @param {string} address @param {Response} response
 */
async function store(address, response) {
  await caches
    .open(CACHE)
    .then((cache) => cache.put(address, response))
    .catch(() => {});
  return true;
}

/** Deletes the caches of older builds, which no tab uses any more. */
async function activate() {
  const names = await caches.keys().catch(() => /** @type {string[]} */ ([]));
  await Promise.all(
    names
      .filter((name) => name.startsWith(PREFIX) && name !== CACHE)
      .map((name) => caches.delete(name).catch(() => false)),
  );
  if (names.includes(UNCHECKED)) await heal(() => false);
  // Also takes control of the tab of the first visit, so that this tab survives a deployment too.
  await worker.clients.claim();
}

/**
 * Deletes the entries of the unchecked cache whose content does not fit their name.
 * @param {(stored: Response, file: BuildFile) => boolean} [stays]
 */
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
    // If the browser refuses access to its storage, it serves no damaged copy either.
  }
}

/** @param {string} address */
function typeOf(address) {
  if (address === PAGE) return "text/html";
  return { js: "text/javascript", css: "text/css" }[address.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}

/**
 * The stored answer for an address; the cache of this build is searched first.
 * @param {string} address @param {string[]} [names] @returns {Promise<Response | undefined>}
 */
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
    // A refused search counts as not found.
  }
  return undefined;
}

/**
 * Answers with the server's current page, revalidated past the HTTP cache, so that no visitor stays on an old version.
 * If the server cannot be reached or fails, answers with the stored page.
 * @param {Request} request
 */
async function page(request) {
  const { url, headers } = request;
  const response = await fetch(url, { cache: "no-cache", credentials: "include", redirect: "manual", headers }).catch(
    () => null,
  );
  if (response && response.status < 500) return response;
  return (await find(PAGE, [CACHE])) ?? response ?? Response.error();
}

/**
 * Answers with the stored file. Its name contains a hash of its content, so the content never changes.
 * @param {Request} request @param {(work: Promise<unknown>) => void} meanwhile
 */
async function asset(request, meanwhile) {
  const file = listed.get(request.url);
  // A request with this cache mode asks for the server's answer.
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
