// Frames of the past: how many are kept, at which distances, and in how many bytes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { History, MOST_BYTES, bytesOf } from "./history.js";

/** A frame of so many bytes. @param {number} step @param {number} bytes */
const frame = (step, bytes = 1000) => ({
  step,
  density: null,
  images: /** @type {import("../protocol.js").Samples} */ (
    /** @type {unknown} */ ({ pixels: new Uint8Array(bytes - 4), scores: new Float32Array(1) })
  ),
});

test("bytes are those of all typed arrays, however deep", () => {
  assert.equal(bytesOf({ a: new Float32Array(3), b: { c: new Uint8Array(5) }, d: null, e: 7 }), 17);
});

test("the bytes of 2,000 frames stay below the limit, and the first and last frame stay", () => {
  const history = new History(50_000);
  for (let step = 0; step < 2000; step++) {
    history.push(frame(step));
    assert.ok(history.bytes <= 50_000);
  }
  const { steps } = history;
  assert.equal(steps.length, 50);
  assert.deepEqual([steps[0], steps.at(-1)], [0, 1999]);
});

test("a frame that is looked at stays while others come; frames too large for the limit leave the last", () => {
  const history = new History(20_000);
  for (let step = 0; step < 40; step++) history.push(frame(step));
  const looked = history.steps[7];
  history.pinned = looked;
  for (let step = 40; step < 4000; step++) history.push(frame(step));
  assert.equal(history.at(looked)?.step, looked);
  const small = new History(1500);
  for (let step = 0; step < 3; step++) small.push(frame(step));
  assert.deepEqual(small.steps, [2]);
});

test("distances grow with the age of the frames", () => {
  const history = new History(60_000);
  for (let step = 0; step < 6000; step++) history.push(frame(step));
  const { steps } = history;
  const gaps = steps.slice(1).map((step, i) => step - steps[i]);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const third = Math.floor(gaps.length / 3);
  const [old, middle, recent] = [gaps.slice(0, third), gaps.slice(third, 2 * third), gaps.slice(2 * third)].map(mean);
  assert.ok(old > 2 * middle && middle > 2 * recent, `${old}, ${middle}, ${recent}`);
});

test("a step shows its frame, or the latest before it", () => {
  const history = new History();
  for (const step of [10, 20, 40]) history.push(frame(step));
  assert.deepEqual(
    [5, 10, 19, 39, 100].map((step) => history.at(step)?.step),
    [10, 10, 10, 20, 40],
  );
  assert.equal(new History().at(3), null);
});

test("the same step replaces its frame, and a run that goes on from before forgets what came after", () => {
  const history = new History();
  for (const step of [0, 1, 2, 3]) history.push(frame(step));
  history.push(frame(3, 2000));
  assert.deepEqual([history.steps, history.bytes], [[0, 1, 2, 3], 5000]);
  history.cut(1);
  assert.deepEqual([history.steps, history.bytes], [[0, 1], 2000]);
  assert.ok(3 * MOST_BYTES <= 24_000_000);
});
