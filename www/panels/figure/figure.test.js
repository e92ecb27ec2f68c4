// Figure 1 in numbers: panels, lines from z, the bar of V, and what is drawn by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_UPDATES, STRIDE, ToOptimum } from "../../app/optimum.js";
import { BINS, example, smoothed, stroke } from "../../dialogs/draw-density/bins.js";
import {
  BAR_LOW,
  EQUILIBRIUM,
  linesOf,
  nodeAt,
  nodeOf,
  massToMove,
  normalQuantile,
  panelOf,
  placeOnBar,
  gradientNormOf,
  rangeOfD,
  steadyTop,
  topOf,
} from "./figure-data.js";
import { ROWS, numberText } from "./figure-numbers.js";
import { describe, placesOf } from "./figure.js";

/** @import { DensityFrame } from "../../protocol.js" */

const SIDE = 200;
/** @param {number} x @param {number} m @param {number} s */
const normal = (x, m, s) => Math.exp(-((x - m) ** 2) / (2 * s * s)) / (s * Math.sqrt(2 * Math.PI));

/** Two normals with their D*, or the D that is given. @param {number} at where G is @param {(x: number) => number} [d] @returns {DensityFrame} */
function sceneOf(at, d) {
  const p = (/** @type {number} */ x) => normal(x, 0, 0.5);
  const q = (/** @type {number} */ x) => normal(x, at, 0.5);
  const best = (/** @type {number} */ x) => p(x) / (p(x) + q(x));
  const says = d ?? best;
  const dx = 8 / SIDE;
  const map = (/** @type {(x: number) => number} */ f) =>
    Float32Array.from({ length: SIDE }, (_, i) => f(-4 + dx * (i + 0.5)));
  let [gap, value, divergence] = [0, 0, 0];
  for (let i = 0; i < SIDE; i++) {
    const x = -4 + dx * (i + 0.5);
    const [a, b] = [p(x) + 1e-12, q(x) + 1e-12];
    gap += dx * ((a + b) / 2) * Math.abs(says(x) - best(x));
    value += dx * (a * Math.log(says(x)) + b * Math.log(1 - says(x)));
    divergence += (dx / 2) * (a * Math.log((2 * a) / (a + b)) + b * Math.log((2 * b) / (a + b)));
  }
  const sheetZ = Float32Array.from({ length: 65 }, (_, i) => -2.5 + (5 * i) / 64);
  const few = Float32Array.of(-0.5, 0, 0.5);
  return {
    step: 1200,
    width: 1,
    zWidth: 1,
    window: [-4, 4, 0, 1],
    real: few,
    realScores: few.map(says),
    z: few,
    fake: few.map((v) => at + v),
    fakeScores: few.map((v) => says(at + v)),
    arrows: Float32Array.of(1, -2, 3),
    side: SIDE,
    dOutput: map(says),
    dOptimal: map(best),
    pData: map(p),
    pG: map(q),
    exact: map(p),
    bandwidth: 0.1,
    fieldSide: 0,
    field: new Float32Array(0),
    sheetSide: 65,
    sheetZ,
    sheet: sheetZ.map((z) => at + z / 2),
    gap,
    value,
    optimalValue: 2 * divergence - Math.log(4),
    divergence,
  };
}

test("with the best D the value is 2 JS - log 4, and theorem 1's least of all is -log 4", () => {
  const { value, optimalValue: bestValue, gap } = sceneOf(1);
  assert.ok(Math.abs(value - bestValue) < 1e-3, `${value} and ${bestValue}`);
  assert.ok(gap < 1e-9);
  assert.ok(Math.abs(sceneOf(0).optimalValue - EQUILIBRIUM) < 1e-9 && Math.abs(EQUILIBRIUM + 1.3862944) < 1e-6);
});

test("a to d of the figure", () => {
  assert.equal(
    panelOf(
      sceneOf(1, () => 0.5),
      "start",
    ),
    "a",
  );
  assert.equal(panelOf(sceneOf(1), "training"), "b");
  assert.equal(
    panelOf(
      sceneOf(1, () => 0.5),
      "optimum",
    ),
    "b",
    "as near as this D comes",
  );
  assert.equal(panelOf(sceneOf(1), "g-step"), "c");
  assert.equal(panelOf(sceneOf(0.02), "g-step"), "d");
});

