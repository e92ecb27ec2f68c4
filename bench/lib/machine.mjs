// Where and with what a run was measured.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { join } from "node:path";
import { PREBUILT, ROOT } from "./build.mjs";
import { PACKAGES } from "./engines.mjs";

/** The commit that is checked out, with a + if files differ from it; nothing outside a clone. */
function commit() {
  try {
    const asked = ["describe", "--always", "--abbrev=10", "--dirty=+"];
    return execFileSync("git", asked, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}

/** `load`: programs that wanted a core in the last minute, before the run began. */
export function machine() {
  const cpus = os.cpus();
  const load = Math.round(10 * os.loadavg()[0]) / 10;
  const memory = Math.round(os.totalmem() / 1e9);
  return {
    load,
    cores: cpus.length,
    cpu: cpus[0]?.model.trim() ?? "unknown",
    memory_gb: memory,
    system: `${os.platform()} ${os.arch()}`,
  };
}

/** @returns {Record<string, string>} */
export function versions() {
  if (PREBUILT) return JSON.parse(readFileSync(join(PREBUILT, "versions.json"), "utf8"));
  const require = createRequire(join(ROOT, "package.json"));
  const of = (/** @type {string} */ file) => JSON.parse(readFileSync(file, "utf8")).version;
  const ours = [of(join(ROOT, "package.json")), commit()].filter(Boolean).join(" ");
  // Not every package lets its package.json be required: found beside its entry file.
  const peer = (/** @type {string} */ name) =>
    of(join(require.resolve(name).replace(/(.*node_modules\/@?[^/]+\/[^/]+).*/, "$1"), "package.json"));
  return Object.fromEntries(Object.entries(PACKAGES).map(([engine, name]) => [engine, name ? peer(name) : ours]));
}
