import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchSize } from "../../www/batch-size.js";
import { FrameBudget } from "../../www/frame-budget.js";

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
