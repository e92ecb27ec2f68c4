// The thumbnails of the batch: a few images, a scatter of points, or a histogram of numbers.

import { context2d } from "../../browser.js";
import { imageOf } from "../../views/samples.js";

/** @import { DensityFrame, Samples } from "../../protocol.js" */
/** @typedef {"real" | "fake"} Kind */

/** Side of a scatter or histogram in canvas pixels: twice that in CSS pixels. */
const SIDE = 80;
/** Most points of a scatter: more would fill it. */
const MOST_POINTS = 160;
const BINS = 20;

/** Shares of numbers in equal bins of a window, the fullest being 1. @param {Float32Array} numbers @param {[number, number]} window @param {number} bins */
export function heightsOf(numbers, [left, right], bins) {
  const counts = new Array(bins).fill(0);
  for (const x of numbers) {
    const bin = Math.floor((bins * (x - left)) / (right - left));
    if (bin >= 0 && bin < bins) counts[bin] += 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map((count) => count / most);
}

export class Batch {
  #context;
  #kind;
  /** What was drawn last. @type {unknown[]} */
  #drawn = [];
  /** The colour of points, read once: reading it makes the browser compute styles. */
  #colour = "";

  /** @param {HTMLCanvasElement} canvas its text colour is that of the points @param {Kind} kind */
  constructor(canvas, kind) {
    this.#context = context2d(canvas);
    this.#kind = kind;
    this.clear();
  }

  /** Whether this was drawn last. @param {unknown[]} what */
  #same(...what) {
    const same = what.length === this.#drawn.length && what.every((each, i) => each === this.#drawn[i]);
    this.#drawn = what;
    return same;
  }

  /** Nothing is known of the batch. */
  clear() {
    if (!this.#same(null)) this.#blank(SIDE, SIDE);
  }

  /** An empty canvas of a size. @param {number} width @param {number} height */
  #blank(width, height) {
    const { canvas } = this.#context;
    if (canvas.width === width && canvas.height === height) this.#context.clearRect(0, 0, width, height);
    else Object.assign(canvas, { width, height });
  }

  /** Draws anew, in other colours. */
  repaint() {
    this.#drawn = [];
    this.#colour = "";
  }

  /** @param {Samples} samples @param {number} count images @param {number} first the first one's place in the grid */
  images(samples, count, first) {
    if (this.#same(samples, count, first)) return;
    const { width, height } = samples.shape;
    this.#blank(count * (width + 1) - 1, height);
    for (let i = 0; i < count; i++) {
      const at = (first + i) % samples.scores.length;
      this.#context.putImageData(imageOf(samples, at), i * (width + 1), 0);
    }
  }

  /** @param {DensityFrame} frame */
  density(frame) {
    if (this.#same(frame)) return;
    this.#blank(SIDE, SIDE);
    this.#colour ||= getComputedStyle(this.#context.canvas).color;
    this.#context.fillStyle = this.#colour;
    const points = this.#kind === "real" ? frame.real : frame.fake;
    if (frame.width === 1) this.#histogram(points, frame.window);
    else this.#scatter(points, frame.window);
  }

  /** @param {Float32Array} points @param {DensityFrame["window"]} window */
  #scatter(points, [l, r, b, t]) {
    const every = 2 * Math.max(1, Math.ceil(points.length / 2 / MOST_POINTS));
    for (let i = 0; i + 1 < points.length; i += every) {
      const x = ((points[i] - l) / (r - l)) * SIDE;
      const y = (1 - (points[i + 1] - b) / (t - b)) * SIDE;
      this.#context.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
  }

  /** @param {Float32Array} numbers @param {DensityFrame["window"]} window */
  #histogram(numbers, [left, right]) {
    const width = SIDE / BINS;
    heightsOf(numbers, [left, right], BINS).forEach((height, i) => {
      this.#context.fillRect(i * width, SIDE * (1 - 0.95 * height), width - 1, 0.95 * SIDE * height);
    });
  }
}
