// docs/glossary.md has the structure that the page reads: a heading per term, with its text and its source.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseGlossary } from "../../www/glossary.js";

const markdown = readFileSync(join(import.meta.dirname, "..", "..", "docs", "glossary.md"), "utf8");
const entries = parseGlossary(markdown);

test("there are at least forty terms, each with a text and a source, most with a formula", () => {
  assert.ok(entries.length >= 40, `${entries.length} terms`);
  for (const { term, text, source } of entries) {
    assert.ok(text.length > 0 && text.every((t) => t.length > 20), `${term} has a text`);
    assert.match(source, /\b(?:19|20)\d\d\b/, `${term} has a dated source`);
  }
  assert.ok(entries.filter((e) => e.formula).length >= 40);
});

test("terms are unique and in alphabetical order", () => {
  const terms = entries.map((e) => e.term);
  const sorted = [...new Set(terms)].sort((a, b) => a.localeCompare(b, "en"));
  assert.deepEqual(terms, sorted);
});

test("no line is longer than 120 characters, but for formulas; nothing is lost between the blocks", () => {
  for (const line of markdown.split("\n")) assert.ok(line.length <= 120 || line.startsWith("Formula: "), line);
  assert.equal(
    entries.filter((e) => e.text.some((t) => /^(?:Formula|Source)\b/.test(t))).length,
    0,
    "a misspelt formula or source line",
  );
  assert.equal((markdown.match(/^## /gm) ?? []).length, entries.length);
});

test("an entry is read in its parts", () => {
  const [entry] = parseGlossary(
    "# Glossary\n\nIntro.\n\n## Term\n\nFirst\nline.\n\nSecond.\n\nFormula: `a = b`\n\nSource: Somebody 2014, section 3.\n",
  );
  assert.deepEqual(entry, {
    term: "Term",
    text: ["First line.", "Second."],
    formula: "a = b",
    source: "Somebody 2014, section 3.",
  });
});
