// A grid of images, each with a label: D's score unless another is chosen. The image under the pointer or in focus is the
// selected one.

import { context2d, pictureOf } from "../browser.js";

/** @import { SampleShape, Samples } from "../protocol.js" */
/** @import { Marker } from "./marks.js" */

/** Columns before the first samples define the layout. */
const COLUMNS = 8;
const COUNT = COLUMNS * COLUMNS;
/** Scale of a downloaded picture: canvas pixels per image pixel. */
const DOWNLOAD_SCALE = 4;

export class SampleGrid {
  #root;
  #noun;
  #onSelect;
  #columns = COLUMNS;
  /** @type {{button: HTMLButtonElement, context: CanvasRenderingContext2D, score: HTMLElement, said: string}[]} */
  #tiles = [];
  /** @type {Samples | null} */
  #samples = null;

  /**
   * @param {HTMLElement} root
   * @param {string} noun the name of one image
   * @param {(index: number) => void} onSelect called for an image that is pointed at, focused or pressed
   */
  constructor(root, noun, onSelect) {
    this.#root = root;
    this.#noun = noun;
    this.#onSelect = onSelect;
    root.onkeydown = (event) => this.#move(event);
    this.#lay(COUNT, COLUMNS);
    this.reset();
  }

  /** Lays out tiles. @param {number} count @param {number} columns */
  #lay(count, columns) {
    if (count === this.#tiles.length && columns === this.#columns) return;
    this.#columns = columns;
    this.#tiles = Array.from({ length: count }, (_, i) => this.#tiles[i] ?? this.#tile(i));
    this.#root.style.setProperty("--columns", String(columns));
    this.#root.style.setProperty("--rows", String(Math.ceil(count / columns)));
    this.#root.replaceChildren(...this.#tiles.map((t) => t.button));
  }

  /** @param {number} i */
  #tile(i) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tile";
    // One tab stop for the whole grid; arrow keys move inside it.
    button.tabIndex = i === 0 ? 0 : -1;
    const canvas = document.createElement("canvas");
    const score = document.createElement("span");
    score.className = "score";
    button.append(canvas, score);
    const select = () => {
      if (this.#samples) this.#onSelect(i);
    };
    button.onclick = button.onfocus = button.onpointerenter = select;
    const context = context2d(canvas);
    return { button, context, score, said: "" };
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const at = this.#tiles.findIndex((t) => t.button === document.activeElement);
    /** @type {Record<string, number>} */
    const moves = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: this.#columns,
      ArrowUp: -this.#columns,
      Home: -at,
      End: this.#tiles.length - 1 - at,
    };
    const by = moves[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    const to = Math.min(Math.max(at + by, 0), this.#tiles.length - 1);
    this.#tiles[at].button.tabIndex = -1;
    this.#tiles[to].button.tabIndex = 0;
    this.#tiles[to].button.focus();
  }

  /** Marks the selected image. @param {number} index -1 for none */
  select(index) {
    this.#tiles.forEach(({ button }, i) => button.toggleAttribute("data-selected", i === index));
  }

  reset() {
    this.#samples = null;
    this.#root.classList.add("empty");
    this.#tiles.forEach((tile, i) => {
      const { canvas } = tile.context;
      tile.context.clearRect(0, 0, canvas.width, canvas.height);
      tile.score.textContent = tile.said = "";
      tile.button.disabled = true;
      this.#frame(tile.button);
      tile.button.style.setProperty("--score", "0");
      tile.button.setAttribute("aria-label", `${this.#noun} ${i + 1}, not here yet`);
    });
  }

  /** @param {Samples} samples @param {Marker} marker */
  update(samples, marker) {
    // If the images are unchanged, as real images are, only the labels are updated.
    const before = this.#samples?.pixels;
    const same = before?.length === samples.pixels.length && before.every((v, i) => v === samples.pixels[i]);
    this.#samples = samples;
    this.#lay(samples.scores.length, samples.columns);
    this.#root.classList.remove("empty");
    this.#tiles.forEach((tile, i) => {
      if (!same) drawImage(tile.context, samples, i);
      const { text, spoken, share = 0, frame, strength } = marker(samples, i);
      const said = `${this.#noun} ${i + 1}${spoken && `: ${spoken}`}`;
      if (same && tile.said === said) return;
      tile.said = said;
      tile.score.textContent = text;
      tile.button.disabled = false;
      tile.button.style.setProperty("--score", share.toFixed(2));
      this.#frame(tile.button, frame, strength);
      tile.button.setAttribute("aria-label", said);
    });
  }

  /** @param {HTMLButtonElement} button @param {string} [frame] its colour @param {number} [strength] */
  #frame(button, frame, strength = 1) {
    // Most grids have no frames; skip the style changes.
    if (!frame && !button.classList.contains("framed")) return;
    button.classList.toggle("framed", frame !== undefined);
    button.style.setProperty("--frame", frame ?? "");
    button.style.setProperty("--strength", `${Math.round(100 * strength)}%`);
  }

  /** The whole grid as one PNG. @returns {Promise<Blob | null>} */
  toBlob() {
    const samples = this.#samples;
    if (!samples) return Promise.resolve(null);
    const small = document.createElement("canvas");
    const { columns, shape } = samples;
    small.width = shape.width * columns;
    small.height = shape.height * Math.ceil(samples.scores.length / columns);
    const context = context2d(small);
    for (let i = 0; i < samples.scores.length; i++) {
      context.putImageData(imageOf(samples, i), (i % columns) * shape.width, Math.floor(i / columns) * shape.height);
    }
    return pictureOf(enlarged(small, DOWNLOAD_SCALE));
  }
}

/** Number of values of an image. @param {SampleShape} shape */
export function valuesOf({ channels, height, width }) {
  return channels * height * width;
}

/**
 * Image `i` of several as RGBA. Its values are in [0, 255], channel by channel: one channel is grey, three are red,
 * green and blue.
 * @param {{pixels: Uint8Array, shape: SampleShape}} samples @param {number} i
 */
export function imageOf({ pixels, shape }, i) {
  const image = new ImageData(shape.width, shape.height);
  const [places, at] = [shape.height * shape.width, i * valuesOf(shape)];
  // Offsets of red, green and blue: of a grey image the same.
  const [red, green, blue] = shape.channels === 3 ? [at, at + places, at + 2 * places] : [at, at, at];
  // Writes one opaque 32-bit word per pixel, for speed: 128 images are drawn twice a second.
  const words = new Uint32Array(image.data.buffer);
  for (let p = 0; p < places; p++) {
    words[p] = 0xff000000 | (pixels[blue + p] << 16) | (pixels[green + p] << 8) | pixels[red + p];
  }
  return image;
}

/**
 * Draws image `i` on a canvas, which takes its size.
 * @param {CanvasRenderingContext2D} context @param {{pixels: Uint8Array, shape: SampleShape}} samples @param {number} i
 */
export function drawImage(context, samples, i) {
  const { canvas } = context;
  const { width, height } = samples.shape;
  // Setting a size clears the canvas, even if it is the same.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.putImageData(imageOf(samples, i), 0, 0);
}

/**
 * An enlarged copy with square pixels, without interpolation.
 * @param {HTMLCanvasElement} source @param {number} scale
 */
export function enlarged(source, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = source.width * scale;
  canvas.height = source.height * scale;
  const context = context2d(canvas);
  context.imageSmoothingEnabled = false;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}
