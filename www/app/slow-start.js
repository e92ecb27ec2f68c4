// The pace of the demo on a first visit: one step per frame and few steps a second, so that the two networks can be
// watched while they still learn something with each step. Then the rate doubles every few seconds, until it is the
// usual one.

/** The step at which the rate begins to grow. At the first rate it takes 7.5 seconds to get there. */
export const SLOW_UNTIL_STEP = 300;
/** The first rate: more cannot be followed by eye. */
export const MOST_STEPS_PER_SECOND = 40;
/** The rate doubles this often. */
export const DOUBLES_EVERY_MS = 5000;
/** From this rate on the run trains as usual: no small network in a tab makes more, and each frame shows many steps. */
export const USUAL_STEPS_PER_SECOND = 2560;
/** Most frames a second: a batch of more steps than one is as long as a frame at this rate. */
const FRAMES_PER_SECOND = 40;

export class SlowStart {
  #on = false;
  /** When the last steps were requested, in milliseconds. */
  #last = -Infinity;
  /** When the rate began to grow, in milliseconds. */
  #growsFrom = Infinity;

  /** The demo starts. */
  begin() {
    this.#on = true;
    this.#last = -Infinity;
    this.#growsFrom = Infinity;
  }

  /** The visitor wants more speed, or has started a run of their own. */
  end() {
    this.#on = false;
  }

  /** Whether the next steps after `step` are limited. @param {number} step @param {number} now in milliseconds */
  active(step, now) {
    if (this.#on && step >= SLOW_UNTIL_STEP) this.#growsFrom = Math.min(this.#growsFrom, now);
    if (this.#rate(now) >= USUAL_STEPS_PER_SECOND) this.#on = false;
    return this.#on;
  }

  /** Steps per second. @param {number} now */
  #rate(now) {
    const doublings = Math.floor(Math.max(0, now - this.#growsFrom) / DOUBLES_EVERY_MS);
    return MOST_STEPS_PER_SECOND * 2 ** doublings;
  }

  /** Steps of the next request, which ends with a frame. @param {number} now in milliseconds */
  steps(now) {
    return Math.max(1, Math.round(this.#rate(now) / FRAMES_PER_SECOND));
  }

  /** Milliseconds until the next steps may be requested. @param {number} now in milliseconds */
  waitMs(now) {
    return Math.max(0, this.#last + (1000 * this.steps(now)) / this.#rate(now) - now);
  }

  /** Steps are requested. @param {number} now in milliseconds */
  requested(now) {
    this.#last = now;
  }
}
