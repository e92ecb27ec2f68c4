// What measure.mjs calls in the browser: the parts that need the core run in a worker, as on the page.

import { dispatches } from "./dispatches.js";

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
/** The calls that wait for their answers. @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
const waiting = new Map();
let calls = 0;

worker.onmessage = (/** @type {MessageEvent} */ { data: { id, result, error, line } }) => {
  if (line) return console.log(line);
  const call = waiting.get(id);
  waiting.delete(id);
  if (error) call?.reject(new Error(error));
  else call?.resolve(result);
};
worker.onerror = (/** @type {ErrorEvent} */ { message }) => waiting.forEach(({ reject }) => reject(new Error(message)));

/** A part of worker.js. @param {string} part @param {unknown} [options] @returns {Promise<any>} */
function call(part, options) {
  return new Promise((resolve, reject) => {
    waiting.set(calls, { resolve, reject });
    worker.postMessage({ id: calls++, part, options });
  });
}

Object.assign(globalThis, { call, dispatches });
