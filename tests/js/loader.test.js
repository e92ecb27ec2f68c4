import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { LoadError, STALL_MS, loadDataSet } from "../../www/loader.js";

/** @import { DataSetInfo } from "../../www/protocol.js" */

const IDX = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
const file = (/** @type {any} */ part) => ({ part, path: `data/set/${part}.gzip`, bytes: IDX.length, sha256: "x" });
/** @type {DataSetInfo} */
const info = /** @type {any} */ ({ files: [file("train-labels")], fallback: { format: "idx", base: "https://cdn.example/set/" } });

/** @type {Record<string, (signal: AbortSignal) => Response | Promise<Response>>} */
let site = {};
const original = globalThis.fetch;

beforeEach(() => {
  site = {};
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true, writable: true });
  globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ { signal }) => {
    const answer = site[url];
    if (!answer) throw new TypeError("fetch failed");
    return answer(signal);
  });
});
afterEach(() => { globalThis.fetch = original; });

const HERE = "https://here.example/sub/data/set/train-labels.gzip";
const CDN = "https://cdn.example/set/train-labels";

/** @param {AbortSignal} [cancel] @param {(() => void)[]} [push] */
async function load(cancel = new AbortController().signal, push = []) {
  /** @type {number[]} */
  const got = [];
  const log = /** @type {string[]} */ ([]);
  await loadDataSet(info, "https://here.example/sub/index.html", {
    push: (_part, bytes) => { push.forEach((f) => f()); got.push(...bytes); },
    finish: () => { log.push("finish"); },
    has: () => false,
    restart: () => { got.length = 0; },
    progress: (_loaded, _total, source) => { log.push(source); },
  }, cancel);
  return { got, log };
}

const fails = (/** @type {Promise<unknown>} */ promise, /** @type {string} */ kind, /** @type {RegExp} */ words) =>
  assert.rejects(promise, (error) => error instanceof LoadError && error.kind === kind && words.test(error.message));

test("a compressed file beside the page is unpacked", async () => {
  site[HERE] = () => new Response(gzipSync(IDX));
  const { got, log } = await load();
  assert.deepEqual(got, [...IDX]);
  assert.equal(log.at(-1), "finish");
  assert.ok(log.includes("this site"));
});

test("a file that the server has unpacked already is taken as it is", async () => {
  site[HERE] = () => new Response(IDX);
  assert.deepEqual((await load()).got, [...IDX]);
});

test("what is not beside the page comes from the CDN, also where the host answers with its start page", async () => {
  site[CDN] = () => new Response(IDX);
  for (const missing of [() => new Response("", { status: 404 }), () => new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } })]) {
    site[HERE] = missing;
    const { got, log } = await load();
    assert.deepEqual(got, [...IDX]);
    assert.ok(log.includes("a public CDN"));
  }
});

test("not found anywhere, server error, offline and unreachable are four different errors", async () => {
  site[HERE] = site[CDN] = () => new Response("", { status: 404 });
  await fails(load(), "not-found", /404/);
  site[HERE] = () => new Response("", { status: 503 });
  await fails(load(), "http", /503/);
  delete site[HERE];
  await fails(load(), "network", /could not be reached/);
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
  await fails(load(), "offline", /offline/);
});

test("not gzip, and gzip that is cut off or damaged", async () => {
  site[HERE] = () => new Response("hello");
  await fails(load(), "not-gzip", /neither compressed/);
  const whole = gzipSync(IDX);
  site[HERE] = () => new Response(whole.subarray(0, whole.length - 6));
  await fails(load(), "damaged", /damaged/);
});

test("what the parser refuses reaches the user in its own words", async () => {
  site[HERE] = () => new Response(gzipSync(IDX));
  const refusal = Object.assign(new Error("The images in this file are 32x32 pixels."), { kind: "data" });
  await fails(load(undefined, [() => { throw refusal; }]), "data", /32x32/);
});

test("a server that hangs is given up", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    site[HERE] = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const result = fails(load(), "timeout", /sent nothing for 20 seconds/);
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(STALL_MS + 1);
    await result;
  } finally {
    mock.timers.reset();
  }
});

test("cancelling says so", async () => {
  const controller = new AbortController();
  site[HERE] = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const result = fails(load(controller.signal), "cancelled", /cancelled/);
  setImmediate(() => controller.abort());
  await result;
});
