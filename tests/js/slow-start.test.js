// The pace of the demo on a first visit.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import {
  DOUBLES_EVERY_MS,
  MOST_STEPS_PER_SECOND,
  SLOW_UNTIL_STEP,
  SlowStart,
  USUAL_STEPS_PER_SECOND,
} from "../../www/app/slow-start.js";
import { StepLoop } from "../../www/app/step-loop.js";

test("no run starts slowly by default, and a slow start can be ended", () => {
  const slow = new SlowStart();
  assert.equal(slow.active(0, 0), false);
  slow.begin();
  assert.ok(slow.active(0, 0) && slow.active(SLOW_UNTIL_STEP - 1, 1e9), "however long the first steps take");
  slow.end();
  assert.equal(slow.active(0, 0), false);
});

test("from its last slow step on the rate doubles every five seconds, until it is the usual one", () => {
  const slow = new SlowStart();
  slow.begin();
  const doublings = Math.log2(USUAL_STEPS_PER_SECOND / MOST_STEPS_PER_SECOND);
  for (let i = 0; i < doublings; i++) {
    const now = 1000 + i * DOUBLES_EVERY_MS;
    assert.ok(slow.active(SLOW_UNTIL_STEP, now));
    slow.requested(now);
    assert.equal((1000 * slow.steps(now)) / slow.waitMs(now), MOST_STEPS_PER_SECOND * 2 ** i);
  }
  assert.equal(slow.active(SLOW_UNTIL_STEP, 1000 + doublings * DOUBLES_EVERY_MS), false);
});

test("steps are spaced by the limit of the rate", () => {
  const slow = new SlowStart();
  slow.begin();
  assert.equal(slow.waitMs(0), 0, "the first step does not wait");
  slow.requested(1000);
  assert.deepEqual(
    [1000, 1010, 1025, 5000].map((now) => slow.waitMs(now)),
    [25, 15, 0, 0],
  );
});

/** A loop whose worker answers at once, and what was asked of it in some milliseconds. @param {SlowStart} slowStart @param {number} ms */
function during(slowStart, ms) {
  let now = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  const clock = mock.method(performance, "now", () => now);
  /** @type {{frame: string, steps: number, at: number}[]} */
  const asked = [];
  const run = {
    step: 0,
    device: null,
    onPoints: true,
    ready: true,
    waiting: null,
    density: { stepsPerFrame: Infinity },
    slowStart,
  };
  const client = {
    train: (/** @type {string} */ _, /** @type {string} */ frame, /** @type {number} */ steps) =>
      asked.push({ frame, steps, at: now }),
  };
  const loop = new StepLoop(/** @type {any} */ (client), run);
  loop.trainTo(Infinity);
  for (let answered = 0; now < ms; now++) {
    // A step takes less than a millisecond: one answer a tick.
    if (answered < asked.length) {
      run.step += asked[answered].steps;
      loop.answered(++answered);
      loop.scheduleNext();
    }
    mock.timers.tick(1);
  }
  mock.timers.reset();
  clock.mock.restore();
  return { asked, step: run.step };
}

test("in a slow start the loop asks for one step per frame, and for no more than the limit a second", () => {
  const slow = new SlowStart();
  slow.begin();
  const { asked, step } = during(slow, 2000);
  assert.ok(asked.every(({ steps, frame }) => steps === 1 && frame === "always"));
  assert.ok(step <= 2 * MOST_STEPS_PER_SECOND + 1 && step > 1.8 * MOST_STEPS_PER_SECOND, `${step} steps in 2 s`);
});

test("after its slow steps the loop asks for more and more, and without a slow start for as many as fit", () => {
  const slow = new SlowStart();
  slow.begin();
  const { asked } = during(slow, 19_000);
  assert.ok(asked.findIndex(({ steps }) => steps > 1) >= SLOW_UNTIL_STEP);
  assert.deepEqual([...new Set(asked.map(({ steps }) => steps))], [1, 2, 4]);
  assert.ok(during(new SlowStart(), 100).step > SLOW_UNTIL_STEP);
});
