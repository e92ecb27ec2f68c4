// Row 7: the second source of Fashion-MNIST is ten files of another form, which are fetched and converted in the
// browser.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { LoadError, STALL_MS, loadDataSet } from "../../www/data/loader.js";

/** @import { DataSetInfo, Part } from "../../www/protocol.js" */

const PARTS = /** @type {Part[]} */ (["train-images", "train-labels", "test-images", "test-labels"]);
const BASE = "https://cdn.example/clothes/";
const PAGE = "https://here.example/";
/** @type {DataSetInfo} */
const info = /** @type {any} */ ({
  files: PARTS.map((part) => ({ part, path: `data/${part}.gzip`, bytes: 1, sha256: "x" })),
  fallback: { format: "json-by-class", base: BASE },
});

const IMAGE = `[${"0,".repeat(783)}0]`;
/** A class whose images begin with its number. @param {number} label */
const classFile = (label, count = 7000) =>
  Buffer.from(`{"data":[[],${`${IMAGE.replace("0", String(label))},`.repeat(count).slice(0, -1)}]}`);

/** @type {Record<string, (signal: AbortSignal) => Response | Promise<Response>>} */
let answers = {};
let asked = /** @type {string[]} */ ([]);
const original = globalThis.fetch;

beforeEach(() => {
  asked = [];
  answers = Object.fromEntries(
    Array.from({ length: 10 }, (_, c) => [`${BASE}${c}.json`, () => new Response(classFile(c))]),
  );
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true, writable: true });
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {any} */ { signal }) => {
      asked.push(url);
      if (!answers[url]) return new Response("", { status: 403 });
      return answers[url](signal);
    }
  );
});
afterEach(() => {
  globalThis.fetch = original;
});

/** The classes that were asked for. */
const askedOf = () => asked.filter((url) => url.startsWith(BASE)).map((url) => Number(url.at(BASE.length)));

/** A sink that believes everything. @param {Part[]} [here] parts that have arrived already */
function sink(here = []) {
  const lengths = /** @type {Record<string, number>} */ ({});
  const done = /** @type {string[]} */ ([...here]);
  const progress = /** @type {[number, number, string][]} */ ([]);
  return {
    lengths,
    done,
    progress,
    push: (/** @type {Part} */ part, /** @type {Uint8Array} */ bytes) => {
      lengths[part] = (lengths[part] ?? 0) + bytes.length;
    },
    finish: (/** @type {Part} */ part) => {
      done.push(part);
    },
    has: (/** @type {Part} */ part) => done.includes(part),
    restart: (/** @type {Part} */ part) => {
      lengths[part] = 0;
    },
  };
}

/** @param {ReturnType<typeof sink>} into */
const load = (into, cancel = new AbortController().signal) =>
  loadDataSet(info, PAGE, { ...into, progress: (...now) => into.progress.push(now) }, cancel);

test("row 7: what the site refuses is fetched as ten files and converted once", async () => {
  const into = sink();
  await load(into);
  assert.deepEqual(into.lengths, {
    "train-images": 47_040_016,
    "train-labels": 60_008,
    "test-images": 7_840_016,
    "test-labels": 10_008,
  });
  assert.deepEqual(askedOf(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // In bytes, as of any other file, and of the same total throughout.
  const loaded = into.progress.map(([now]) => now);
  assert.ok(loaded.every((now, i) => i === 0 || now > loaded[i - 1]));
  assert.equal(
    loaded.at(-1),
    Array.from({ length: 10 }, (_, c) => classFile(c).length).reduce((a, b) => a + b),
  );
  assert.equal(new Set(into.progress.map(([, total]) => total)).size, 1);
});

test("row 7: files that are here already are not brought again", async () => {
  const into = sink(["train-images", "train-labels", "test-images"]);
  await load(into);
  assert.deepEqual(Object.keys(into.lengths), ["test-labels"]);
});

for (const [name, answer, says] of /** @type {[string, () => Response, RegExp][]} */ ([
  ["is refused", () => new Response("", { status: 503 }), /cdn\.example answered with error 503/],
  [
    "is a web page of another type",
    () => new Response("<!doctype html>"),
    /something other than a class of Fashion-MNIST/,
  ],
  ["is one image short", () => new Response(classFile(7, 6999)), /class 7 has 6999 images/],
])) {
  test(`row 7: class 7 ${name}: both sources are named, and trying again goes on where it can`, async () => {
    answers[`${BASE}7.json`] = answer;
    await assert.rejects(load(sink()), (/** @type {LoadError} */ error) => {
      assert.match(
        error.message,
        /^The training images could not be loaded\. From this site \(here\.example\): here\.example answered with error 403/,
      );
      assert.match(error.message, says);
      return error instanceof LoadError;
    });
    asked = [];
    answers[`${BASE}7.json`] = () => new Response(classFile(7));
    const into = sink();
    await load(into);
    assert.equal(into.lengths["train-images"], 47_040_016);
    // A class of another length is only noticed with the others: all are fetched again.
    assert.deepEqual(askedOf(), name === "is one image short" ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [7, 8, 9]);
  });
}

test("row 7: a file that keeps arriving is no stall, however long it takes; one that stands still is", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const text = classFile(0);
  const pieces = 5;
  /** @param {boolean} stops */
  const slow = (stops) => (/** @type {AbortSignal} */ signal) => {
    let sent = 0;
    return new Response(
      new ReadableStream({
        start(controller) {
          signal.addEventListener("abort", () => controller.error(signal.reason));
        },
        async pull(controller) {
          if (sent === pieces) return controller.close();
          await new Promise((resolve) => setTimeout(resolve, stops ? 2 * STALL_MS : STALL_MS / 2));
          const [from, to] = [sent, sent + 1].map((i) => Math.floor((i * text.length) / pieces));
          sent++;
          controller.enqueue(text.subarray(from, to));
        },
      }),
    );
  };
  /** @param {Promise<unknown>} loading */
  const inTime = async (loading) => {
    let over = false;
    const end = loading
      .then(
        () => null,
        (error) => error,
      )
      .finally(() => {
        over = true;
      });
    while (!over) {
      // Little by little: what is read meanwhile takes real turns of the loop.
      mock.timers.tick(20);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return end;
  };
  try {
    answers[`${BASE}0.json`] = slow(false);
    assert.equal(await inTime(load(sink())), null);
    answers[`${BASE}0.json`] = slow(true);
    assert.match((await inTime(load(sink()))).message, /cdn\.example has sent nothing for 20 seconds/);
  } finally {
    mock.timers.reset();
  }
});

test("row 7: cancelling while the classes arrive says so and asks for no more of them", async () => {
  const cancel = new AbortController();
  answers[`${BASE}1.json`] = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      cancel.abort();
    });
  await assert.rejects(load(sink(), cancel.signal), (/** @type {LoadError} */ error) => error.kind === "cancelled");
  assert.deepEqual(askedOf(), [0, 1]);
});
