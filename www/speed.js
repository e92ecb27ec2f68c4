// How fast steps come.

/** An average over this long: steady enough to read, quick enough to follow a change. */
const OVER_MS = 3000;

export class Speed {
  /** @type {{at: number, step: number}[]} */
  #recent = [];

  /** What follows has nothing to do with what was. */
  forget() {
    this.#recent = [];
  }

  /** The run has come to a step. @param {number} step @param {number} at when, in milliseconds */
  note(step, at) {
    this.#recent.push({ at, step });
    while (this.#recent.length > 2 && at - this.#recent[0].at > OVER_MS) this.#recent.shift();
  }

  /** Steps a second; null while that cannot be said. */
  get value() {
    const first = this.#recent.at(0);
    const last = this.#recent.at(-1);
    if (!first || !last || last.at <= first.at) return null;
    return (1000 * (last.step - first.step)) / (last.at - first.at);
  }
}
