// Stores the files of the data sets in Cache Storage for the next visit. If the browser refuses, the load goes on
// without storage.

import { forgetAnswer, storeAnswer, storedAnswer } from "./browser.js";

/** Name of the cache; its number is raised when the layout changes. */
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
