// The measures of low dimension as a table says them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ROWS, bestOf, densityCsv } from "./modes.js";
import { densityMetricsOf } from "../../views/comparison.js";

/** @import { DensityEvaluation } from "../../protocol.js" */

/** @param {number} step @param {number} captured @param {number} highQuality @returns {DensityEvaluation} */
const measured = (step, captured, highQuality) => {
  const of = (/** @type {number} */ c, /** @type {number} */ q) => ({
    modes: { captured: c, strict: c, of: 8, highQuality: q, reverseKl: 1 / c, spread: 1, shares: [], due: [] },
    js: 1 / c,
    w1: null,
  });
  return /** @type {any} */ ({ step, n: 2500, generated: of(captured, highQuality), realReference: of(8, 0.989) });
};
const history = [measured(100, 2, 0.999), measured(200, 8, 0.93), measured(300, 7, 0.95), measured(400, 8, 0.93)];
/** @param {string} key */
const row = (key) => /** @type {typeof ROWS[0]} */ (ROWS.find((r) => r.key === key));

test("every measure is explained in two sentences or three, with a formula and a source", () => {
  for (const { label, about, formula, source } of ROWS) {
    const sentences = about.split(/[.!?](?:\s|$)/).filter(Boolean).length;
    assert.ok(sentences >= 2 && sentences <= 3, `${label}: ${sentences}`);
    assert.ok(formula && source, label);
  }
  assert.equal(new Set(ROWS.map((r) => r.key)).size, ROWS.length);
});

test("the best evaluation is the nearest to the real-data reference, not a single mode of high quality", () => {
  assert.equal(bestOf(history, "modes", row("modes").value)?.step, 200, "the first of equals");
  assert.equal(bestOf(history, "quality", row("quality").value)?.step, 100);
  assert.equal(bestOf(history.slice(1), "quality", row("quality").value)?.step, 300);
  assert.equal(bestOf(history, "kl", row("kl").value)?.step, 200);
  assert.equal(bestOf([], "kl", row("kl").value), undefined);
});

test("numbers are shown with what they are of", () => {
  const { generated: made } = history[1];
  assert.equal(row("modes").show(8, made), "8 of 8");
  assert.equal(row("quality").show(0.9886, made), "98.9 %");
  assert.equal(row("kl").show(Infinity, made), "∞");
  assert.equal(row("w1").value(made), null);
  assert.equal(
    densityMetricsOf(history[2]),
    "Step 300: 7 of 8 modes, 95.0 % high-quality samples, Jensen-Shannon 0.143.",
  );
  assert.equal(
    densityMetricsOf({ ...history[2], generated: { modes: null, js: 0.2, w1: 0.1, reach: 1 } }),
    "Step 300: Jensen-Shannon 0.200.",
  );
});

test("a line for each evaluation, generated and real data, empty where there is no number", () => {
  const lines = densityCsv(history)
    .trim()
    .split("\n")
    .map((l) => l.split(","));
  assert.equal(lines.length, 5);
  assert.ok(lines.every((l) => l.length === lines[0].length));
  const at = lines[0].indexOf("generated_modes");
  assert.deepEqual(
    lines.slice(1).map((l) => l[at]),
    ["2", "8", "7", "8"],
  );
  assert.equal(lines[1][lines[0].indexOf("real_w1")], "");
});
