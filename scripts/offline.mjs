// Writes into a built page what its service worker and its failure notices go by: build.json, the list of its files
// with their types and SHA-256, and service-worker.js, which begins with that list.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @import { Build } from "../www/authentic.js" */

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Larger than this is stored for offline use only once it was used: the GPU bundle. */
const STORE_AT_ONCE_BYTES = 6 << 20;

/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

const sha256 = (/** @type {string | Uint8Array} */ bytes) => createHash("sha256").update(bytes).digest("hex");

/** The files of a page as they lie in its folder. @param {string} dist @returns {Build} */
export function buildOf(dist) {
  const names = [
    "index.html",
    ...readdirSync(join(dist, "assets"))
      .sort()
      .map((name) => `assets/${name}`),
  ];
  const all = names.map((name) => {
    const bytes = readFileSync(join(dist, name));
    return {
      large: bytes.length > STORE_AT_ONCE_BYTES,
      file: { name, type: TYPES[extname(name)] ?? "application/octet-stream", sha256: sha256(bytes) },
    };
  });
  const pick = (/** @type {boolean} */ large) => all.filter((f) => f.large === large).map((f) => f.file);
  return { id: sha256(JSON.stringify(all)).slice(0, 12), files: pick(false), onDemand: pick(true) };
}

/** @param {string} dist */
export function writeOffline(dist) {
  const build = JSON.stringify(buildOf(dist));
  const [authentic, worker] = ["authentic", "service-worker"].map((name) =>
    readFileSync(join(root, "www", `${name}.js`), "utf8"),
  );
  writeFileSync(join(dist, "build.json"), build);
  writeFileSync(
    join(dist, "service-worker.js"),
    `self.build = ${build};\n${authentic.replace(/^export /gm, "")}${worker}`,
  );
}

/** Runs once the page's files are written. @type {import("vite").Plugin} */
export const offline = {
  name: "offline",
  writeBundle: ({ dir }) => writeOffline(dir ?? join(root, "dist")),
};
