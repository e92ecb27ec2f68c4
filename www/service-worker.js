// Keeps the page for a visit without a network; the data sets are kept by loader.js. The build puts two lists before this text:
// files, all that the page needs to start, and onDemand, what is stored once it has been used.
//
// Our own forty lines because the library for this (Workbox) brings 320 packages to the build.

const worker = /** @type {any} */ (self);
/** @type {{files: string[], onDemand: string[]}} */
const { files, onDemand } = worker.build;
const CACHE = "counterfeit-page-1";
const PAGE = "./";

worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...files])));
});

/** Files of an older build go. */
worker.addEventListener("activate", (/** @type {any} */ event) => {
  const current = new Set([PAGE, ...files, ...onDemand].map((name) => new URL(name, worker.registration.scope).href));
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const stored = await cache.keys();
    await Promise.all(stored.filter(({ url }) => !current.has(url)).map((request) => cache.delete(request)));
  })());
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.url.startsWith(new URL("assets/", worker.registration.scope).href)) event.respondWith(asset(request));
});

/** The server's page if it can be had, so that nobody is left with an old one. @param {Request} request */
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const stored = await caches.match(new URL(PAGE, worker.registration.scope).href);
    if (stored) return stored;
    throw error;
  }
}

/** A name with a hash of its content never changes what it means. @param {Request} request */
async function asset(request) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(request);
  if (stored) return stored;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
