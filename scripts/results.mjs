// Makes docs/results.md, every table of measured numbers, from the files in bench/.
//
//   node scripts/results.mjs            writes docs/results.md
//   node scripts/results.mjs --check    fails if docs/results.md is out of date

import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { claims } from "./results/claims.mjs";
import { modes } from "./results/modes.mjs";
import { quality } from "./results/quality.mjs";
import { limits, speed } from "./results/speed.mjs";

const ROOT = join(import.meta.dirname, "..");
const PAGE = join(ROOT, "docs", "results.md");

/** The sections, in their order: each makes its text from a file in bench/. */
const SECTIONS = { quality, modes, claims, speed, limits };

/** @typedef {Record<keyof typeof SECTIONS, any>} Files the parsed files in bench/ */

/** Reads the files in bench/. @returns {Files} */
export function read() {
  const file = (/** @type {string} */ name) => JSON.parse(readFileSync(join(ROOT, "bench", `${name}.json`), "utf8"));
  return /** @type {Files} */ (Object.fromEntries(Object.keys(SECTIONS).map((name) => [name, file(name)])));
}

/** The text of docs/results.md. @param {Files} files */
export function results(files) {
  const sections = Object.entries(SECTIONS).map(([name, section]) => section(files[/** @type {keyof Files} */ (name)]));
  return `# Results

Every measured number of the project that a command can measure again. \`node scripts/results.mjs\` makes this page from
the files in \`bench/\`; do not edit it. Numbers behind single decisions stand in [decisions/](decisions/README.md).

${sections.join("\n\n")}
`;
}

/** The page as it is on disk. */
export const current = () => readFileSync(PAGE, "utf8");

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  const text = results(read());
  if (!process.argv.includes("--check")) writeFileSync(PAGE, text);
  else if (text !== current()) {
    console.error(`error: ${relative(process.cwd(), PAGE)} is out of date: run node scripts/results.mjs and commit it`);
    process.exitCode = 1;
  }
}
