// The page side of a measurement: one worker, and a function that the driver calls through it.

/** @typedef {{id: number, result?: any, error?: string}} Answer */

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
/** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
const waiting = new Map();
let calls = 0;

worker.addEventListener("message", ({ data }) => {
  const { id, result, error } = /** @type {Answer} */ (data);
  const call = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) call?.resolve(result);
  else call?.reject(new Error(error));
});
// The worker did not start, or broke outside of any call: nobody will answer.
worker.addEventListener("error", (event) => {
  for (const call of waiting.values()) call.reject(new Error(`worker: ${event.message}`));
  waiting.clear();
});

/** Calls a method of the worker. @param {string} method @param {any} argument @returns {Promise<any>} */
function call(method, argument) {
  return new Promise((resolve, reject) => {
    const id = calls++;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, method, argument });
  });
}

Object.assign(globalThis, { call });
