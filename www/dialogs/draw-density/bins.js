// Editor for a density in 1-D: bars over equal bins, drawn with a mouse, a finger or a pen, or set one by one with the
// arrow keys.

import {
  capturePointer,
  closeDialog,
  context2d,
  onColourScheme,
  onResize,
  openDialog,
  pixelRatio,
} from "../../browser.js";

/** The interval of the bins, as the core expects it. */
export const [FROM, TO] = [-4, 4];
export const BINS = 64;
/** Change of a bar per arrow key, as a share of the full height. */
const KEY_STEP = 0.05;

/**
 * Sets the bars under a stroke from one place to another, interpolated linearly, so that a fast stroke leaves no gaps.
 * @param {Float32Array} heights 0 to 1 @param {[number, number]} from
 * @param {[number, number]} to bin and height of each end
 */
export function stroke(heights, [i, a], [j, b]) {
  const next = heights.slice();
  const steps = Math.max(1, Math.abs(j - i));
  for (let k = 0; k <= steps; k++) {
    const bin = Math.round(i + ((j - i) * k) / steps);
    if (bin >= 0 && bin < next.length) next[bin] = Math.min(1, Math.max(0, a + ((b - a) * k) / steps));
  }
  return next;
}

/** Smooths the bars with weights 1, 2, 1. @param {Float32Array} heights */
export function smoothed(heights) {
  const at = (/** @type {number} */ i) => heights[Math.min(Math.max(i, 0), heights.length - 1)];
  return heights.map((h, i) => (at(i - 1) + 2 * h + at(i + 1)) / 4);
}

/** The initial drawing: two humps, because changing an example is easier than starting with nothing. */
export function example() {
  return Float32Array.from({ length: BINS }, (_, i) => {
    const x = FROM + ((TO - FROM) * (i + 0.5)) / BINS;
    return 0.9 * Math.exp(-((x + 1.5) ** 2) / 0.4) + 0.5 * Math.exp(-((x - 1.2) ** 2) / 1.2);
  });
}

/** The centre of a bin. @param {number} bin */
const middleOf = (bin) => FROM + ((TO - FROM) * (bin + 0.5)) / BINS;

export class BinsDrawing {
  #dialog;
  #canvas;
  #message;
  #changed;
  /** @type {Float32Array} */
  #heights = example();
  /** Whether the editor holds a drawing that no run uses yet. */
  unsent = false;
  #bin = BINS / 2;
  /** @type {[number, number] | null} */
  #last = null;

  /**
   * @param {HTMLDialogElement} root holds a canvas, .message, and buttons .clear, .smooth, .use and .cancel
   * @param {(heights: Float32Array) => void} use
   * @param {() => void} changed called when `unsent` may have changed
   */
  constructor(root, use, changed) {
    this.#dialog = root;
    this.#changed = changed;
    root.addEventListener("close", changed);
    this.#canvas = /** @type {HTMLCanvasElement} */ (root.querySelector("canvas"));
    this.#message = /** @type {HTMLElement} */ (root.querySelector(".message"));
    const button = (/** @type {string} */ name, /** @type {() => void} */ run) => {
      /** @type {HTMLButtonElement} */ (root.querySelector(name)).onclick = run;
    };
    button(".clear", () => this.#set(new Float32Array(BINS)));
    button(".smooth", () => this.#set(smoothed(this.#heights)));
    button(".cancel", () => {
      this.unsent = false;
      closeDialog(root);
    });
    button(".use", () => {
      if (!this.#heights.some((h) => h > 0)) return this.#say("Nothing is drawn yet: draw some bars.");
      this.unsent = false;
      closeDialog(root);
      use(this.#heights.slice());
    });
    this.#watch();
    onResize(this.#canvas, () => this.draw());
    onColourScheme(() => this.draw());
  }

  /** @param {Float32Array | null} heights an earlier drawing to continue */
  open(heights) {
    if (heights && !this.unsent) this.#heights = heights.slice();
    this.#say("");
    this.#tell();
    openDialog(this.#dialog);
    this.draw();
    this.#canvas.focus();
  }

  /** @param {Float32Array} heights */
  #set(heights) {
    this.#heights = heights;
    this.unsent = heights.some((h) => h > 0);
    this.#changed();
    this.#say("");
    this.draw();
  }

  /** @param {string} words */
  #say(words) {
    this.#message.textContent = words;
  }

  /** The bin and height at the pointer. @param {PointerEvent} event @returns {[number, number]} */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const bin = Math.floor(((clientX - left) / width) * BINS);
    return [Math.min(Math.max(bin, 0), BINS - 1), 1 - (clientY - top) / height];
  }

  #watch() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => {
      capturePointer(canvas, event);
      this.#last = this.#at(event);
      this.#set(stroke(this.#heights, this.#last, this.#last));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.#last) return;
      const now = this.#at(event);
      this.#set(stroke(this.#heights, this.#last, now));
      this.#last = now;
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
      canvas.addEventListener(end, () => {
        this.#last = null;
      });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    for (const change of ["focus", "blur"]) canvas.addEventListener(change, () => this.draw());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const aside = { ArrowLeft: -1, ArrowRight: 1, Home: -BINS, End: BINS }[event.key] ?? 0;
    const up =
      { ArrowUp: KEY_STEP, ArrowDown: -KEY_STEP, PageUp: 4 * KEY_STEP, PageDown: -4 * KEY_STEP }[event.key] ?? 0;
    if (!aside && !up) return;
    event.preventDefault();
    this.#bin = Math.min(Math.max(this.#bin + aside, 0), BINS - 1);
    if (up) {
      const height = this.#heights[this.#bin] + up;
      this.#set(stroke(this.#heights, [this.#bin, height], [this.#bin, height]));
    } else this.draw();
    this.#tell();
  }

  /** Describes the bar that the keyboard has selected. */
  #tell() {
    this.#canvas.setAttribute("aria-valuenow", String(Math.round(100 * this.#heights[this.#bin])));
    this.#canvas.setAttribute(
      "aria-valuetext",
      `x = ${middleOf(this.#bin).toFixed(2)}: ${Math.round(100 * this.#heights[this.#bin])} % of the height`,
    );
  }

  draw() {
    const canvas = this.#canvas;
    const ratio = pixelRatio();
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0) return;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const ctx = context2d(canvas);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(canvas);
    const bar = width / BINS;
    ctx.fillStyle = style.getPropertyValue("--real");
    this.#heights.forEach((h, i) => ctx.fillRect(i * bar + 0.5, height * (1 - h), bar - 1, height * h));
    if (document.activeElement !== canvas) return;
    ctx.strokeStyle = style.getPropertyValue("--text");
    ctx.lineWidth = 2;
    ctx.strokeRect(this.#bin * bar, 1, bar, height - 2);
  }
}
