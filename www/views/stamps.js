// Thousands of points, drawn by copying small pictures into one large one: a few milliseconds for 10,000 of them, where a path for each
// would take a frame. Pictures are made for a quarter of a pixel, so that what moves slowly does not jump.

/** @import { Rgb } from "./heat.js" */
/** @typedef {"disc" | "diamond"} Shape */
/** A picture: its pixels that are not clear. @typedef {{dx: Int16Array, dy: Int16Array, colour: Uint32Array, alpha: Uint8Array}} Stamp */

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

/**
 * A shape with a rim of another colour, once for each phase.
 * @param {Shape} shape @param {number} radius in pixels @param {number} rim its width @param {Rgb} colour @param {Rgb} rimColour @param {number} opacity
 */
export function makeStamps(shape, radius, rim, colour, rimColour, opacity) {
  const size = Math.ceil(1.35 * (radius + rim)) + 1;
  return Array.from({ length: PHASES * PHASES }, (_, phase) => {
    const [px, py] = [(phase % PHASES) / PHASES, Math.floor(phase / PHASES) / PHASES];
    /** @type {[number, number, number, number][]} */
    const pixels = [];
    for (let y = -size; y <= size; y++) {
      for (let x = -size; x <= size; x++) {
        const core = coverage(shape, x - px, y - py, radius);
        const all = rim > 0 ? coverage(shape, x - px, y - py, radius + rim) : core;
        const alpha = Math.round(255 * opacity * all);
        if (alpha === 0) continue;
        const share = core / all;
        const [r, g, b] = colour.map((c, i) => Math.round(c * share + rimColour[i] * (1 - share)));
        pixels.push([x, y, (b << 16) | (g << 8) | r, alpha]);
      }
    }
    return {
      dx: Int16Array.from(pixels, (p) => p[0]), dy: Int16Array.from(pixels, (p) => p[1]),
      colour: Uint32Array.from(pixels, (p) => p[2]), alpha: Uint8Array.from(pixels, (p) => p[3]),
    };
  });
}

/** The large picture: as many 32-bit pixels as its canvas has, red lowest. */
export class Sheet {
  #canvas = document.createElement("canvas");
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);

  /** @param {number} width @param {number} height */
  clear(width, height) {
    if (width === this.#image.width && height === this.#image.height) return void this.#pixels.fill(0);
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /** @param {Stamp[]} stamps @param {number} x @param {number} y in pixels */
  stamp(stamps, x, y) {
    stampInto(this.#pixels, this.#image.width, this.#image.height, stamps, x, y);
  }

  /** @param {CanvasRenderingContext2D} context */
  drawOn(context) {
    this.#context.putImageData(this.#image, 0, 0);
    context.drawImage(this.#canvas, 0, 0);
  }
}

/** @param {Uint32Array} pixels @param {number} width @param {number} height @param {Stamp[]} stamps @param {number} x @param {number} y */
export function stampInto(pixels, width, height, stamps, x, y) {
  const [qx, qy] = [Math.round(x * PHASES), Math.round(y * PHASES)];
  const [left, top] = [Math.floor(qx / PHASES), Math.floor(qy / PHASES)];
  const { dx, dy, colour, alpha } = stamps[(qy - top * PHASES) * PHASES + qx - left * PHASES];
  for (let i = 0; i < alpha.length; i++) {
    const [px, py] = [left + dx[i], top + dy[i]];
    if (px < 0 || py < 0 || px >= width || py >= height) continue;
    const at = py * width + px;
    const below = pixels[at];
    const a = alpha[i];
    const old = below >>> 24;
    pixels[at] = old === 0 || a === 255 ? ((a << 24) | colour[i]) >>> 0 : over(colour[i], a, below, old);
  }
}

/** One colour over another, neither of them premultiplied. @param {number} top @param {number} a @param {number} below @param {number} old */
function over(top, a, below, old) {
  const sum = a + (old * (255 - a)) / 255;
  const share = a / sum;
  const [red, green, blue] = [below & 255, (below >> 8) & 255, (below >> 16) & 255];
  const r = red + ((top & 255) - red) * share;
  const g = green + (((top >> 8) & 255) - green) * share;
  const b = blue + (((top >> 16) & 255) - blue) * share;
  return ((Math.round(sum) << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}
