// Serves the harness, the built engines and the data set, on this machine only, and remembers what was asked for.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { BENCH, ROOT } from "./build.mjs";

/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Where the images are, as the page asks for them. */
export const IMAGES = "/data/mnist/train-images-idx3-ubyte.gzip";

/**
 * @param {string} engines folder of the built engines
 * @param {{isolated?: boolean}} [options] `isolated`: with the headers that give a page shared memory, and with it threads
 */
export async function serve(engines, { isolated = false } = {}) {
  const roots = { page: join(BENCH, "page"), engines, data: join(ROOT, "www", "public", "data") };
  /** @type {Set<string>} */
  const asked = new Set();
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    const [, top, ...rest] = path.split("/");
    const root = roots[/** @type {keyof typeof roots} */ (top)];
    const file = join(root ?? BENCH, ...rest);
    const stat = root ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (!stat?.isFile()) return response.writeHead(404).end();
    asked.add(file);
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": stat.size,
      // So that each first step is a first visit's.
      "cache-control": "no-store",
      ...(isolated
        ? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
        : {}),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    /** Files of the built engine that have been asked for. @param {string} module */
    askedOf: (module) => [...asked].filter((file) => file.startsWith(`${join(engines, module)}/`)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
