// Draws thousands of points and lines into a pixel buffer. 10,000 of them take a few milliseconds on any machine; the
// path functions of a canvas would take several frames without a GPU. A point is a small image (stamp), precomputed for
// each quarter of a pixel, so that slow motion is smooth.

import { context2d } from "../../browser.js";

/** @import { Rgb } from "./heat.js" */
/** @typedef {"disc" | "diamond"} Shape */
/**
 * The visible pixels of a shape: offsets and colours, the first `solid` of them opaque. `at` holds their index offsets
 * in a raster of `width`.
 * @typedef {{reach: number, dx: Int16Array, dy: Int16Array, colour: Int32Array, solid: number, at: Int32Array,
 *   width: number}} Stamp
 */

const PHASES = 4;
/** Subsamples per axis of a pixel, for antialiasing. */
const FINE = 4;

/**
 * Signed distance from the edge of a shape of radius r at the origin; negative inside.
 * @type {Record<Shape, (x: number, y: number, r: number) => number>}
 */
const DISTANCE = {
  disc: (x, y, r) => Math.hypot(x, y) - r,
  diamond: (x, y, r) => (Math.abs(x) + Math.abs(y) - 1.35 * r) / Math.SQRT2,
};

/**
 * Share of a pixel that a shape covers, from 0 to 1.
 * @param {Shape} shape @param {number} x @param {number} y the pixel's centre @param {number} r
 */
export function coverage(shape, x, y, r) {
  let inside = 0;
  for (let i = 0; i < FINE * FINE; i++) {
    const [sx, sy] = [x + ((i % FINE) + 0.5) / FINE - 0.5, y + (Math.floor(i / FINE) + 0.5) / FINE - 0.5];
    if (DISTANCE[shape](sx, sy, r) <= 0) inside++;
  }
  return inside / FINE ** 2;
}

/**
 * A pixel in memory order, red in the lowest byte. A signed 32-bit number, which JavaScript engines keep in a register.
 * @param {Rgb} colour @param {number} alpha from 0 to 255
 */
export function packed([r, g, b], alpha) {
  return (Math.round(alpha) << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);
}

/**
 * Stamps of a shape with an outline, one for each subpixel offset.
 * @param {Shape} shape @param {number} radius in pixels @param {number} rim its width in pixels @param {Rgb} colour
 * @param {Rgb} rimColour
 * @returns {Stamp[]}
 */
export function makeStamps(shape, radius, rim, colour, rimColour) {
  const reach = Math.ceil(1.35 * (radius + rim)) + 1;
  return Array.from({ length: PHASES * PHASES }, (_, phase) => {
    const [px, py] = [(phase % PHASES) / PHASES, Math.floor(phase / PHASES) / PHASES];
    /** @type {[number, number, number][]} */
    const pixels = [];
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        const core = coverage(shape, x - px, y - py, radius);
        const all = rim > 0 ? coverage(shape, x - px, y - py, radius + rim) : core;
        if (all === 0) continue;
        const mixed = /** @type {Rgb} */ (colour.map((c, i) => rimColour[i] + ((c - rimColour[i]) * core) / all));
        pixels.push([x, y, packed(mixed, 255 * all)]);
      }
    }
    pixels.sort((p, q) => Number(q[2] >>> 24 === 255) - Number(p[2] >>> 24 === 255));
    const solid = pixels.filter((p) => p[2] >>> 24 === 255).length;
    return {
      reach,
      solid,
      width: 0,
      at: new Int32Array(pixels.length),
      dx: Int16Array.from(pixels, (p) => p[0]),
      dy: Int16Array.from(pixels, (p) => p[1]),
      colour: Int32Array.from(pixels, (p) => p[2]),
    };
  });
}

/**
 * Blends one colour over another; both have straight (not premultiplied) alpha.
 * @param {number} top @param {number} below
 */
export function over(top, below) {
  const a = top >>> 24;
  const old = below >>> 24;
  if (a === 255 || old === 0) return top;
  if (old === 255) {
    // Blends two channels with one multiplication, in 256ths. This is the common case: the pixel below is opaque.
    const part = a + (a >> 7);
    const rest = 256 - part;
    const odd = (Math.imul(top & 0xff00ff, part) + Math.imul(below & 0xff00ff, rest)) >>> 8;
    const green = (Math.imul(top & 0xff00, part) + Math.imul(below & 0xff00, rest)) >>> 8;
    return 0xff000000 | (odd & 0xff00ff) | (green & 0xff00);
  }
  const sum = a + (old * (255 - a)) / 255;
  const share = a / sum;
  const [red, green, blue] = [below & 255, (below >> 8) & 255, (below >> 16) & 255];
  const r = red + ((top & 255) - red) * share + 0.5;
  const g = green + (((top >> 8) & 255) - green) * share + 0.5;
  const b = blue + (((top >> 16) & 255) - blue) * share + 0.5;
  return ((sum + 0.5) << 24) | (b << 16) | (g << 8) | r;
}