test("row 4: equilibrium is claimed of the densities, not of D", () => {
  // Two humps where the data has one, little apart: their divergence is small, and D may be at its optimum.
  const humps = sceneOf(0);
  const x = (/** @type {number} */ i) => -4 + (8 / SIDE) * (i + 0.5);
  humps.pG = humps.pData.map((_, i) => (normal(x(i), -0.42, 0.3) + normal(x(i), 0.42, 0.3)) / 2);
  humps.divergence = 0;
  for (let i = 0; i < SIDE; i++) {
    const [a, b] = [humps.pData[i] + 1e-12, humps.pG[i] + 1e-12];
    humps.divergence += (8 / SIDE / 2) * (a * Math.log((2 * a) / (a + b)) + b * Math.log((2 * b) / (a + b)));
  }
  assert.ok(humps.divergence < 0.02 && humps.gap < 1e-9, `${humps.divergence}`);
  assert.equal(panelOf(humps, "optimum"), "b");
  // D says 1/2 of everything, and the densities are apart.
  assert.equal(panelOf({ ...sceneOf(1, () => 0.5), gap: 0 }, "training"), "b");
  // From both sides: a shift of 0.1 deviations moves 4 % of the mass, one of 0.4 16 %.
  assert.ok(massToMove(sceneOf(0.05)) < 0.05 && massToMove(sceneOf(0.2)) > 0.12);
  assert.deepEqual(
    [sceneOf(0.05), sceneOf(0.2)].map((snapshot) => panelOf(snapshot, "training")),
    ["d", "b"],
  );
});

test("lines from a normal z stand at equal steps of probability and end at G(z)", () => {
  const lines = linesOf(sceneOf(1), true);
  assert.equal(lines.length, 33);
  for (const [z, x] of lines) assert.ok(Math.abs(x - (1 + z / 2)) < 1e-6);
  const middle = lines[16][0];
  assert.ok(Math.abs(middle) < 1e-6);
  assert.ok(lines[1][0] - lines[0][0] > 3 * (lines[17][0] - middle), "they crowd where z is frequent");
  const even = linesOf(sceneOf(1), false);
  assert.ok(Math.abs(even[1][0] - even[0][0] - (even[17][0] - even[16][0])) < 1e-6);
});

test("of a z of two numbers the first changes and the second is 0", () => {
  const side = 3;
  const snapshot = {
    ...sceneOf(0),
    zWidth: 2,
    sheetSide: side,
    sheetZ: Float32Array.of(-1, 0, 1),
    sheet: Float32Array.of(9, 9, 9, 1, 2, 3, 9, 9, 9),
  };
  for (const [z, x] of linesOf(snapshot, false)) assert.ok(Math.abs(x - (2 + z)) < 1e-6);
});

test("quantiles of the normal", () => {
  for (const [p, z] of [
    [0.5, 0],
    [0.975, 1.959964],
    [0.01, -2.326348],
    [0.999, 3.090232],
  ])
    assert.ok(Math.abs(normalQuantile(p) - z) < 1e-5, `${p}`);
});

test("nodes of a map are the middles of its cells", () => {
  const snapshot = sceneOf(0);
  assert.ok(Math.abs(nodeOf(snapshot, 0) + 3.98) < 1e-9);
  assert.equal(nodeAt(snapshot, nodeOf(snapshot, 17)), 17);
  assert.deepEqual([nodeAt(snapshot, -4.1), nodeAt(snapshot, 4)], [-1, -1]);
});

test("V's bar ends at 0, which no V exceeds, and holds what is below its left end", () => {
  assert.deepEqual([placeOnBar(0), placeOnBar(1), placeOnBar(BAR_LOW), placeOnBar(-9)], [1, 1, 0, 0]);
  assert.ok(Math.abs(placeOnBar(BAR_LOW / 2) - 0.5) < 1e-12);
});

test("D has an axis from 0 to 1 where it is a probability, and otherwise one of its own", () => {
  const snapshot = sceneOf(1, (x) => 3 * x);
  assert.deepEqual(rangeOfD(snapshot, true), [0, 1]);
  const [low, high] = rangeOfD(snapshot, false);
  assert.ok(low < -11.9 && high > 11.9);
  const p = placesOf(600, snapshot, { output: { type: "critic" }, normal: true });
  assert.ok(p.says(low) > p.says(high) && p.says(high) >= p.top - 1e-9);
});

test("a needle of the exact density does not flatten what is smooth", () => {
  const snapshot = { ...sceneOf(0), exact: Float32Array.of(100) };
  assert.ok(topOf(snapshot) < 2 * Math.max(...snapshot.pData));
  assert.ok(topOf(sceneOf(0)) > Math.max(...sceneOf(0).pData));
});

