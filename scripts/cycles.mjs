// Finds import cycles among the modules of each crate. `node scripts/cycles.mjs` prints them.
//
// A module is a file or folder directly below a crate's `src`: what lies deeper is one thing with its parts. Imports of
// unit tests do not count.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The crates of the workspace, by the folder of their sources. */
const CRATES = ["src", ...readdirSync(join(ROOT, "crates")).map((name) => `crates/${name}/src`)];

/** Imports by module. @typedef {Map<string, Set<string>>} Graph */

/**
 * The modules that a file names, without those that only its unit tests name.
 * @param {string} text
 */
export function importsOf(text) {
  const code = text
    .replace(/#\[cfg\(test\)\]\s*mod \w+ \{[\s\S]*$/, "")
    .replace(/\/\/.*$/gm, "")
    .replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const found = new Set(Array.from(code.matchAll(/\bcrate::(\w+)/g), (m) => m[1]));
  // use crate::{a::B, c};
  for (const [, group] of code.matchAll(/\buse crate::\{([\s\S]*?)\};/g)) {
    let depth = 0;
    for (const [token, name] of group.matchAll(/[{}]|(?:^|,)\s*(\w+)/g)) {
      if (token === "{") depth += 1;
      else if (token === "}") depth -= 1;
      else if (depth === 0) found.add(name);
    }
  }
  return found;
}

/** @param {string} path @returns {string[]} */
function sources(path) {
  if (statSync(path).isDirectory()) return readdirSync(path).flatMap((name) => sources(join(path, name)));
  return extname(path) === ".rs" && basename(path) !== "tests.rs" ? [path] : [];
}

/** @param {string} folder of a crate's sources @returns {Graph} */
export function graphOf(folder) {
  const root = join(ROOT, folder);
  const modules = readdirSync(root).map((name) => basename(name, ".rs"));
  /** @type {Graph} */
  const graph = new Map(modules.map((name) => [name, new Set()]));
  for (const file of sources(root)) {
    const own = basename(file.slice(root.length + 1).split(/[\\/]/)[0], ".rs");
    for (const name of importsOf(readFileSync(file, "utf8")))
      if (name !== own && graph.has(name)) graph.get(own)?.add(name);
  }
  return graph;
}

/** Groups of modules that import each other, directly or not (Tarjan 1972). @param {Graph} graph @returns {string[][]} */
export function cyclesIn(graph) {
  /** @type {Map<string, {index: number, low: number, on: boolean}>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const cycles = [];
  const visit = (/** @type {string} */ name) => {
    const node = { index: seen.size, low: seen.size, on: true };
    seen.set(name, node);
    stack.push(name);
    for (const next of graph.get(name) ?? []) {
      const known = seen.get(next);
      if (!known) node.low = Math.min(node.low, visit(next).low);
      else if (known.on) node.low = Math.min(node.low, known.index);
    }
    if (node.low === node.index) {
      const group = stack.splice(stack.indexOf(name));
      for (const member of group) /** @type {{on: boolean}} */ (seen.get(member)).on = false;
      if (group.length > 1) cycles.push(group.sort());
    }
    return node;
  };
  for (const name of graph.keys()) if (!seen.has(name)) visit(name);
  return cycles;
}

/** The cycles of every crate, as lines. */
export function cycles() {
  return CRATES.flatMap((folder) => cyclesIn(graphOf(folder)).map((group) => `${folder}: ${group.join(", ")}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = cycles();
  for (const line of found) console.log(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
