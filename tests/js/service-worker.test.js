// Row 6: what the service worker stores, serves and throws away, with a browser's caches and network played by this
// file.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";

const SCOPE = "https://here.example/sub/";
const text = (/** @type {string} */ name) =>
  readFileSync(join(import.meta.dirname, "..", "..", "www", `${name}.js`), "utf8");
const TYPES = /** @type {Record<string, string>} */ ({
  js: "text/javascript",
  html: "text/html",
  wasm: "application/wasm",
});
const typeOf = (/** @type {string} */ name) => TYPES[name.split(".").at(-1) ?? ""];

/** @typedef {Record<string, string>} Files contents by name */

/** @param {Files} files */
const listOf = (files) =>
  Object.entries(files).map(([name, content]) => ({
    name,
    type: typeOf(name),
    sha256: createHash("sha256").update(content).digest("hex"),
  }));

/** @type {Files} */
const FILES = {
  "index.html": "<title>Counterfeit</title>",
  "assets/worker-1.js": "work()",
  "assets/core-1.wasm": "core",
};
const ON_DEMAND = { "assets/gpu-1.wasm": "gpu" };

/** Cache Storage. `full`: whether nothing more can be kept. */
function cacheStorage() {
  /** @type {Map<string, Map<string, Response>>} */
  const stores = new Map();
  const state = { full: false };
  const cacheOf = (/** @type {Map<string, Response>} */ store) => ({
    match: async (/** @type {any} */ key) => store.get(key.url ?? key)?.clone(),
    put: async (/** @type {any} */ key, /** @type {Response} */ response) => {
      if (state.full) throw new DOMException("full", "QuotaExceededError");
      store.set(key.url ?? key, response);
    },
    delete: async (/** @type {any} */ key) => store.delete(key.url ?? key),
    keys: async () => [...store.keys()].map((url) => ({ url })),
  });
  const caches = {
    open: async (/** @type {string} */ name) => {
      if (!stores.has(name)) stores.set(name, new Map());
      return cacheOf(/** @type {any} */ (stores.get(name)));
    },
    keys: async () => [...stores.keys()],
    has: async (/** @type {string} */ name) => stores.has(name),
    delete: async (/** @type {string} */ name) => stores.delete(name),
  };
  return { stores, caches, state };
}

/** Sends an event to a service worker and waits until its work is done. @param {(event: any) => void} listener @param {any} event */
async function dispatched(listener, event) {
  /** @type {Promise<unknown>[]} */
  const works = [];
  /** @type {any} */
  let answer;
  listener({
    ...event,
    waitUntil: (/** @type {any} */ p) => works.push(p),
    respondWith: (/** @type {any} */ p) => {
      answer = p;
    },
  });
  const response = await answer;
  await Promise.all(works);
  return response;
}

/** A service worker of a build. @param {any} globals @param {string} id @param {Files} files @param {Files} onDemand */
function serviceWorker(globals, id, files, onDemand) {
  /** @type {Record<string, (event: any) => void>} */
  const listeners = {};
  const self = {
    registration: { scope: SCOPE },
    clients: { claim: async () => {} },
    addEventListener: (/** @type {string} */ type, /** @type {any} */ f) => {
      listeners[type] = f;
    },
  };
  class Request {
    constructor(/** @type {any} */ from, /** @type {any} */ init) {
      Object.assign(this, from, init);
    }
  }
  const scope = vm.createContext({ self, crypto, Response, URL, Request, ...globals });
  const exported = `${text("authentic").replace(/^export /gm, "")}Object.assign(self, { looksRight, isRight });`;
  vm.runInContext(exported, scope);
  Object.assign(self, { build: { id, files: listOf(files), onDemand: listOf(onDemand) } });
  vm.runInContext(text("service-worker").replace(/^export /gm, ""), scope);
  const send = (/** @type {string} */ type, /** @type {any} */ event = {}) => dispatched(listeners[type], event);
  const get = (/** @type {string} */ name, more = {}) =>
    send("fetch", { request: { method: "GET", mode: "cors", cache: "default", url: SCOPE + name, ...more } });
  return {
    install: () => send("install"),
    activate: () => send("activate"),
    get,
    go: () => get("", { mode: "navigate" }),
    send,
  };
}

/** A browser with one site's service workers. */
function browser() {
  const { stores, caches, state } = cacheStorage();
  /** What the server answers, by name. @type {Record<string, (cache?: string) => Response>} */
  const server = {};
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {any} */ request, /** @type {any} */ options = {}) => {
    const name = (request.url ?? request).slice(SCOPE.length) || "index.html";
    asked.push(name);
    if (!server[name]) throw new TypeError("Failed to fetch");
    return server[name](options.cache ?? request.cache);
  };
  /** Everything stored, as cache and name. */
  const stored = () =>
    [...stores]
      .flatMap(([cache, store]) =>
        [...store.keys()].map((url) => `${cache.split(" ").at(-1)}: ${url.slice(SCOPE.length)}`),
      )
      .sort();
  /** @param {Files} files */
  const publish = (files) => {
    for (const name of Object.keys(server)) delete server[name];
    for (const [name, content] of Object.entries(files)) server[name] = () => answer(content, name);
  };
  publish({ ...FILES, ...ON_DEMAND });
  return {
    /** A service worker of a build. @param {string} id @param {Files} files @param {Files} [onDemand] */
    worker: (id, files, onDemand = ON_DEMAND) => serviceWorker({ caches, fetch }, id, files, onDemand),
    server,
    publish,
    asked,
    stored,
    stores,
    setFull: (/** @type {boolean} */ now) => {
      state.full = now;
    },
    caches,
  };
}

