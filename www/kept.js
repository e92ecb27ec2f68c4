// The files of the data sets in Cache Storage, for the next visit. Whatever the browser refuses here, a load goes on
// without it.

import { forgetAnswer, storeAnswer, storedAnswer } from "./browser.js";

/** Bumped when the layout of the cache changes. */
const CACHE = "counterfeit-data-1";

/** @param {string} key @returns {Promise<Response | null>} */
export const takeKept = async (key) => (await storedAnswer(CACHE, key)) ?? null;

/** @param {string} key @param {Uint8Array<ArrayBuffer>[]} chunks */
export async function keep(key, chunks) {
  const body = new Blob(chunks);
  await storeAnswer(CACHE, key, new Response(body, { headers: { "content-length": String(body.size) } }));
}

/** @param {string} key */
export const dropKept = (key) => forgetAnswer(CACHE, key);
