// Builds the benchmark's engines for a machine without a bundler: node bench/gpu/prebuild.mjs FOLDER

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildEngines } from "../lib/build.mjs";
import { entries, moduleOf } from "../lib/engines.mjs";
import { versions } from "../lib/machine.mjs";

const [to] = process.argv.slice(2);
if (!to) throw new Error("usage: node bench/gpu/prebuild.mjs FOLDER");
const { folder, failed } = await buildEngines(entries().map(moduleOf));
for (const [module, why] of failed) console.error(`${module}: ${why}`);
cpSync(folder, to, { recursive: true });
// What is installed there says nothing of what was built here.
writeFileSync(join(to, "versions.json"), `${JSON.stringify(versions())}\n`);