/** @param {string} content @param {string} name @param {any} [init] */
const answer = (content, name, init = {}) =>
  new Response(content, { headers: { "content-type": typeOf(name) }, ...init });
/** An answer with what no constructor sets. @param {Response} response @param {object} properties @returns {Response} */
const as = (response, properties) => {
  for (const [name, value] of Object.entries(properties)) Object.defineProperty(response, name, { value });
  const { clone } = response;
  response.clone = () => as(clone.call(response), properties);
  return response;
};

const ALL = ["b1: ", "b1: assets/core-1.wasm", "b1: assets/worker-1.js"];
const CORE = "assets/core-1.wasm";

/** What may come under the core's name. @type {Record<string, () => Response>} */
const BAD = {
  "a web page": () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
  "a web page of the right type": () => answer("<!doctype html>", CORE),
  "a truncated file": () => answer("cor", CORE),
  "an altered file": () => answer("c0re", CORE),
  "a Git LFS pointer": () => answer("version https://git-lfs.github.com/spec/v1", CORE),
  "an empty answer": () => answer("", CORE),
  "a part (206)": () => answer("core", CORE, { status: 206 }),
  "an error with the right body": () => answer("core", CORE, { status: 500 }),
  "a redirected answer": () => as(answer("core", CORE), { redirected: true }),
  "an opaque answer": () => as(answer("core", CORE), { type: "opaque" }),
  "no answer": () => {
    throw new TypeError("Failed to fetch");
  },
};

for (const [name, bad] of Object.entries(BAD)) {
  test(`row 6: ${name} is not stored when the service worker is installed; the next visit fetches only what is missing`, async () => {
    const b = browser();
    b.server[CORE] = bad;
    await assert.rejects(b.worker("b1", FILES).install(), /not as they were published: assets\/core-1\.wasm/);
    assert.deepEqual(b.stored(), ["b1: ", "b1: assets/worker-1.js"]);
    b.publish(FILES);
    b.asked.length = 0;
    await b.worker("b1", FILES).install();
    assert.deepEqual(b.stored(), ALL);
    assert.deepEqual(b.asked, [CORE]);
  });

  test(`row 6: ${name} is not stored when the page asks for it`, async () => {
    const b = browser();
    const worker = b.worker("b1", FILES);
    b.server[CORE] = bad;
    await worker.get(CORE).catch(() => {});
    assert.deepEqual(
      b.stored().filter((entry) => entry.includes("core")),
      [],
    );
    b.publish(FILES);
    await worker.get(CORE);
    assert.deepEqual(b.stored(), ["b1: assets/core-1.wasm"]);
  });
}

test("row 6: a bad answer in the browser's own cache is asked for anew, by the installation and for the page", async () => {
  const b = browser();
  b.server[CORE] = (cache) => (cache === "reload" ? answer("core", CORE) : BAD["a web page"]());
  const worker = b.worker("b1", FILES);
  assert.equal(await (await worker.get(CORE)).text(), "core");
  assert.deepEqual(b.stored(), ["b1: assets/core-1.wasm"]);
  b.stores.clear();
  await worker.install();
  assert.deepEqual(b.stored(), ALL);
});

test("row 6: hosts that send binaries and scripts under their other types are taken", async () => {
  const b = browser();
  b.server[CORE] = () => new Response("core", { headers: { "content-type": "application/octet-stream" } });
  b.server["assets/worker-1.js"] = () =>
    new Response("work()", { headers: { "content-type": "application/javascript; charset=utf-8" } });
  await b.worker("b1", FILES).install();
  assert.deepEqual(b.stored(), ALL);
});

test("row 6: another page under this page's address is passed on and never stored as the page", async () => {
  const b = browser();
  b.server["index.html"] = () => answer("<title>Accept our terms</title>", "index.html");
  await assert.rejects(b.worker("b1", FILES).install(), /index\.html/);
  b.publish(FILES);
  const worker = b.worker("b1", FILES);
  await worker.install();
  b.server["index.html"] = () => answer("<title>Accept our terms</title>", "index.html");
  assert.match(await (await worker.go()).text(), /terms/);
  delete b.server["index.html"];
  assert.match(await (await worker.go()).text(), /Counterfeit/);
  b.server["index.html"] = () => answer("busy", "index.html", { status: 503 });
  assert.match(await (await worker.go()).text(), /Counterfeit/);
});

