// The Dirac-GAN in words: eigenvalues, outcomes and names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EXTENT, FIRST, complexText, nameOf, optionsOf, outcomeOf, reachOf, stabilityOf } from "./dirac-data.js";
import { SIDE, place } from "./dirac-plot.js";

/** @import { Catalog } from "../../protocol.js" */

const choice = (/** @type {string} */ key, /** @type {[string, string][]} */ options) => ({
  key,
  values: { type: "choice", options: options.map(([value, label]) => ({ value, label })) },
});
const CATALOG = /** @type {Catalog} */ (
  /** @type {unknown} */ ({
    fields: [
      choice("objective", [
        ["non-saturating", "non-saturating"],
        ["began", "BEGAN"],
      ]),
      choice("d_penalty", [
        ["none", "none"],
        ["r1", "R1 (real samples)"],
        ["r1-differences", "R1, finite differences (approximate)"],
      ]),
    ],
  })
);

test("eigenvalues as people write them", () => {
  assert.deepEqual(
    [
      [0, 0.5],
      [0, -0.5],
      [-0.15, 0.477],
      [-0.15, -0.477],
      [-1.05, 0],
      [1e-9, 1e-9],
    ].map((v) => complexText(/** @type {[number, number]} */ (v))),
    ["0.500 i", "−0.500 i", "−0.150 + 0.477 i", "−0.150 − 0.477 i", "−1.050", "0.000"],
  );
});

test("what eigenvalues mean", () => {
  const of = (/** @type {[number, number][] | null} */ values, circles = false, alternating = false) =>
    stabilityOf({ values, circles, lr: 0.1, alternating });
  assert.match(
    of(
      [
        [0, 0.5],
        [0, -0.5],
      ],
      true,
    ),
    /Purely imaginary, .* oscillates .* outward spiral/,
  );
  assert.match(
    of(
      [
        [0, 0.5],
        [0, -0.5],
      ],
      true,
      true,
    ),
    /Alternating steps stay near the circle/,
  );
  assert.match(
    of([
      [0, 0.5],
      [0, -0.5],
    ]),
    /eigenvalues do not decide/,
    "a loss that is not zero-sum",
  );
  // A factor e in 1 / 0.15 = 6.7 units, of which a step is a tenth.
  assert.match(
    of([
      [-0.15, 0.477],
      [-0.15, -0.477],
    ]),
    /spirals into .* 6\.7 units of time, 67 steps/,
  );
  assert.match(
    of([
      [-0.25, 0],
      [-1.05, 0],
    ]),
    /goes straight into .* 4\.0 units/,
  );
  assert.match(
    of([
      [0.1, 0],
      [-1, 0],
    ]),
    /leaves the equilibrium/,
  );
  assert.match(of(null), /not differentiable/);
});

test("what became of a trajectory", () => {
  assert.match(outcomeOf(Float32Array.of(3, 4, 0, 0.5), 1), /5\.00 at the start, 0\.500 after 1 steps/);
  assert.match(outcomeOf(Float32Array.of(3, 4, 0, 0.5), 9), /diverged after 1 steps/);
});

test("losses that need more than two parameters are not offered, and trajectories have names", () => {
  assert.deepEqual(
    optionsOf(CATALOG, "objective").map((o) => o.value),
    ["non-saturating"],
  );
  assert.equal(nameOf(FIRST, CATALOG), "non-saturating, learning rate 0.1, simultaneous");
  assert.equal(
    nameOf({ ...FIRST, penalty: "r1", alternating: true }, CATALOG),
    "non-saturating, R1 × 0.3, learning rate 0.1, alternating",
  );
});

test("places lead back to numbers, and eigenvalues have room", () => {
  for (const v of [-EXTENT, 0, 1.3])
    assert.ok(Math.abs(place.theta(place.x(v)) - v) < 1e-9 && Math.abs(place.psi(place.y(v)) - v) < 1e-9);
  assert.ok(place.x(-EXTENT) > 0 && place.x(EXTENT) < SIDE && place.y(EXTENT) < place.y(-EXTENT));
  assert.deepEqual([reachOf([[0, 0.1]]), reachOf([[-2, 0]]), reachOf([])], [0.6, 2.5, 0.6]);
});
