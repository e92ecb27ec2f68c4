import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchSize } from "../../www/pace/batch-size.js";
import { FrameBudget } from "../../www/pace/frame-budget.js";
import { OtherWork, negligible } from "../../www/pace/other-work.js";

/** Sizes of batches whose time is latency + steps x cost. @param {BatchSize} batch @param {number} latency @param {number} cost @param {number} n @param {(ms: number) => number} [noise] */
function sizes(batch, latency, cost, n, noise = (ms) => ms) {
  const all = [];
  for (let i = 0; i < n; i++) {
    all.push(batch.steps);
    batch.note(batch.steps, noise(latency + cost * batch.steps));
  }
  return all;
}

test("row 11: latency is not taken for the cost of a step, so that batches grow until it is hidden", () => {
  // A read-back of 100 ms and steps of 20: one step in 120 ms, where a batch of 5 makes five in 200.
  assert.equal(sizes(new BatchSize(80, 64), 100, 20, 12).at(-1), 5);
  // An H100: 0.7 ms a step.
  assert.equal(sizes(new BatchSize(80, 64), 2, 0.7, 12).at(-1), 64);
});

test("row 11: without latency a batch takes what the budget allows, and one step at least", () => {
  assert.equal(sizes(new BatchSize(80, 64), 0, 20, 12).at(-1), 4);
  assert.ok(
    sizes(new BatchSize(80, 64), 0, 200, 12)
      .slice(2)
      .every((n) => n <= 2),
  );
});

test("a batch at most doubles, and one that took long once does not hold the next back", () => {
  const batch = new BatchSize(80, 64);
  batch.note(1, 5000); // Compiled its programs.
  const all = sizes(batch, 0, 10, 20);
  assert.ok(
    all.every((n, i) => i === 0 || n <= 2 * all[i - 1]),
    String(all),
  );
  assert.equal(all.at(-1), 8, String(all));
});

test("noisy times keep it near what it would be without noise", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const all = sizes(new BatchSize(80, 64), 50, 10, 200, (ms) => ms * (1 + 0.3 * random())).slice(50);
  const mean = all.reduce((a, b) => a + b) / all.length;
  assert.ok(mean > 4 && mean < 16, String(mean));
});

/**
 * Two batches in flight: the GPU works through one after the other, and each is read a latency later. Returns the steps
 * of the last batches, and the share of the time in which the GPU worked.
 * @param {number} latency @param {number} cost of a step, in milliseconds @param {number} n batches
 */
function pipelined(latency, cost, n) {
  const batch = new BatchSize(80, 256);
  const flying = /** @type {{start: number, done: number, steps: number, queued: number}[]} */ ([]);
  const steps = [];
  let [now, free, worked, since] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    while (flying.length < 2) {
      const size = batch.steps;
      const queued = size + flying.reduce((sum, f) => sum + f.steps, 0);
      free = Math.max(free, now) + size * cost;
      flying.push({ start: now, done: free + latency, steps: size, queued });
    }
    const [first] = flying.splice(0, 1);
    now = first.done;
    if (i >= n / 2) worked += first.steps * cost;
    else since = now;
    batch.note(first.steps, first.done - first.start, first.queued);
    steps.push(first.steps);
  }
  return { steps: steps.slice(-6), busy: worked / (now - since) };
}

test("row 11: of two batches in flight the second is read at once after the first, which says nothing of its cost", () => {
  for (const [latency, cost] of [
    [1000, 20],
    [1000, 5],
    [100, 10],
    [100, 1],
  ]) {
    const { steps, busy } = pipelined(latency, cost, 80);
    assert.ok(busy > 0.6 && Math.min(...steps) > 3, `latency ${latency}, cost ${cost}: ${steps}, busy ${busy}`);
  }
  const { steps } = pipelined(1, 40, 80);
  assert.ok(Math.max(...steps) <= 4, `without latency a batch stays short: ${steps}`);
});

test("row 16: frames take a quarter of the time at most, but for the first, which compiles", async (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const frames = new FrameBudget();
  const frame = (/** @type {number} */ ms) =>
    frames.draw(() => {
      now += ms;
    });
  assert.ok(frames.due);
  await frame(4000);
  assert.ok(frames.due, "what the first frame took says nothing");
  await frame(300);
  let trained = 0;
  for (; !frames.due; trained += 100) frames.trained(100);
  assert.equal(trained, 900);
});

test("row 16: however slow frames are, one comes at least every ten seconds of training", async (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const frames = new FrameBudget();
  for (let i = 0; i < 2; i++)
    await frames.draw(() => {
      now += 60_000;
    });
  frames.trained(9_999);
  assert.ok(!frames.due);
  frames.trained(1);
  assert.ok(frames.due);
});

test("row 11: other work on the device is timed once where it overlaps, and neglected only where it is little", async (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const other = new OtherWork();
  /** @type {(() => void)[]} */
  const ends = [];
  const work = () => other.during(() => new Promise((resolve) => ends.push(() => resolve(undefined))));
  const first = work();
  now = 40;
  assert.equal(other.ms, 40, "in progress");
  const second = work();
  now = 100;
  ends[0]();
  await first;
  now = 130;
  ends[1]();
  await second;
  now = 500;
  assert.equal(other.ms, 130);
  await assert.rejects(other.during(() => Promise.reject(new Error("lost"))));
  assert.equal(other.ms, 130, "a failure ends it too");
  assert.deepEqual([negligible(10, 100), negligible(90, 100), negligible(0, 0)], [true, false, true]);
});

test("row 11: where results come at the earliest after some time, batches fill that time and do not shrink", () => {
  for (const [budget, stepMs] of [
    [50, 60],
    [50, 10],
    [250, 60],
  ]) {
    const batch = new BatchSize(budget, 256);
    /** @type {number[]} */
    const sizes = [];
    for (let i = 0; i < 60; i++) {
      sizes.push(batch.steps);
      // A tenth of noise, the same in every run.
      batch.note(batch.steps, Math.max(1000, stepMs * batch.steps) * (1 + 0.1 * Math.sin(7 * i)));
    }
    const late = sizes.slice(20);
    assert.ok(Math.min(...late) * stepMs >= 500, `${budget} ms, steps of ${stepMs} ms: ${sizes}`);
    assert.ok(Math.max(...late) * stepMs <= 3000, `${budget} ms, steps of ${stepMs} ms: ${sizes}`);
  }
});

test("row 11: batches shrink again when steps take longer and nothing is hidden", () => {
  const batch = new BatchSize(50, 256);
  for (let i = 0; i < 20; i++) batch.note(batch.steps, 10 * batch.steps + 1);
  assert.ok(batch.steps >= 4 && batch.steps <= 6, String(batch.steps));
  for (let i = 0; i < 40; i++) batch.note(batch.steps, 100 * batch.steps + 1);
  assert.equal(batch.steps, 1);
});

test("row 11: a batch that was short because little was left to a goal does not shorten the next", () => {
  const batch = new BatchSize(50, 256);
  for (let i = 0; i < 10; i++) batch.note(batch.steps, 1000 + 20 * batch.steps);
  const { steps } = batch;
  assert.ok(steps >= 16, String(steps));
  batch.note(2, 1040);
  assert.ok(batch.steps >= steps / 2, `${batch.steps} after ${steps}`);
});
