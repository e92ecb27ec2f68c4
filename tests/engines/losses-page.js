// Starts losses.js in a worker and keeps what it tells for the test.
const worker = new Worker(new URL("./losses.js", import.meta.url), { type: "module" });
worker.onmessage = (/** @type {MessageEvent} */ { data }) => Object.assign(window, { told: data });
worker.onerror = (/** @type {ErrorEvent} */ event) =>
  Object.assign(window, { told: { error: event.message || "the worker could not be started" } });
