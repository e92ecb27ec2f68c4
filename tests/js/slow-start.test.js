// The pace of the demo on a first visit.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { MOST_STEPS_PER_SECOND, SLOW_UNTIL_STEP, SlowStart } from "../../www/app/slow-start.js";
import { StepLoop } from "../../www/app/step-loop.js";

test("a slow start lasts until its last step, or until it is ended", () => {
  const slow = new SlowStart();
  assert.equal(slow.active(0), false, "no run starts slowly by default");
  slow.begin();
  assert.deepEqual(
    [0, SLOW_UNTIL_STEP - 1, SLOW_UNTIL_STEP].map((step) => slow.active(step)),
    [true, true, false],
  );
  slow.end();
  assert.equal(slow.active(0), false);
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

test("after its last step, and without a slow start, the loop asks for as many steps as fit", () => {
  const slow = new SlowStart();
  slow.begin();
  const { asked } = during(slow, 9000);
  const fast = asked.filter(({ steps }) => steps > 1);
  assert.ok(fast.length > 0 && asked.findIndex(({ steps }) => steps > 1) === SLOW_UNTIL_STEP);
  assert.ok(during(new SlowStart(), 100).step > SLOW_UNTIL_STEP);
});
