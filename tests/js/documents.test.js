// What documents say of the repository is so: links and paths lead somewhere, identifiers exist, numbers are those of
// their files, and the oldest browsers are the same everywhere.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { BROWSERS } from "../../www/support.js";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (/** @type {string} */ path) => readFileSync(join(ROOT, path), "utf8");

/** Written by hand; what is generated has its own test. */
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "docs/architecture.md",
  "docs/adding.md",
];
/** Those that name the code. */
const OF_THE_CODE = ["CONTRIBUTING.md", "docs/architecture.md", "docs/adding.md"];
const FOLDERS = ["src", "crates", "www", "tests", "bench", "scripts"];
/** Made by a command, and not in the repository. */
const MADE = /^(dist|pkg|node_modules|www\/public)\b/;

/** Every file below a folder. @param {string} folder @returns {string[]} */
const filesIn = (folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (MADE.test(path) || entry.name === "shots") return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
const FILES = FOLDERS.flatMap(filesIn);
const CODE = FILES.filter((path) => /\.(rs|js|mjs|wgsl)$/.test(path))
  .map(read)
  .join("\n");
const WORDS = new Set(CODE.match(/[A-Za-z_]\w*/g));

/** `name`, `Type::name`, `Type.name()`, `name!` */
const IDENTIFIER = /^[A-Za-z_]\w*([.:]{1,2}[A-Za-z_]\w*)*(\(.*\))?!?$/;

/** What stands between backticks, outside of blocks. @param {string} text */
const spans = (text) =>
  [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`]+)`/g)].map((m) => m[1].replace(/\s+/g, " "));

/** A path with a folder, or a file's name where its folder was named before it. @param {string} span */
const isPath = (span) =>
  /^[\w.-]+(\/[\w.-]+)*\/?$/.test(span) &&
  (span.endsWith("/") || /\.(rs|js|mjs|css|html|json|toml|md|wgsl|py|sh|yml|bin)$/.test(span));

/** @param {string} path */
const isThere = (path) =>
  MADE.test(path) ||
  existsSync(join(ROOT, path)) ||
  FILES.some((file) => (path.endsWith("/") ? file.includes(`/${path}`) : file.endsWith(`/${path}`)));

for (const document of DOCUMENTS) {
  test(`${document}: lines of at most 120 characters, and links that lead somewhere`, () => {
    const text = read(document);
    assert.deepEqual(
      text.split("\n").filter((line) => [...line].length > 120),
      [],
    );
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((m) => m[1]);
    const inside = links.filter((link) => !/^https?:/.test(link));
    assert.deepEqual(
      inside.filter((link) => !existsSync(join(ROOT, dirname(document), link))),
      [],
    );
  });
}

for (const document of OF_THE_CODE) {
  test(`${document}: every path and every identifier that it names is there`, () => {
    const all = spans(read(document));
    const paths = all.filter((span) => isPath(span) && !isThere(span));
    const parts = all
      .filter((span) => IDENTIFIER.test(span) && !isPath(span))
      .flatMap((span) => span.replace(/\(.*$|!$/, "").split(/[.:]+/));
    // Single letters and words in capitals stand for something.
    const isKnown = (/** @type {string} */ part) => WORDS.has(part) || isThere(part);
    const missing = parts.filter((part) => part.length > 1 && !/^[A-Z]+$/.test(part) && !isKnown(part));
    assert.deepEqual([...new Set([...paths, ...missing])], []);
  });
}

test("the oldest browsers are the same in README and in what the page says", () => {
  assert.ok(read("README.md").replace(/\s+/g, " ").includes(`Counterfeit needs ${BROWSERS}, or newer.`));
  for (const path of FILES.filter((file) => /^www\/.*\.js$/.test(file) && file !== "www/support.js")) {
    assert.doesNotMatch(read(path), /(Chrome|Firefox) \d+,/, `${path}: support.js says which browsers`);
  }
});

test("README's table of speeds is bench/speed.json's", () => {
  /** @type {{rows: {engine: string, device: string, network: string, ms_per_step: number | null}[]}} */
  const { rows } = JSON.parse(read("bench/speed.json"));
  /** The best of an engine's devices. @param {string} engine @param {string} network @param {boolean} gpu */
  const best = (engine, network, gpu) => {
    const of = rows.filter((r) => r.engine === engine && r.network === network && (r.device === "webgpu") === gpu);
    return Math.min(...of.map((r) => r.ms_per_step ?? Infinity)).toLocaleString("en");
  };
  for (const [network, name] of [
    ["dcgan", "DCGAN"],
    ["mlp", "MLP"],
  ]) {
    for (const gpu of [false, true]) {
      const cells = ["counterfeit", "jax-js", "tfjs"].map((engine) => best(engine, network, gpu));
      const line = `| small ${name}, ${gpu ? "WebGPU" : "CPU"} | ${cells.join(" | ")} |`;
      assert.ok(read("README.md").includes(line), line);
    }
  }
});

test("the version is the same everywhere", () => {
  const { version } = JSON.parse(read("package.json"));
  const named = /** @type {[string, RegExp][]} */ ([
    ["Cargo.toml", /^version = "(.+)"$/m],
    ["CITATION.cff", /^version: (.+)$/m],
    ["CHANGELOG.md", /^## \[(\d.*)\]/m],
  ]);
  for (const [path, pattern] of named) assert.equal(read(path).match(pattern)?.[1], version, path);
});
