// `make run`'s server: what a static host would answer, and words for a port that cannot be had.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../../scripts/serve.mjs";

const ROOT = join(import.meta.dirname, "..", "..");
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
});
after(() => server.close());

test("the page, its data with their length, and 404 for what is not there", async () => {
  const page = await fetch(server.url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<title>Counterfeit/);
  const name = "data/mnist/train-labels-idx1-ubyte.gzip";
  const data = await fetch(server.url + name);
  assert.equal(data.headers.get("content-encoding"), null);
  assert.equal(Number(data.headers.get("content-length")), statSync(join(ROOT, "dist", name)).size);
  for (const path of ["data/mnist/none.gzip", "none"]) assert.equal((await fetch(server.url + path)).status, 404);
});

test("a port that is taken, or is none, is a message and not a stack", () => {
  const run = (/** @type {string} */ PORT) =>
    spawnSync(process.execPath, [join(ROOT, "scripts", "serve.mjs")], {
      env: { ...process.env, PORT },
      encoding: "utf8",
      timeout: 30_000,
    });
  const taken = new URL(server.url).port;
  for (const [port, words] of [
    [taken, `port ${taken} is taken`],
    ["http", "PORT=http is not a port number"],
    ["65536", "PORT=65536 is not a port number"],
  ]) {
    const { status, stderr } = run(port);
    assert.equal(status, 1);
    assert.ok(stderr.includes(words) && stderr.includes("make run PORT=8081"), stderr);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});
