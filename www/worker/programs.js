// Progress of compiling a run's GPU programs, which are compiled in the order of their requests.

import { sendEvent } from "../protocol.js";

export class Programs {
  /** Number of GPU programs compiled and requested since the worker started. */
  #all = { compiled: 0, asked: 0 };
  /**
   * The run whose programs are being compiled, and the number of programs requested before it.
   * @type {{run: number, before: number} | null}
   */
  #preparing = null;

  /** @param {number} compiled @param {number} asked */
  note(compiled, asked) {
    this.#all = { compiled, asked };
    this.#tell();
  }

  /** @param {number} run */
  begin(run) {
    this.#preparing = { run, before: this.#all.asked };
    this.#tell();
  }

  /** @param {number} run */
  end(run) {
    this.#preparing = null;
    sendEvent({ type: "preparing", run, ...this.#all, done: true });
  }

  #tell() {
    if (!this.#preparing) return;
    const { run, before } = this.#preparing;
    const compiled = Math.max(0, this.#all.compiled - before);
    sendEvent({ type: "preparing", run, compiled, asked: this.#all.asked - before, done: false });
  }
}
