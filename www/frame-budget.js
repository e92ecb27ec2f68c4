// Keeps drawing a run from taking more time than training it: a frame of a density run evaluates D at thousands of
// places, which on a slow GPU takes longer than many steps.

/** Share of the time that frames may take. */
const SHARE = 0.25;
/** However long a frame takes, the next comes after this long. */
const LONGEST_WAIT_MS = 10_000;

export class FrameBudget {
  /** What the last frame took. */
  #frameMs = 0;
  /** Training since then. */
  #trainedMs = 0;
  /** The first frame compiles its programs, which says nothing of the next. */
  #drawn = 0;

  /** @param {number} ms of training */
  trained(ms) {
    this.#trainedMs += ms;
  }

  /** Whether there is time for a frame. */
  get due() {
    return this.#trainedMs >= Math.min((this.#frameMs * (1 - SHARE)) / SHARE, LONGEST_WAIT_MS);
  }

  /** Draws, and notes how long it takes. @param {() => Promise<void> | void} draw */
  async draw(draw) {
    const start = performance.now();
    await draw();
    this.#frameMs = this.#drawn++ === 0 ? 0 : performance.now() - start;
    this.#trainedMs = 0;
  }
}