export class Raster {
  #canvas;
  #context;
  /** @type {ImageData | null} */
  #image = null;
  pixels = new Int32Array(1);
  width = 1;
  height = 1;

  /** @param {HTMLCanvasElement | null} canvas on which `show` draws; null in tests */
  constructor(canvas) {
    this.#canvas = canvas;
    // The canvas stays in main memory: its pixels are replaced as a whole, so a copy on the GPU would have no use.
    this.#context = canvas && context2d(canvas, { willReadFrequently: true });
  }

  /** @param {number} width @param {number} height */
  clear(width, height) {
    if (width === this.width && height === this.height) return void this.pixels.fill(0);
    [this.width, this.height] = [width, height];
    if (this.#canvas) [this.#canvas.width, this.#canvas.height] = [width, height];
    this.#image = this.#canvas ? new ImageData(width, height) : null;
    this.pixels = this.#image ? new Int32Array(this.#image.data.buffer) : new Int32Array(width * height);
  }

  /** A copy of the pixels, for `paste`. */
  copy() {
    return this.pixels.slice();
  }

  /** Restores pixels that `copy` returned, of the same size. @param {Int32Array} pixels */
  paste(pixels) {
    this.pixels.set(pixels);
  }

  show() {
    if (this.#image) this.#context?.putImageData(this.#image, 0, 0);
  }

  /** @param {Stamp[]} stamps @param {number} x @param {number} y in pixels */
  stamp(stamps, x, y) {
    const { pixels, width, height } = this;
    const [qx, qy] = [Math.round(x * PHASES), Math.round(y * PHASES)];
    const [left, top] = [Math.floor(qx / PHASES), Math.floor(qy / PHASES)];
    const stamp = stamps[(qy - top * PHASES) * PHASES + qx - left * PHASES];
    const { reach, dx, dy, colour, solid, at } = stamp;
    if (stamp.width !== width) {
      for (let i = 0; i < at.length; i++) at[i] = dy[i] * width + dx[i];
      stamp.width = width;
    }
    const middle = top * width + left;
    if (left >= reach && top >= reach && left + reach < width && top + reach < height) {
      for (let i = 0; i < solid; i++) pixels[middle + at[i]] = colour[i];
      for (let i = solid; i < colour.length; i++) pixels[middle + at[i]] = over(colour[i], pixels[middle + at[i]]);
      return;
    }
    for (let i = 0; i < colour.length; i++) {
      const px = left + dx[i];
      const py = top + dy[i];
      if (px >= 0 && py >= 0 && px < width && py < height)
        pixels[middle + at[i]] = over(colour[i], pixels[middle + at[i]]);
    }
  }

  /**
   * Draws a line with antialiased edges and ends cut along an axis, clipped to the raster.
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 in pixels @param {number} thick
   * @param {number} colour packed
   */
  line(x0, y0, x1, y1, thick, colour) {
    const steep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
    const [a0, b0, a1, b1] = steep ? [y0, x0, y1, x1] : [x0, y0, x1, y1];
    const [from, to, start, end] = a0 < a1 ? [a0, a1, b0, b1] : [a1, a0, b1, b0];
    const [far, wide] = steep ? [this.height, this.width] : [this.width, this.height];
    const slope = to > from ? (end - start) / (to - from) : 0;
    // Also skips lines with NaN.
    if (!(Number.isFinite(from + to + slope) && to >= 0 && from < far)) return;
    const half = (thick / 2) * Math.sqrt(1 + slope * slope);
    const alpha = colour >>> 24;
    const plain = colour & 0xffffff;
    for (let a = Math.max(0, Math.round(from)); a <= Math.min(far - 1, Math.round(to)); a++) {
      const middle = start + (a - from) * slope;
      for (let b = Math.max(0, Math.ceil(middle - half - 0.5)); b <= Math.min(wide - 1, middle + half + 0.5); b++) {
        const covered = Math.min(1, half + 0.5 - Math.abs(b - middle));
        if (covered <= 0) continue;
        const at = steep ? a * this.width + b : b * this.width + a;
        this.pixels[at] = over(((covered * alpha) << 24) | plain, this.pixels[at]);
      }
    }
  }
}
