// Finds words that the project does not use: private names of things that have a standard term. words.json lists them.
// `node scripts/words.mjs` prints where they are; with paths, only in files below those.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where code is, and where texts for readers are. Bench files and the changelog keep the names of their time. */
const CODE = ["src", "crates", "www", "index.html", "tests", "scripts"];
const TEXTS = [...CODE, "docs", "README.md", "CONTRIBUTING.md"];
const READ = new Set([".rs", ".wgsl", ".js", ".mjs", ".css", ".html", ".md", ".sh"]);
/** Words are not looked for in the list itself, nor in what tests it; data sets and classifiers are no text. */
const LEFT_OUT = new Set(["scripts/words.json", "tests/js/glossary-words.test.js", "www/public", "www/classifiers"]);

/** @typedef {{find: RegExp, word: string, use: string, paths: string[]}} Rule */
/** @typedef {{file: string, line: number, word: string, use: string, text: string}} Violation */

/** An entry of words.json: `word`, `pattern` or `text`, by its kind.
 * @typedef {{word: string, pattern: string, text: string, use: string, in: string[]}} Entry */

/** @param {string} find @param {string} word @param {string} use @param {string[]} paths @returns {Rule} */
const rule = (find, word, use, paths) => ({ find: new RegExp(find), word, use, paths });

/** @returns {Rule[]} */
function rules() {
  const { identifiers, patterns, labels } = JSON.parse(readFileSync(join(ROOT, "scripts", "words.json"), "utf8"));
  const escaped = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return [
    // Between quotes it is a key: addresses and bench files keep theirs.
    ...identifiers.map((/** @type {Entry} */ { word, use }) =>
      rule(`(?<![\\w$"])${escaped(word)}(?![\\w$"])`, word, use, CODE),
    ),
    ...patterns.map((/** @type {Entry} */ { pattern, use, in: paths }) => rule(pattern, pattern, use, paths)),
    ...labels.map((/** @type {Entry} */ { text, use }) => rule(escaped(text), text, use, TEXTS)),
  ];
}

/** Names of the files below a path, relative to the root. @param {string} root @param {string} path @returns {string[]} */
function filesBelow(root, path) {
  const name = relative(root, path).replaceAll("\\", "/");
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || LEFT_OUT.has(name)) return [];
  if (found.isDirectory()) return readdirSync(path).flatMap((entry) => filesBelow(root, join(path, entry)));
  return READ.has(extname(name)) ? [name] : [];
}

/** Whether a file is a path, or lies below it. @param {string} file @param {string} path */
const below = (file, path) => file === path || file.startsWith(`${path}/`);

/**
 * The words in a text that stay out.
 * @param {string} file its name, by which rules apply @param {string} text @returns {Violation[]}
 */
export function violationsIn(file, text) {
  const applying = rules().filter(({ paths }) => paths.some((path) => below(file, path)));
  return text
    .split("\n")
    .flatMap((line, i) =>
      applying
        .filter(({ find }) => find.test(line))
        .map(({ word, use }) => ({ file, line: i + 1, word, use, text: line.trim() })),
    );
}

/**
 * The words in the repository that stay out.
 * @param {string[]} [only] paths to look at @param {string} [root] of the repository @returns {Violation[]}
 */
export function violations(only = TEXTS, root = ROOT) {
  const files = TEXTS.flatMap((path) => filesBelow(root, join(root, path)));
  const read = files.filter((file) => only.some((path) => below(file, path)));
  return read.flatMap((file) => violationsIn(file, readFileSync(join(root, file), "utf8")));
}

/** @param {Violation} violation */
export const describe = ({ file, line, word, use, text }) =>
  `${file}:${line}: “${word}”; use “${use}”: ${text.slice(0, 100)}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = violations(process.argv.length > 2 ? process.argv.slice(2) : undefined);
  for (const violation of found) console.log(describe(violation));
  process.exitCode = found.length > 0 ? 1 : 0;
}
