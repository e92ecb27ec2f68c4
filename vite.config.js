// Bundles index.html, www/ and pkg/ into dist/: a static folder that any host can serve from any path.
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { offline } from "./scripts/offline.mjs";
import { sentences } from "./www/results.js";

/**
 * The server behind `make run` does not know the data sets' type, takes them for text, and would compress them once more on the way,
 * without saying how long they are. @type {import("vite").Plugin}
 */
const dataAsItIs = {
  name: "data-as-it-is",
  configurePreviewServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      if (request.url?.split("?")[0].endsWith(".gzip")) response.setHeader("Content-Type", "application/gzip");
      next();
    });
  },
};

/** @param {string} name */
const measured = (name) => JSON.parse(readFileSync(`bench/${name}.json`, "utf8"));

export default defineConfig({
  // Relative addresses, so that a sub-path needs no setting.
  base: "./",
  // The data sets, copied as they are; scripts/data.mjs puts them there.
  publicDir: "www/public",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // WebAssembly inlined as text would grow by a third and could not be compiled while it streams in.
    assetsInlineLimit: 0,
    // The GPU bundle is one file of tens of megabytes by nature.
    chunkSizeWarningLimit: 50_000,
  },
  worker: { format: "es" },
  // Of the measured rows only what the page tells.
  define: { "import.meta.env.RESULTS": JSON.stringify(sentences(measured("quality"), measured("modes"))) },
  // One page, no routes: an address that does not exist is a 404, as on any static host, and not the page once more.
  appType: "mpa",
  plugins: [dataAsItIs, offline],
});
