// Serves the harness, the built engines and the data set, on this machine only, and remembers what was asked for.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { BENCH, ROOT } from "./build.mjs";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** Where the images are, as the page asks for them. */
export const IMAGES = "/data/mnist/train-images-idx3-ubyte.gzip";

/**
 * Serves folders below names; of two names that fit, the first.
 * @param {Record<string, string>} folders each folder, by the beginning of the addresses of its files
 * @param {{isolated?: boolean}} [options] `isolated`: with the headers that give a page shared memory, and with it threads
 */
export async function serveFolders(folders, { isolated = false } = {}) {
  /** @type {Set<string>} */
  const asked = new Set();
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    const [name, folder] = Object.entries(folders).find(([name]) => path.startsWith(`/${name}/`)) ?? [];
    const file = folder ? join(folder, path.slice(`/${name}/`.length)) : undefined;
    const stat = file ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (!file || !stat?.isFile()) return response.writeHead(404).end();
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
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The benchmark's page, engines and data. @param {string} engines folder of the built engines @param {{isolated?: boolean}} [options] as of serveFolders */
export async function serve(engines, options) {
  const data = join(ROOT, "www", "public", "data");
  const { url, asked, close } = await serveFolders({ page: join(BENCH, "page"), engines, data }, options);
  return {
    url,
    close,
    /** Files of the built engine that have been asked for. @param {string} module */
    askedOf: (module) => [...asked].filter((file) => file.startsWith(`${join(engines, module)}/`)),
  };
}
