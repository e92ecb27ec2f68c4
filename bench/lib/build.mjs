// Builds the engines as a site would ship them: bundled and minified by Vite, each with its own copy of what it needs,
// in a temporary folder.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder bench/. */
export const BENCH = join(import.meta.dirname, "..");
/** The repository. */
export const ROOT = join(BENCH, "..");

/** @param {string} module @param {string} outDir */
const settings = (module, outDir) =>
  /** @type {import("vite").InlineConfig} */ ({
    configFile: false,
    root: BENCH,
    base: "./",
    publicDir: false,
    logLevel: "error",
    build: {
      outDir,
      target: "es2022",
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 50_000,
      // The engines run in a worker, where there is no document to put links into.
      modulePreload: false,
      rolldownOptions: {
        input: join(BENCH, "engines", `${module}.js`),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "entry.js" },
      },
    },
  });

/** A folder of engines that were built on another machine (bench/gpu/prebuild.mjs), where there is one. */
export const PREBUILT = process.env.BENCH_ENGINES;

/**
 * Builds these modules of bench/engines. One that does not build does not keep the others from being measured.
 * @param {string[]} modules
 * @returns {Promise<{folder: string, failed: Map<string, string>, remove: () => void}>}
 */
export async function buildEngines(modules) {
  if (PREBUILT) return { folder: PREBUILT, failed: new Map(), remove: () => {} };
  const { build } = await import("vite");
  const folder = mkdtempSync(join(tmpdir(), "counterfeit-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Also when a run is interrupted.
  process.once("exit", remove);
  /** @type {Map<string, string>} */
  const failed = new Map();
  for (const module of new Set(modules)) {
    await build(settings(module, join(folder, module))).catch((error) =>
      failed.set(module, String(error.message ?? error)),
    );
  }
  return { folder, failed, remove };
}
