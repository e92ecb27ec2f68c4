// The benchmark: `make bench`, `make bench QUICK=1`, or `node bench/run.mjs --help`.

import { bench } from "./lib/bench.mjs";
import { openBrowser } from "./lib/browser.mjs";
import { buildEngines } from "./lib/build.mjs";
import { moduleOf } from "./lib/engines.mjs";
import { USAGE, UsageError, parse } from "./lib/options.mjs";
import { printProfile } from "./lib/profile.mjs";
import { serve } from "./lib/serve.mjs";

/** @import { Options } from "./lib/options.mjs" */

/** @param {NonNullable<Options["profile"]>} what @param {Options} options */
async function profile({ entry, ...how }, { isolated }) {
  const { folder, failed, remove } = await buildEngines([moduleOf(entry)]);
  const server = await serve(folder, { isolated });
  try {
    for (const message of failed.values()) throw new Error(message);
    const { browser, adapter, version } = await openBrowser(`${server.url}/page/index.html`, { clocks: true });
    console.log(`Chromium ${version}; WebGPU adapter: ${adapter?.name ?? "none"}`);
    await printProfile(browser, server.url, entry, how).finally(() => browser.close());
  } finally {
    server.close();
    remove();
  }
}

try {
  if (process.argv.includes("--help")) console.log(USAGE);
  else {
    const options = parse(process.argv.slice(2));
    await (options.profile ? profile(options.profile, options) : bench(options));
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`error: ${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
