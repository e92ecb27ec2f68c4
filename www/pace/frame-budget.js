// Limits the share of time that drawing takes from training. A frame of a density run evaluates D at thousands of
// points, which on a slow GPU takes longer than many steps.

/** Largest share of the time that frames may take. */
const SHARE = 0.25;
/** Longest training time between two frames in milliseconds, however long a frame takes. */
const LONGEST_WAIT_MS = 10_000;

export class FrameBudget {
  /** Time of the last frame in milliseconds. */
  #frameMs = 0;
  /** Training time since the last frame in milliseconds. */
  #trainedMs = 0;
  /** Number of frames drawn. The first one compiles its programs, so its time does not predict the next. */
  #drawn = 0;

  /** @param {number} ms of training */
  trained(ms) {
    this.#trainedMs += ms;
  }

  /** Whether a frame fits the budget now. */
  get due() {
    return this.#trainedMs >= Math.min((this.#frameMs * (1 - SHARE)) / SHARE, LONGEST_WAIT_MS);
  }

  /** Draws a frame and records its time. @param {() => Promise<void> | void} draw */
  async draw(draw) {
    const start = performance.now();
    await draw();
    this.drew(performance.now() - start);
  }

  /** Records a frame. @param {number} ms it took */
  drew(ms) {
    this.#frameMs = this.#drawn++ === 0 ? 0 : ms;
    this.#trainedMs = 0;
  }
}