test("the densities' axis stays while it can", () => {
  assert.equal(steadyTop(1, 0.8), 1);
  assert.ok(steadyTop(1, 1.2) > 1.2, "grows, with room to go on");
  assert.ok(steadyTop(1, 0.4) < 0.5, "shrinks when half would do");
  assert.ok(steadyTop(0, 0.4) > 0.4);
});

test("the numbers are the scene's, each with a formula and its source", () => {
  const snapshot = sceneOf(1, () => 0.5);
  const shown = Object.fromEntries(ROWS.map((row) => [row.id, row.value(snapshot)]));
  assert.deepEqual(shown, {
    value: snapshot.value,
    best: snapshot.optimalValue,
    equilibrium: EQUILIBRIUM,
    divergence: snapshot.divergence,
    gap: snapshot.gap,
    pull: 2,
  });
  assert.equal(gradientNormOf(snapshot.arrows), 2);
  for (const { about } of ROWS) assert.match(about, /(Source|Goodfellow et al\. 2014|Arjovsky)/);
  assert.deepEqual([NaN, 0, -1.3862, 0.00012].map(numberText), ["–", "0.000", "−1.386", "1.2e−4"]);
});

test("the figure says what it shows", () => {
  const words = describe(sceneOf(1), { type: "probability" });
  assert.match(words, /^Step 1,200: real numbers are densest at 0\.0, generated ones at 1\.0; D gives /);
  assert.match(describe({ ...sceneOf(1), gap: NaN }, { type: "critic" }), /D's output is .* on average\.$/);
});

/** Runs to an end with gaps by updates. @param {(updates: number) => number} gap */
function optimum(gap) {
  /** @type {number[]} */
  const asked = [];
  const run = new ToOptimum((n) => asked.push(n));
  run.begin(gap(0));
  while (run.running) run.onTrained(gap(run.done + STRIDE), STRIDE);
  return { run, asked };
}

test("D is trained until the gap is small, no longer falls, or has had its updates", () => {
  assert.equal(optimum((n) => 0.4 * 0.99 ** n).run.reason, "close");
  const settled = optimum((n) => 0.1 + 0.3 * 0.98 ** n).run;
  assert.equal(settled.reason, "settled");
  assert.ok(settled.gap < 0.12 && settled.done < MOST_UPDATES);
  assert.match(settled.text, /from 0\.400 to 0\.1\d\d and no longer falls/);
  const most = optimum((n) => 2 - n / 1500);
  assert.deepEqual([most.run.reason, most.run.done], ["most", MOST_UPDATES]);
  assert.equal(most.asked.length, MOST_UPDATES / STRIDE);
});

test("training D to the optimum can be cancelled, and needs an optimum", () => {
  const run = new ToOptimum(() => {});
  run.begin(0.4);
  run.onTrained(0.39, STRIDE);
  run.cancel();
  assert.deepEqual([run.running, run.reason, run.done], [false, "cancelled", STRIDE]);
  run.onTrained(0.1, STRIDE);
  assert.equal(run.gap, 0.39, "what was still on its way no longer counts");
  run.begin(NaN);
  assert.equal(run.reason, "no-optimum");
});

test("a stroke leaves no holes and stays on the paper", () => {
  const empty = new Float32Array(BINS);
  const drawn = stroke(empty, [10, 0.2], [14, 1]);
  assert.deepEqual(
    [...drawn.slice(9, 16)].map((v) => Math.round(100 * v) / 100),
    [0, 0.2, 0.4, 0.6, 0.8, 1, 0],
  );
  assert.equal(Math.max(...empty), 0, "what was there before is not changed");
  assert.deepEqual([...stroke(empty, [0, 2], [1, -1])].slice(0, 3), [1, 0, 0]);
  assert.deepEqual(stroke(drawn, [14, 0.5], [10, 0.5]).slice(10, 15), Float32Array.from([0.5, 0.5, 0.5, 0.5, 0.5]));
});

test("smoothing keeps what is level and what there is to begin with is a density", () => {
  assert.deepEqual(smoothed(Float32Array.of(1, 1, 1)), Float32Array.of(1, 1, 1));
  assert.deepEqual(smoothed(Float32Array.of(0, 1, 0)), Float32Array.of(0.25, 0.5, 0.25));
  assert.ok(example().length === BINS && example().every((h) => h >= 0 && h <= 1));
});
