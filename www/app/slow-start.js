// The pace of the demo on a first visit: one step per frame and few steps a second, so that the two networks can be
// watched while they still learn something with each step. Then training runs at the usual speed.

/** The step at which the slow start ends. At the limit below it takes 7.5 seconds to get there. */
export const SLOW_UNTIL_STEP = 300;
/** More cannot be followed by eye. */
export const MOST_STEPS_PER_SECOND = 40;

export class SlowStart {
  #on = false;
  /** When the last step was requested, in milliseconds. */
  #last = -Infinity;

  /** The demo starts. */
  begin() {
    this.#on = true;
    this.#last = -Infinity;
  }

  /** The visitor wants more speed, or has started a run of their own. */
  end() {
    this.#on = false;
  }

  /** Whether the next step after `step` is a slow one. @param {number} step */
  active(step) {
    return this.#on && step < SLOW_UNTIL_STEP;
  }

  /** Milliseconds until the next step may be requested. @param {number} now in milliseconds */
  waitMs(now) {
    return Math.max(0, this.#last + 1000 / MOST_STEPS_PER_SECOND - now);
  }

  /** A step is requested. @param {number} now in milliseconds */
  requested(now) {
    this.#last = now;
  }
}
