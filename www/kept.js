// The files of the data sets in Cache Storage, for the next visit. The one place that knows that a browser may refuse to store: private
// windows, insecure origins, a full disk, a store that throws or never answers. Whatever happens here, a load goes on without it.

/** Bumped when the layout of the cache changes. */
const CACHE = "counterfeit-data-1";
/** A load waits no longer than this for what it stores; storing goes on by itself. */
const PATIENCE_MS = 2000;

/** @template T @param {(cache: Cache) => Promise<T>} use @returns {Promise<T | null>} null where the browser refuses */
async function withCache(use) {
  try {
    return await use(await caches.open(CACHE));
  } catch {
    return null;
  }
}

/** @param {string} key @returns {Promise<Response | null>} */
export async function takeKept(key) {
  return (await withCache((cache) => cache.match(key))) ?? null;
}

/** @param {string} key @param {Uint8Array<ArrayBuffer>[]} chunks */
export async function keep(key, chunks) {
  const body = new Blob(chunks);
  const response = new Response(body, { headers: { "content-length": String(body.size) } });
  await patient(withCache((cache) => cache.put(key, response)));
}

/** @param {string} key */
export async function dropKept(key) {
  await patient(withCache((cache) => cache.delete(key)));
}

/** @param {Promise<unknown>} work */
async function patient(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  await Promise.race([work, new Promise((resolve) => { timer = setTimeout(resolve, PATIENCE_MS); })]);
  clearTimeout(timer);
}
