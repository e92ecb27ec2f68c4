// Row 6: what the page makes of its server's answers when a file could not be had; and the list of files that the build
// writes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { buildOf, writeOffline } from "../../scripts/offline.mjs";
import { isOurs, isUpdated, whyMissing } from "../../www/delivery.js";

const BASE = "https://here.example/sub/#data=ring";
const PAGE = '<title>Counterfeit: train a GAN</title><script type="module" src="./assets/index-1.js"></script>';
const CORE = {
  name: "assets/core-1.wasm",
  type: "application/wasm",
  sha256: createHash("sha256").update("core").digest("hex"),
};
const BUILD = {
  id: "b1",
  files: [{ name: "index.html", type: "text/html", sha256: "x" }, CORE],
  onDemand: [{ ...CORE, name: "assets/gpu-1.wasm" }],
};
const original = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = original;
});

/** Answers of the server, by name. @param {Record<string, Response>} answers @param {boolean} [onLine] */
function serve(answers, onLine = true) {
  Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ url) => {
      const answer = answers[new URL(url).pathname.slice("/sub/".length) || "index.html"];
      if (!answer) throw new TypeError("Failed to fetch");
      return answer;
    }
  );
}
const list = () => new Response(JSON.stringify(BUILD));
const binary = (/** @type {string} */ text) => new Response(text, { headers: { "content-type": "application/wasm" } });
const html = (/** @type {string} */ text) => new Response(text, { headers: { "content-type": "text/html" } });

test("row 6: offline, no server, an error, another page, wrong files and right ones are told apart", async () => {
  const cause = async (large = false) => {
    const { cause, detail } = await whyMissing(BASE, large);
    return [cause, detail];
  };
  serve({}, false);
  assert.deepEqual(await cause(), ["offline", ""]);
  serve({});
  assert.deepEqual(await cause(), ["unreachable", ""]);
  serve({ "index.html": new Response("", { status: 502 }) });
  assert.deepEqual(await cause(), ["refused", "error 502"]);
  serve({ "index.html": html("<title>Hotel</title><script src=x></script>") });
  assert.deepEqual(await cause(), ["intercepted", ""]);
  serve({ "index.html": html(PAGE), "build.json": list(), [CORE.name]: binary("core") });
  assert.deepEqual(await cause(), ["intact", ""]);
  serve({ "index.html": html(PAGE), "build.json": list(), [CORE.name]: binary("c0re") });
  assert.deepEqual(await cause(), ["broken", "assets/core-1.wasm (altered or cut off)"]);
  serve({ "index.html": html(PAGE), "build.json": list(), [CORE.name]: html("?") });
  assert.deepEqual(await cause(), ["broken", "assets/core-1.wasm (sent as text/html)"]);
  serve({
    "index.html": html(PAGE),
    "build.json": list(),
    [CORE.name]: binary("core"),
    "assets/gpu-1.wasm": new Response("", { status: 404 }),
  });
  assert.deepEqual(await cause(true), ["broken", "assets/gpu-1.wasm (error 404)"]);
});

test("row 6: a version is another one when the server's list, or a page from before there was a list, does not have it", () => {
  assert.ok(
    isOurs(PAGE) &&
      !isOurs("<title>Counterfeit money</title>") &&
      !isOurs("<title>Hotel</title><script src=x></script>"),
  );
  assert.equal(isUpdated("assets/core-1.wasm", PAGE, BUILD), false);
  assert.equal(isUpdated("assets/core-0.wasm", PAGE, BUILD), true);
  assert.equal(isUpdated(undefined, PAGE, BUILD), false, "nothing is built");
  Object.defineProperty(globalThis, "document", { value: {}, configurable: true });
  assert.equal(isUpdated("assets/index-1.js", PAGE, null), false);
  assert.equal(isUpdated("assets/index-0.js", PAGE, null), true);
  delete (/** @type {any} */ (globalThis).document);
  assert.equal(isUpdated("assets/worker-1.js", PAGE, null), false, "a page does not name its worker");
});

test("row 6: the build lists every file with its type and SHA-256, and its service worker begins with the list", () => {
  const dist = mkdtempSync(join(tmpdir(), "counterfeit-build-"));
  mkdirSync(join(dist, "assets"));
  writeFileSync(join(dist, "index.html"), PAGE);
  writeFileSync(join(dist, "assets", "core-1.wasm"), "core");
  writeFileSync(join(dist, "assets", "gpu-1.wasm"), new Uint8Array(7 << 20));
  try {
    const { files, onDemand, id } = buildOf(dist);
    assert.deepEqual(files, [
      { name: "index.html", type: "text/html", sha256: createHash("sha256").update(PAGE).digest("hex") },
      CORE,
    ]);
    assert.deepEqual(
      onDemand.map(({ name }) => name),
      ["assets/gpu-1.wasm"],
    );
    writeOffline(dist);
    assert.equal(buildOf(dist).id, id, "what it writes is not in the list");
    assert.ok(readFileSync(join(dist, "service-worker.js"), "utf8").startsWith(`self.build = {"id":"${id}"`));
    assert.doesNotMatch(readFileSync(join(dist, "service-worker.js"), "utf8"), /^(import|export) /m);
    writeFileSync(join(dist, "assets", "core-1.wasm"), "another");
    assert.notEqual(buildOf(dist).id, id);
  } finally {
    rmSync(dist, { recursive: true });
  }
});
