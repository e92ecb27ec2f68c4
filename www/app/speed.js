// The training speed in steps per second.

/** Time window of the average in milliseconds: long enough for a steady number, short enough to follow a change. */
const OVER_MS = 3000;

export class Speed {
  /** @type {{at: number, step: number}[]} */
  #recent = [];

  /** Discards earlier steps, because they say nothing about the next ones. */
  forget() {
    this.#recent = [];
  }

  /** Records that the run has reached a step. @param {number} step @param {number} at time in milliseconds */
  note(step, at) {
    this.#recent.push({ at, step });
    while (this.#recent.length > 2 && at - this.#recent[0].at > OVER_MS) this.#recent.shift();
  }

  /** Steps per second; null until it can be computed. */
  get value() {
    const first = this.#recent.at(0);
    const last = this.#recent.at(-1);
    if (!first || !last || last.at <= first.at) return null;
    return (1000 * (last.step - first.step)) / (last.at - first.at);
  }
}
