// When the browser is to ask before the page is left.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_IN_ADDRESS, asShared, encoded } from "../../www/data/drawn.js";
import { WORTH_MS, cameByLink, wouldLose } from "../../www/app/leave.js";

/** @param {Partial<import("../../www/app/leave.js").Work>} work */
const loses = (work) => wouldLose({ runs: [{ elapsedMs: 0 }], drawn: {}, hash: "", unsent: false, ...work });
/** @param {number} n */
const points = (n) =>
  asShared(
    "drawn",
    Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i)),
  );

test("row 9: it asks for over a minute of training, in one run or in two, and for no less", () => {
  assert.equal(loses({}), false);
  assert.equal(loses({ runs: [{ elapsedMs: WORTH_MS }] }), false);
  assert.equal(loses({ runs: [{ elapsedMs: WORTH_MS + 1 }] }), true);
  assert.equal(loses({ runs: [{ elapsedMs: 40_000 }, { elapsedMs: 21_000 }] }), true);
});

test("row 9: it asks for drawn points that the address does not hold", () => {
  const few = points(9);
  const many = points(MOST_IN_ADDRESS + 1);
  const hashOf = (/** @type {Float32Array} */ drawn) => `data=drawn&points=${encoded("drawn", drawn)}`;
  assert.equal(loses({ drawn: { drawn: few }, hash: hashOf(few) }), false);
  assert.equal(loses({ drawn: { drawn: few }, hash: "data=ring" }), true, "another data set was chosen since");
  assert.equal(loses({ drawn: { drawn: few }, hash: hashOf(points(8)) }), true, "other points");
  assert.equal(loses({ drawn: { drawn: many }, hash: hashOf(many) }), true, "too many for it");
  assert.equal(loses({ unsent: true }), true, "on the paper, used by no run yet");
  cameByLink(few);
  assert.equal(loses({ drawn: { drawn: few }, hash: "data=ring" }), false, "they came with a link");
});
