// Thousands of points and lines, set pixel by pixel: a few milliseconds for 10,000 of them on any machine, where a
// canvas's own paths would take several frames without a GPU. Points are small pictures, made for each quarter of a
// pixel, so that what moves slowly does not jump.

import { context2d } from "../browser.js";

/** @import { Rgb } from "./heat.js" */
/** @typedef {"disc" | "diamond"} Shape */
/** A picture: its pixels that are not clear, the first `solid` of which hide what is below; `at` is where they are in a raster of `width`.
 * @typedef {{reach: number, dx: Int16Array, dy: Int16Array, colour: Int32Array, solid: number, at: Int32Array, width: number}} Stamp */

const PHASES = 4;
/** Samples along a pixel's side for its coverage. */
const FINE = 4;

/** How far a shape's edge is from a place: below 0 inside. @type {Record<Shape, (x: number, y: number, r: number) => number>} */
const DISTANCE = {
  disc: (x, y, r) => Math.hypot(x, y) - r,
  diamond: (x, y, r) => (Math.abs(x) + Math.abs(y) - 1.35 * r) / Math.SQRT2,
};

/** Share of a pixel that a shape covers. @param {Shape} shape @param {number} x @param {number} y its middle @param {number} r */
export function coverage(shape, x, y, r) {
  let inside = 0;
  for (let i = 0; i < FINE * FINE; i++) {
    const [sx, sy] = [x + ((i % FINE) + 0.5) / FINE - 0.5, y + (Math.floor(i / FINE) + 0.5) / FINE - 0.5];
    if (DISTANCE[shape](sx, sy, r) <= 0) inside++;
  }
  return inside / FINE ** 2;
}

/** A pixel as memory holds it, red lowest; as a signed number, which engines keep in a register. @param {Rgb} colour @param {number} alpha from 0 to 255 */
export function packed([r, g, b], alpha) {
  return (Math.round(alpha) << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);
}

/**
 * A shape with a rim of another colour, once for each phase.
 * @param {Shape} shape @param {number} radius in pixels @param {number} rim its width @param {Rgb} colour @param {Rgb} rimColour
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

/** One colour over another, neither of them premultiplied. @param {number} top @param {number} below */
export function over(top, below) {
  const a = top >>> 24;
  const old = below >>> 24;
  if (a === 255 || old === 0) return top;
  if (old === 255) {
    // Two channels in one multiplication, in 256ths: most of what is blended is blended with what is opaque.
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

  /** @param {HTMLCanvasElement | null} canvas what it is shown on; none in a test */
  constructor(canvas) {
    this.#canvas = canvas;
    // Its pixels come from here: a GPU's copy of it would only have to be filled anew.
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

  /** What is drawn so far, to begin with the next time. */
  copy() {
    return this.pixels.slice();
  }

  /** Begins with what was copied, of the same size. @param {Int32Array} pixels */
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
   * A line with smooth edges; its ends are cut along an axis. Clipped to a box.
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 in pixels @param {number} thick @param {number} colour packed
   */
  line(x0, y0, x1, y1, thick, colour) {
    const steep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
    const [a0, b0, a1, b1] = steep ? [y0, x0, y1, x1] : [x0, y0, x1, y1];
    const [from, to, start, end] = a0 < a1 ? [a0, a1, b0, b1] : [a1, a0, b1, b0];
    const [far, wide] = steep ? [this.height, this.width] : [this.width, this.height];
    const slope = to > from ? (end - start) / (to - from) : 0;
    // What is no number ends here too.
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
