// How long the device has been busy with something other than steps: frames and evaluations. A batch of steps that
// shares the device with them for long says nothing of the time of its steps.

/** Share of a batch up to which other work is neglected. */
const LITTLE = 0.25;

export class OtherWork {
  #active = 0;
  /** Time at which the present stretch of other work began. */
  #since = 0;
  /** Milliseconds of finished stretches. */
  #spent = 0;

  /** Milliseconds of other work so far; what overlaps is counted once. */
  get ms() {
    return this.#spent + (this.#active > 0 ? performance.now() - this.#since : 0);
  }

  /** Does some. @template T @param {() => Promise<T> | T} work @returns {Promise<T>} */
  async during(work) {
    if (this.#active++ === 0) this.#since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.#active === 0) this.#spent += performance.now() - this.#since;
    }
  }
}

/** Whether so much other work can be neglected in a batch of steps. @param {number} otherMs @param {number} ms of the batch */
export const negligible = (otherMs, ms) => otherMs <= LITTLE * ms;
