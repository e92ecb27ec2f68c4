// Private names of what has a standard term stay out of code, page and documents: scripts/words.json lists them with
// that term.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, violations, violationsIn } from "../../scripts/words.mjs";

test("no word of the list is in code, page or documents", () => {
  assert.deepEqual(violations().map(describe), []);
});

test("a planted word is found in its place, with the term to use", () => {
  const found = violationsIn("crates/kernels/src/lib.rs", "/// A loss.\npub fn surprise(logits: f32) -> f32 {\n");
  assert.deepEqual(
    found.map(({ line, word, use }) => [line, word, use]),
    [[2, "surprise", "cross_entropy"]],
  );
  assert.equal(violationsIn("index.html", "<h2>What D says</h2>")[0]?.use, "Discriminator outputs (logits)");
  assert.equal(violationsIn("www/run.js", "  look() {")[0]?.use, "requestFrame");
  assert.equal(violationsIn("crates/nn/src/mlp.rs", "pub fn judge(net: Builder) {")[0]?.use, "build_discriminator");
});

test("ordinary English, longer identifiers and other places are left alone", () => {
  const fine = [
    ["www/run.js", "// It looks the same by itself; follow the light, keep the score, and mark what you told."],
    ["www/run.js", "const x = Math.floor(surprised);"],
    ["crates/data/src/sampler.rs", "pub fn draw(&mut self, n: usize) -> Vec<u32> {"],
    ["crates/nn/src/bound.rs", "pub struct BoundNetwork {"],
  ];
  for (const [file, text] of fine) assert.deepEqual(violationsIn(file, text), [], text);
});