test("row 6: a full disk fails neither the installation nor what the page asks for", async () => {
  const b = browser();
  b.setFull(true);
  const worker = b.worker("b1", FILES);
  await worker.install();
  await worker.activate();
  assert.equal(await (await worker.get(CORE)).text(), "core");
  assert.equal(await (await worker.go()).text(), FILES["index.html"]);
  // Room again.
  b.setFull(false);
  await worker.get(CORE);
  assert.deepEqual(b.stored(), ["b1: assets/core-1.wasm"]);
});

for (const method of /** @type {const} */ (["open", "keys", "has", "delete"])) {
  test(`row 6: a browser whose Cache Storage refuses ${method} is served from the network`, async () => {
    const b = browser();
    /** @type {any} */ (b.caches)[method] = () => Promise.reject(new DOMException("refused", "SecurityError"));
    const worker = b.worker("b1", FILES);
    await worker.install();
    await worker.activate();
    assert.equal(await (await worker.get(CORE)).text(), "core");
    assert.equal(await (await worker.go()).text(), FILES["index.html"]);
  });
}

test("row 6: files of an old build stay until its worker has gone; the new build's are served meanwhile, and what has not changed is not fetched again", async () => {
  const b = browser();
  const old = b.worker("b1", FILES);
  await old.install();
  await old.activate();
  const next = { "index.html": "<title>Counterfeit</title> 2", "assets/worker-2.js": "work(2)", [CORE]: "core" };
  b.publish(next);
  b.asked.length = 0;
  const late = b.worker("b2", next);
  await late.install();
  assert.deepEqual(b.asked.sort(), ["assets/worker-2.js", "index.html"]);
  b.publish({});
  // An old tab, and a new one under the old worker.
  assert.equal(await (await old.get("assets/worker-1.js")).text(), "work()");
  assert.equal(await (await old.get("assets/worker-2.js")).text(), "work(2)");
  assert.match(await (await old.go()).text(), /Counterfeit<\/title>$/);
  await late.activate();
  assert.deepEqual(b.stored(), ["b2: ", "b2: assets/core-1.wasm", "b2: assets/worker-2.js"]);
});

test("row 6: what is large is stored once it was used, and checked like the rest", async () => {
  const b = browser();
  const worker = b.worker("b1", FILES);
  await worker.install();
  b.server["assets/gpu-1.wasm"] = () => answer("gp", "x.wasm");
  await worker.get("assets/gpu-1.wasm");
  assert.deepEqual(b.stored(), ALL);
  b.publish({ ...FILES, ...ON_DEMAND });
  await worker.get("assets/gpu-1.wasm");
  assert.ok(b.stored().includes("b1: assets/gpu-1.wasm"));
});

test("row 6: whoever asks past the caches hears what the server has, and a file of no known build is passed on unstored", async () => {
  const b = browser();
  const worker = b.worker("b1", FILES);
  await worker.install();
  b.server[CORE] = BAD["a web page"];
  assert.match(await (await worker.get(CORE, { cache: "reload" })).text(), /doctype/);
  assert.equal(await (await worker.get(CORE)).text(), "core", "what was stored stays");
  b.server["assets/other-9.js"] = () => answer("other", "x.js");
  assert.equal(await (await worker.get("assets/other-9.js")).text(), "other");
  assert.deepEqual(b.stored(), ALL);
});

test("row 6: the cache of the version before is rid of wrong types at once, and goes when its tabs are gone; a neighbour's stays", async () => {
  const b = browser();
  const old = await b.caches.open("counterfeit-page-1");
  await old.put(SCOPE, answer("page", "index.html"));
  await old.put(`${SCOPE}assets/worker-0.js`, BAD["a web page"]());
  await old.put(`${SCOPE}assets/core-0.wasm`, answer("old", "x.wasm"));
  await old.put("https://here.example/other/assets/worker-0.js", answer("other", "x.js"));
  await (await b.caches.open("counterfeit-page-2 /other/ b0")).put(
    "https://here.example/other/",
    answer("other", "index.html"),
  );
  const worker = b.worker("b1", FILES);
  await worker.install();
  assert.ok(!(await old.match(`${SCOPE}assets/worker-0.js`)));
  assert.ok(await old.match(`${SCOPE}assets/core-0.wasm`), "an old tab's file");
  await worker.activate();
  assert.deepEqual(
    (await old.keys()).map(({ url }) => url),
    ["https://here.example/other/assets/worker-0.js"],
  );
  assert.ok(b.stores.has("counterfeit-page-2 /other/ b0"));
});

test("row 6: what is not a page's file is left to the browser", async () => {
  const b = browser();
  const worker = b.worker("b1", FILES);
  assert.equal(await worker.get("data/mnist/x.gzip"), undefined);
  assert.equal(await worker.get("build.json"), undefined);
  assert.equal(await worker.get("", { mode: "navigate", method: "POST" }), undefined);
});
