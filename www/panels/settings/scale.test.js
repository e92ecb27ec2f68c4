import assert from "node:assert/strict";
import { test } from "node:test";
import { positionOf, scaleOf, stepped, valueAt } from "./scale.js";

/** @param {any} values */
const scale = (values) => scaleOf(/** @type {any} */ ({ values }));
const rate = scale({ type: "real", min: 1e-6, max: 1, open: false });
const beta = scale({ type: "real", min: 0, max: 1, open: true });
const batch = scale({ type: "integer", min: 2, max: 512 });
const layers = scale({ type: "integer", min: 1, max: 5 });
const dense = scale({ type: "integer", min: 0, max: 1024 });
const weight = scale({ type: "real", min: 0, max: 1000, open: false });
const offset = scale({ type: "real", min: -10, max: 10, open: false });
const seed = scale({ type: "integer", min: 0, max: 2 ** 32 - 1 });
const all = { rate, beta, batch, layers, dense, weight, offset };

test("a range over orders of magnitude is walked through by factors, another evenly", () => {
  assert.deepEqual(
    Object.entries({ ...all, seed }).map(([name, { kind, slider }]) => [name, kind, slider]),
    [
      ["rate", "factors", true],
      ["beta", "even", true],
      ["batch", "factors", true],
      ["layers", "even", true],
      ["dense", "factors", true],
      ["weight", "factors", true],
      ["offset", "even", true],
      ["seed", "even", false],
    ],
  );
});

test("steps go to round numbers, up and down the same way, and stop at the ends", () => {
  const up = (/** @type {any} */ s, /** @type {number[]} */ values) => values.map((v) => stepped(s, v, 1));
  const down = (/** @type {any} */ s, /** @type {number[]} */ values) => values.map((v) => stepped(s, v, -1));
  assert.deepEqual(up(rate, [0.0001, 0.0002, 0.0003, 0.0005, 1]), [0.0002, 0.0005, 0.0005, 0.001, 1]);
  assert.deepEqual(down(rate, [0.001, 0.0005, 0.0003, 1e-6]), [0.0005, 0.0002, 0.0002, 1e-6]);
  assert.deepEqual(up(batch, [2, 32, 48, 512]), [4, 64, 96, 512]);
  assert.deepEqual(down(batch, [512, 3, 2]), [256, 2, 2]);
  assert.deepEqual(up(layers, [1, 5]), [2, 5]);
  assert.deepEqual(up(dense, [0, 1]), [1, 2]);
  assert.deepEqual(down(dense, [2, 1, 0]), [1, 0, 0]);
  assert.deepEqual([stepped(weight, 0, 1), stepped(weight, 0.01, -1), stepped(weight, 10, 1)], [0.01, 0, 20]);
  assert.deepEqual(up(beta, [0.5, 0.99]), [0.55, 0.99]);
  assert.deepEqual([stepped(offset, 0, -1), stepped(offset, -10, -1)], [-1, -10]);
  assert.deepEqual([stepped(seed, 7, 1), stepped(seed, 2 ** 32 - 1, 1)], [8, 2 ** 32 - 1]);
});

test("the slider reaches both ends, and every position gives a valid value near it", () => {
  for (const [name, s] of Object.entries(all)) {
    assert.equal(valueAt(s, 0), s.min, name);
    assert.equal(valueAt(s, 1), s.max, name);
    for (let i = 0; i <= 100; i++) {
      const value = valueAt(s, i / 100);
      assert.ok(value >= s.min && value <= s.max, `${name}: ${value}`);
      if (s.whole) assert.ok(Number.isInteger(value), `${name}: ${value}`);
      if (!s.whole && i > 3) assert.ok(Math.abs(positionOf(s, value) - i / 100) < 0.02, `${name}: ${value} at ${i}`);
    }
  }
  assert.ok(valueAt(beta, 1) < 1, "the end of an open range is no value");
  assert.equal(positionOf(rate, 1e-3), 0.5);
});
