// What the engines that have no data pipeline of their own are fed: batches of MNIST and of noise, as cheap as
// JavaScript makes them.

import { PIXELS } from "./networks.js";

/** Bytes before the first pixel of an IDX file of images. */
export const HEADER = 16;

/** The training images as their file has them, decompressed. @param {string} url @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function fetchImages(url) {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}. Run \`make data\` first.`);
  // The whole file, so that a run of 2,000 steps sees what training sees; tens of milliseconds, before any clock
  // starts.
  const plain = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** Marsaglia's xorshift with 32 bits: three operations a number, so that the data costs an engine next to nothing. @param {number} seed */
function xorshift(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // In (0, 1]: its logarithm is taken.
    return ((state >>> 0) + 1) / 4294967296;
  };
}

/** Seeded batches. */
export class Batches {
  #images;
  #count;
  #random;

  /** @param {Uint8Array} file an IDX file of images @param {number} seed */
  constructor(file, seed = 7) {
    this.#images = file.subarray(HEADER);
    this.#count = Math.floor(this.#images.length / PIXELS);
    this.#random = xorshift(seed);
  }

  /** `n` images, pixels from -1 to 1. @param {number} n */
  real(n) {
    const out = new Float32Array(n * PIXELS);
    for (let i = 0; i < n; i++) {
      const start = Math.floor(this.#random() * (this.#count - 1)) * PIXELS;
      for (let p = 0; p < PIXELS; p++) out[i * PIXELS + p] = this.#images[start + p] / 127.5 - 1;
    }
    return out;
  }

  /** `n` numbers from a normal distribution (Box and Muller 1958), times `deviation`. `n` is even. @param {number} n @param {number} deviation */
  normal(n, deviation = 1) {
    const out = new Float32Array(n);
    for (let i = 0; i < n; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(this.#random()));
      const angle = 2 * Math.PI * this.#random();
      out[i] = radius * Math.cos(angle);
      out[i + 1] = radius * Math.sin(angle);
    }
    return out;
  }
}
