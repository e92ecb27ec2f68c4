// What was measured of the prepared experiments, as the page tells it and as docs/results.md lists it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { current, read, results } from "../../scripts/results.mjs";
import { sentences } from "../../www/results.js";

const image = {
  preset: "hinge",
  settings: [],
  generator: "averaged",
  device: "native CPU",
  seed: 1,
  steps: 2000,
  mnist_score: 8.738,
  mnist_score_floor: 9.809,
  coverage: 0.861,
  coverage_floor: 0.9655,
};
const point = { preset: "ring-r1", seed: 1, steps: 2000, modes: 8, of: 8, high_quality: 0.6356 };

test("only runs of the preset as it is are told, the longest, seed by seed", () => {
  const rows = [
    { ...image, seed: 2, mnist_score: 8.742 },
    image,
    { ...image, generator: "raw", seed: 3 },
    { ...image, settings: ["pack=2"], seed: 4 },
    { ...image, device: "tab, CPU (report card of the page)", seed: 5 },
    { ...image, steps: 500, seed: 6 },
  ];
  assert.deepEqual(sentences(rows, []), {
    hinge:
      "Measured natively after 2,000 steps, seeds 1 and 2: MNIST score 8.74 and 8.74 (real images 9.81), coverage 0.86 and 0.86 (0.97).",
  });
});

test("of more than three seeds the least and the largest value are told", () => {
  const rows = [0.6356, 0.49, 0.5064, 0.5384].map((high_quality, i) => ({
    ...point,
    seed: i + 1,
    modes: 8 - (i % 2),
    high_quality,
  }));
  assert.deepEqual(sentences([], rows), {
    "ring-r1":
      "Measured natively after 2,000 steps, seeds 1, 2, 3 and 4: 8, 7, 8 and 7 of 8 modes with a sample, 49 to 64 % high-quality samples (a perfect generator: 98.9 %).",
  });
});

test("classes, codes and pairs are told where there are any", () => {
  const of = (/** @type {object} */ more) => sentences([{ ...image, ...more }], []).hinge;
  assert.match(of({ class_accuracy: 0.98659 }), /, 98\.7 % of the images are of the class asked for\.$/);
  assert.match(
    of({ code_purity: 0.9875, information: 2.2607 }),
    /, mutual information 2\.26 nats, purity of the codes 0\.99\.$/,
  );
  assert.match(
    of({ pair_agreement: 0.9432, pair_agreement_shuffled: 0.8279 }),
    /, 94\.3 % of the pixels of a pair agree, unpaired baseline 82\.8 %\.$/,
  );
});

test("the committed files have a sentence for every member of the family", () => {
  const [quality, modes] = ["quality", "modes"].map((name) =>
    JSON.parse(readFileSync(new URL(`../../bench/${name}.json`, import.meta.url), "utf8")),
  );
  const text = sentences(quality, modes);
  for (const [id, sentence] of Object.entries(text)) assert.doesNotMatch(sentence, /NaN|undefined/, id);
  const family = [
    "dcgan",
    "goodfellow",
    "lsgan",
    "wgan",
    "wgan-gp",
    "hinge",
    "sngan",
    "r1",
    "r3gan",
    "dragan",
    "r3gan-mini",
    "began",
    "growing",
    "style",
    "cgan",
    "projection",
    "cogan-edges",
    "cogan-negatives",
    "acgan",
    "infogan",
  ];
  const points = [
    "ring-lost",
    "ring-r1",
    "ring-wgan-gp",
    "ring-packed",
    "ring-r3",
    "pacgan-ring",
    "pacgan-ring-2",
    "pacgan-grid",
    "pacgan-grid-2",
  ];
  assert.deepEqual(
    [...family, ...points].filter((id) => !text[id]),
    [],
  );
});

test("docs/results.md is what the files in bench/ say", () => {
  assert.ok(
    results(read()) === current(),
    "docs/results.md is out of date: run node scripts/results.mjs and commit it",
  );
});

test("docs/results.md has no gaps and keeps to 120 characters a line", () => {
  assert.doesNotMatch(current(), /NaN|undefined|\[object|Infinity/);
  assert.deepEqual(
    current()
      .split("\n")
      .filter((line) => line.length > 120),
    [],
  );
});

test("docs/results.md follows a changed number of any file in bench/", () => {
  /** @type {[string, (files: ReturnType<typeof read>) => void][]} */
  const changes = [
    [
      "quality",
      ({ quality }) =>
        (quality.find((/** @type {any} */ r) => r.preset === "sngan" && r.generator === "averaged").fd += 1),
    ],
    ["modes", ({ modes }) => (modes[0].strict += 1)],
    ["claims", ({ claims }) => (claims.at(-1).shown = !claims.at(-1).shown)],
    ["speed", ({ speed }) => (speed.rows[0].ms_per_step += 1)],
    ["limits", ({ limits }) => (limits.mlp.dispatches += 1)],
  ];
  for (const [name, change] of changes) {
    const files = read();
    change(files);
    assert.ok(results(files) !== current(), name);
  }
});

test("a table says when, where and of which commit its rows are, where they know it", () => {
  const files = read();
  assert.match(results(files), /Date: unknown\. Machine: unknown\. Commit: unknown\./);
  files.modes = files.modes.map((/** @type {any} */ row) => ({
    ...row,
    date: "2030-01-31",
    machine: "a machine",
    commit: "abc1234",
  }));
  assert.match(results(files), /counterfeit modes`\.\nDate: 2030-01-31\. Machine: a machine\. Commit: abc1234\./);
});
