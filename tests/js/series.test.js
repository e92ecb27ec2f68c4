import assert from "node:assert/strict";
import { test } from "node:test";
import { Series, smooth } from "../../www/series.js";

test("short runs keep every point", () => {
  const series = new Series(["a"], 8);
  [3, 1, 2].forEach((v, i) => series.push(i + 1, [v]));
  assert.deepEqual(series.steps(), [1, 2, 3]);
  for (const what of /** @type {const} */ (["min", "mean", "max"])) assert.deepEqual(series.column(0, what), [3, 1, 2]);
});

test("long runs stay small and lose no spike", () => {
  const series = new Series(["a"], 64);
  for (let step = 1; step <= 100_000; step++) series.push(step, [step === 31_337 ? 1000 : Math.sin(step)]);
  assert.ok(series.length <= 64 && series.length >= 32, String(series.length));
  assert.equal(Math.max(...series.column(0, "max").map(Number)), 1000);
  assert.equal(series.steps().at(-1), 100_000);
});

test("a merged mean is the mean of its steps", () => {
  const series = new Series(["a"], 4);
  for (let step = 1; step <= 8; step++) series.push(step, [step]);
  assert.deepEqual(series.column(0, "mean"), [1.5, 3.5, 5.5, 7.5]);
});

test("gaps stay gaps and NaN never becomes a number", () => {
  const series = new Series(["a", "b"], 8);
  series.push(1, [1, null]);
  series.push(2, [NaN, 5]);
  assert.deepEqual(series.column(0, "mean"), [1, null]);
  assert.deepEqual(series.column(1, "mean"), [null, 5]);
  assert.equal(series.csv(), "step,steps,a_mean,a_min,a_max,b_mean,b_min,b_max\n1,1,1,1,1,,,\n2,1,,,,5,5,5\n");
});

test("smoothing keeps a constant, starts at the first value, and none is none", () => {
  assert.deepEqual(smooth([2, 2, null, 2], 0.9), [2, 2, null, 2]);
  assert.deepEqual(smooth([1, 5, 3], 0), [1, 5, 3]);
  const [first, second] = smooth([0, 1], 0.5);
  assert.equal(first, 0);
  assert.ok(Math.abs(Number(second) - 2 / 3) < 1e-12);
});
