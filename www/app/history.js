// Frames of a run's past, so that it can be looked at again. They are kept at distances that grow with their age, in a
// limited number of bytes.

/** @import { DensityFrame, Samples } from "../protocol.js" */
/** @typedef {{step: number, density: DensityFrame | null, images: Samples | null, bytes: number}} Entry a frame of points, or of images */

/**
 * Most bytes of a run's frames. There are at most three runs at a time, two that are compared and one that can be
 * resumed, so that all frames stay below 24 MB.
 */
export const MOST_BYTES = 8_000_000;

/** The bytes of the typed arrays in an object, and in objects in it. @param {object} value @returns {number} */
export function bytesOf(value) {
  let bytes = 0;
  for (const part of Object.values(value)) {
    if (ArrayBuffer.isView(part)) bytes += part.byteLength;
    else if (typeof part === "object" && part !== null) bytes += bytesOf(part);
  }
  return bytes;
}

export class History {
  #most;
  /** Oldest first. @type {Entry[]} */
  #entries = [];
  #bytes = 0;
  /** The step of a frame that is looked at, which stays until another one is. @type {number | null} */
  pinned = null;

  /** @param {number} [most] bytes */
  constructor(most = MOST_BYTES) {
    this.#most = most;
  }

  get bytes() {
    return this.#bytes;
  }

  /** The steps of the frames, oldest first. */
  get steps() {
    return this.#entries.map(({ step }) => step);
  }

  /** Keeps a frame; one of the same step takes its place. @param {Omit<Entry, "bytes">} frame */
  push(frame) {
    const entry = { ...frame, bytes: bytesOf(frame) };
    const last = this.#entries.at(-1);
    if (last && last.step >= frame.step) this.cut(frame.step - 1);
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
    while (this.#bytes > this.#most && this.#entries.length > 1) this.#thin();
  }

  /** Forgets the frames after a step. @param {number} step */
  cut(step) {
    while (this.#entries.length > 0 && this.#entries[this.#entries.length - 1].step > step)
      this.#bytes -= this.#entries.pop()?.bytes ?? 0;
  }

  /**
   * Forgets the frame that is missed least: the one whose neighbours are nearest to each other, measured by its age.
   * Distances then grow in proportion to the age. The last frame stays, the first as long as there is another to forget,
   * and the pinned one likewise.
   */
  #thin() {
    const now = this.#entries[this.#entries.length - 1].step;
    let [least, at] = [Infinity, 0];
    for (let i = 1; i < this.#entries.length - 1; i++) {
      if (this.#entries[i].step === this.pinned) continue;
      const gap = this.#entries[i + 1].step - this.#entries[i - 1].step;
      const missed = gap / (now - this.#entries[i].step + 1);
      if (missed < least) [least, at] = [missed, i];
    }
    const [gone] = this.#entries.splice(at, 1);
    this.#bytes -= gone.bytes;
  }

  /** The frame of a step, or the latest before it; the first if there is none before. @param {number} step */
  at(step) {
    let found = this.#entries[0] ?? null;
    for (const entry of this.#entries) {
      if (entry.step > step) break;
      found = entry;
    }
    return found;
  }
}
