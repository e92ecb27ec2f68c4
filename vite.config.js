// Bundles index.html, www/ and pkg/ into dist/: a static folder that any host can serve from any path.
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

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

/**
 * A service worker (Workbox), so that a reload works offline: the data sets are kept by www/loader.js, the page by this. Online the page
 * comes from its server, so nobody is left with an old one. The CPU's bundle is stored on the first visit; the GPU's once it was used.
 */
const offline = VitePWA({
  registerType: "autoUpdate",
  injectRegister: "script-defer",
  showMaximumFileSizeToCacheInBytesWarning: true,
  manifest: false,
  workbox: {
    inlineWorkboxRuntime: true,
    globPatterns: ["index.html", "assets/*"],
    // The GPU's bundle is over this, every other file is under it.
    maximumFileSizeToCacheInBytes: 6 << 20,
    // Names in assets/ carry a hash of what is in them.
    dontCacheBustURLsMatching: /assets\//,
    // Not "/": it would come from the store before the network was asked.
    directoryIndex: null,
    navigateFallback: null,
    runtimeCaching: [
      {
        urlPattern: ({ request }) => request.mode === "navigate",
        handler: "NetworkOnly",
        options: { precacheFallback: { fallbackURL: "index.html" } },
      },
      {
        urlPattern: ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith(".wasm"),
        handler: "CacheFirst",
        options: { cacheName: "wasm", expiration: { maxEntries: 2 } },
      },
    ],
  },
});

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
  // One page, no routes: an address that does not exist is a 404, as on any static host, and not the page once more.
  appType: "mpa",
  plugins: [dataAsItIs, offline],
});
