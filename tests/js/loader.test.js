import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { LoadError, STALL_MS, loadDataSet } from "../../www/data/loader.js";
import { forgetLosses } from "../../www/browser.js";

/** @import { DataSetInfo } from "../../www/protocol.js" */

const IDX = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
const file = (/** @type {any} */ part) => ({ part, path: `data/set/${part}.gzip`, bytes: IDX.length, sha256: "x" });
/** @type {DataSetInfo} */
const info = /** @type {any} */ ({
  files: [file("train-labels")],
  fallback: { format: "idx", base: "https://cdn.example/set/" },
});

/** @type {Record<string, (signal: AbortSignal) => Response | Promise<Response>>} */
let site = {};
const original = globalThis.fetch;

beforeEach(() => {
  site = {};
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true, writable: true });
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {any} */ { signal }) => {
      const answer = site[url];
      if (!answer) throw new TypeError("fetch failed");
      return answer(signal);
    }
  );
});
afterEach(() => {
  globalThis.fetch = original;
});

const HERE = "https://here.example/sub/data/set/train-labels.gzip";
const CDN = "https://cdn.example/set/train-labels";

const refused = (/** @type {string} */ message) => Object.assign(new Error(message), { kind: "data" });

/** @param {AbortSignal} [cancel] @param {(() => void)[]} [push] @param {DataSetInfo} [set] */
async function load(cancel = new AbortController().signal, push = [], set = info) {
  /** @type {number[]} */
  const got = [];
  const log = /** @type {string[]} */ ([]);
  const progress = /** @type {[number, number, string][]} */ ([]);
  await loadDataSet(
    set,
    "https://here.example/sub/index.html",
    {
      push: (_part, bytes) => {
        push.forEach((f) => f());
        got.push(...bytes);
      },
      // As the core: the whole file, with its checksum.
      finish: () => {
        if (got.length < IDX.length) throw refused("The file ends too early.");
        if (got.some((byte, i) => byte !== IDX[i])) throw refused("The file's checksum is not the published one.");
        log.push("finish");
      },
      has: () => false,
      restart: () => {
        got.length = 0;
      },
      progress: (...now) => {
        progress.push(now);
        log.push(now[2]);
      },
    },
    cancel,
  );
  return { got, log, progress };
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
  for (const missing of [
    () => new Response("", { status: 404 }),
    () => new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } }),
  ]) {
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
  delete site[CDN];
  await fails(load(), "network", /could not be reached/);
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
  await fails(load(), "offline", /^This device is offline/);
});

const html = (/** @type {string} */ type) => () =>
  new Response("<!doctype html><title>Welcome</title>", { headers: { "content-type": type } });

/** A body that arrives in these pieces, and then breaks, if it is to. @param {Uint8Array[]} chunks @param {boolean} [breaks] */
function inPieces(chunks, breaks = false) {
  const left = [...chunks];
  return new Response(
    new ReadableStream({
      pull(controller) {
        const chunk = left.shift();
        if (chunk) controller.enqueue(chunk);
        else if (breaks) controller.error(new TypeError("terminated"));
        else controller.close();
      },
    }),
  );
}

const LFS =
  "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

