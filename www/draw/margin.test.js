// Labels in the margin of a chart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apart } from "./margin.js";

const label = (/** @type {number} */ y) => ({ y, text: String(y), color: "black" });
const places = (/** @type {number[]} */ ys) => apart(ys.map(label), 10, 0, 100).map(({ y }) => y);

test("labels with room stay where they are", () => {
  assert.deepEqual(places([50, 20, 80]), [20, 50, 80]);
});

test("labels that would overlap are moved apart, in their order", () => {
  assert.deepEqual(places([50, 52, 51]), [50, 60, 70]);
  assert.deepEqual(
    apart([50, 52, 51].map(label), 10, 0, 100).map(({ text }) => text),
    ["50", "51", "52"],
  );
});

test("labels stay between top and bottom", () => {
  assert.deepEqual(places([-5, 99, 98, 100]), [5, 75, 85, 95]);
});