/** What a first source may do instead of answering with the file. @type {Record<string, {answer: () => Response, says: RegExp}>} */
const FAILURES = {
  "error 403 (a missing file in S3)": {
    answer: () => new Response("<Error/>", { status: 403 }),
    says: /here\.example answered with error 403/,
  },
  "error 404": {
    answer: () => new Response("", { status: 404 }),
    says: /here\.example does not have it \(error 404\)/,
  },
  "error 410": { answer: () => new Response("", { status: 410 }), says: /error 410/ },
  "error 429": { answer: () => new Response("", { status: 429 }), says: /error 429/ },
  "error 500": { answer: () => new Response("", { status: 500 }), says: /error 500/ },
  "error 503": { answer: () => new Response("", { status: 503 }), says: /error 503/ },
  "an answer without a body": { answer: () => new Response(null, { status: 204 }), says: /error 204/ },
  "a part of the file (206)": {
    answer: () => new Response(gzipSync(IDX).subarray(0, 9), { status: 206 }),
    says: /error 206/,
  },
  "a refused or reset connection": {
    answer: () => {
      throw new TypeError("Failed to fetch");
    },
    says: /here\.example could not be reached/,
  },
  "a connection that breaks off": {
    answer: () => inPieces([gzipSync(IDX).subarray(0, 20)], true),
    says: /here\.example broke off in the middle/,
  },
  "a web page": { answer: html("text/html"), says: /here\.example sent a web page/ },
  "a web page of another type": {
    answer: html("application/gzip"),
    says: /neither compressed \(gzip\) nor an MNIST file/,
  },
  "a Git LFS pointer": { answer: () => new Response(LFS), says: /Git LFS pointer/ },
  "something that is not gzip": { answer: () => new Response("hello"), says: /neither compressed/ },
  "compression that is cut off": {
    answer: () => new Response(gzipSync(IDX).subarray(0, -6)),
    says: /damaged or was cut off/,
  },
  "compression that is damaged": { answer: () => new Response(damaged(gzipSync(IDX))), says: /damaged or was cut off/ },
  "a truncated file": { answer: () => new Response(IDX.subarray(0, 9)), says: /ends too early/ },
  "an altered file": { answer: () => new Response(Uint8Array.from([...IDX.subarray(0, -1), 9])), says: /checksum/ },
  "an empty file": { answer: () => new Response(new Uint8Array()), says: /ends too early/ },
};

/** @param {Uint8Array} bytes */
function damaged(bytes) {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 6] ^= 0xff;
  return copy;
}

for (const [name, { answer, says }] of Object.entries(FAILURES)) {
  test(`row 7: ${name} is taken from the other source instead`, async () => {
    site[HERE] = answer;
    site[CDN] = () => new Response(IDX);
    const { got, log } = await load();
    assert.deepEqual(got, [...IDX]);
    assert.ok(log.includes("a public CDN"));
  });

  test(`row 7: ${name} here and no way to the CDN: both are named with their reasons`, async () => {
    site[HERE] = answer;
    await assert.rejects(load(), (/** @type {LoadError} */ error) => {
      assert.match(error.message, /^The training labels could not be loaded\. From this site \(here\.example\): /);
      assert.match(error.message, says);
      assert.match(error.message, /From a public CDN \(cdn\.example\): cdn\.example could not be reached\./);
      return true;
    });
  });

  test(`row 7: ${name} from the CDN too is told of the CDN`, async () => {
    site[HERE] = () => new Response("", { status: 404 });
    site[CDN] = answer;
    await assert.rejects(load(), (/** @type {LoadError} */ error) => {
      const [, ofCdn] = error.message.split("From a public CDN (cdn.example): ");
      assert.match(ofCdn, new RegExp(says.source.replace("here", "cdn")));
      return true;
    });
  });
}

for (const [form, file] of /** @type {[string, Uint8Array][]} */ ([
  ["gzip", gzipSync(IDX)],
  ["IDX", IDX],
])) {
  test(`row 7: a file of ${form} is recognised however its first bytes are cut`, async () => {
    const single = Array.from(file, (byte) => Uint8Array.of(byte));
    for (const chunks of [
      [file.subarray(0, 1), file.subarray(1)],
      [new Uint8Array(), file.subarray(0, 1), new Uint8Array(), file.subarray(1)],
      single,
      [file.subarray(0, 3), file.subarray(3)],
      [...single.slice(0, 5), file.subarray(5)],
    ]) {
      site[HERE] = () => inPieces(chunks);
      const { got, log } = await load();
      assert.deepEqual(got, [...IDX]);
      assert.ok(!log.includes("a public CDN"));
    }
  });
}

test("row 7: what the parser refuses is taken from the other source; refused twice, it reaches the user in its own words", async () => {
  site[HERE] = site[CDN] = () => new Response(gzipSync(IDX));
  const refusal = () => {
    throw Object.assign(new Error("The images in this file are 32x32 pixels."), { kind: "data" });
  };
  let calls = 0;
  assert.deepEqual(
    (
      await load(undefined, [
        () => {
          if (calls++ === 0) refusal();
        },
      ])
    ).got,
    [...IDX],
  );
  await fails(load(undefined, [refusal]), "data", /32x32.*32x32/);
});

test("row 7: a defect of the core is none of the source, and no other one is asked", async () => {
  site[HERE] = () => new Response(IDX);
  site[CDN] = () => assert.fail("was asked");
  const trap = new WebAssembly.RuntimeError("unreachable");
  await assert.rejects(
    load(undefined, [
      () => {
        throw trap;
      },
    ]),
    (error) => error === trap,
  );
});

test("row 7: cancelling in the middle of a file does not ask the other source", async () => {
  const controller = new AbortController();
  site[HERE] = () => inPieces([gzipSync(IDX).subarray(0, 20)], true);
  site[CDN] = () => assert.fail("was asked");
  const watched = {
    push: () => {},
    finish: () => {},
    has: () => false,
    restart: () => {},
    progress: () => controller.abort(),
  };
  await fails(
    loadDataSet(info, "https://here.example/sub/index.html", watched, controller.signal),
    "cancelled",
    /cancelled/,
  );
});

test("row 7: progress begins again with the other source, and never exceeds its own total", async () => {
  site[HERE] = () => inPieces([gzipSync(IDX).subarray(0, 20)], true);
  site[CDN] = () => new Response(IDX, { headers: { "content-length": String(IDX.length) } });
  const { progress } = await load();
  assert.deepEqual(progress.at(-1), [IDX.length, IDX.length, "a public CDN"]);
});

test("row 7: a stored copy that is damaged gives way to the site, and that to the CDN", async () => {
  const stored = stubCaches(() => new Response("damaged"));
  site[HERE] = () => new Response("", { status: 403 });
  site[CDN] = () => new Response(IDX);
  try {
    assert.deepEqual((await load()).got, [...IDX]);
    assert.deepEqual(
      stored.log.filter((name) => name !== "open"),
      ["match", "delete", "put"],
    );
  } finally {
    stored.restore();
  }
});

for (const fault of ["open", "match", "delete", "put"]) {
  for (const way of /** @type {const} */ (["throws", "rejects"])) {
    test(`row 7: a browser where ${fault} of Cache Storage ${way} loads all the same`, async () => {
      const stored = stubCaches(() => (fault === "delete" ? new Response("damaged") : undefined), { [fault]: way });
      site[HERE] = () => new Response(IDX);
      try {
        assert.deepEqual((await load()).got, [...IDX]);
      } finally {
        stored.restore();
      }
    });
  }
}

test("row 7: a store that never answers holds up no load", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const stored = stubCaches(() => undefined, { put: "never" });
  try {
    site[HERE] = () => new Response(IDX);
    const loading = load();
    for (let i = 0; i < 50; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(100);
    }
    assert.deepEqual((await loading).got, [...IDX]);
  } finally {
    stored.restore();
    mock.timers.reset();
  }
});

/** Cache Storage with one answer. @param {() => Response | undefined} match @param {Record<string, "throws" | "rejects" | "never">} [faults] */
function stubCaches(match, faults = {}) {
  forgetLosses();
  const log = /** @type {string[]} */ ([]);
  const quota = () => new DOMException("Quota exceeded.", "QuotaExceededError");
  const call = (/** @type {string} */ name, /** @type {() => any} */ answer) => () => {
    log.push(name);
    if (faults[name] === "throws") throw quota();
    if (faults[name] === "rejects") return Promise.reject(quota());
    return faults[name] === "never" ? new Promise(() => {}) : Promise.resolve(answer());
  };
  const cache = { match: call("match", match), put: call("put", () => undefined), delete: call("delete", () => true) };
  Object.defineProperty(globalThis, "caches", { value: { open: call("open", () => cache) }, configurable: true });
  return {
    log,
    restore: () => {
      delete (/** @type {any} */ (globalThis).caches);
    },
  };
}

const hangs = (/** @type {AbortSignal} */ signal) =>
  /** @type {Promise<Response>} */ (
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  );

test("a server that hangs is given up", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    site[HERE] = hangs;
    const result = fails(load(), "timeout", /sent nothing for 20 seconds/);
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(STALL_MS + 1);
    await result;
  } finally {
    mock.timers.reset();
  }
});

test("row 7: a stall is waited for once, not with each file, and the CDN goes on", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const two = { ...info, files: [file("train-labels"), file("test-labels")] };
    site[HERE] = site[HERE.replace("train", "test")] = hangs;
    site[CDN] = site[CDN.replace("train", "test")] = () => new Response(IDX);
    const result = load(undefined, [], two);
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(STALL_MS + 1);
    assert.deepEqual((await result).log.filter((entry) => entry === "finish").length, 2);
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
