// Records the hero as a GIF: shows one frame of the past after the other, and draws what is seen with its step number.

import { GIFEncoder, applyPalette, quantize } from "gifenc";
import { context2d } from "../../browser.js";
import { nextFrame } from "../../frames.js";
import { grouped } from "../../numbers.js";

/** Side of the picture in pixels, at most. */
const SIDE = 420;
/** Most frames: at the delay below a run takes eight seconds. */
const MOST_FRAMES = 100;
const DELAY_MS = 80;
/** How long the last frame stays, in milliseconds, before the GIF begins anew. */
const LAST_MS = 1600;
/** Height of the line with the step number. */
const LINE = 22;

/** @typedef {{show: (step: number) => void, progress: (share: number) => void, signal: AbortSignal}} Recording */

/** At most so many of some steps, at equal distances, the first and the last among them. @param {number[]} steps @param {number} most */
export function evenly(steps, most) {
  if (steps.length <= most) return steps;
  return Array.from({ length: most }, (_, i) => steps[Math.round((i * (steps.length - 1)) / (most - 1))]);
}

/** @param {number[]} all steps @param {Recording} recording @returns {Promise<Blob | null>} null if it was cancelled */
export async function record(all, { show, progress, signal }) {
  const steps = evenly(all, MOST_FRAMES);
  const encoder = GIFEncoder();
  for (const [i, step] of steps.entries()) {
    if (signal.aborted) return null;
    show(step);
    // One frame to draw it, one to be sure that it is drawn.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => nextFrame(() => resolve(null)));
    const { data, width, height } = picture(step);
    const palette = quantize(data, 64);
    const delay = i === steps.length - 1 ? LAST_MS : DELAY_MS;
    encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay });
    progress((i + 1) / steps.length);
  }
  encoder.finish();
  return new Blob([new Uint8Array(encoder.bytes())], { type: "image/gif" });
}

/** What the hero shows, with the step below. @param {number} step */
function picture(step) {
  const canvas = document.createElement("canvas");
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const grid = document.body.dataset.space === "images" ? gridOf("#fake") : null;
  const [width, height] = grid ? [grid.width, grid.height] : [SIDE, SIDE];
  Object.assign(canvas, { width, height: height + LINE });
  const context = context2d(canvas, { willReadFrequently: true });
  context.fillStyle = colour("--panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (grid) grid.draw(context);
  else drawPlane(context);
  context.fillStyle = colour("--text");
  context.font = "14px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.fillText(`step ${grouped(step)}`, 6, height + LINE / 2);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {CanvasRenderingContext2D} context */
function drawPlane(context) {
  for (const layer of document.querySelectorAll("#plane .of-a .base, #plane .of-a .points-layer"))
    context.drawImage(/** @type {HTMLCanvasElement} */ (layer), 0, 0, SIDE, SIDE);
}

/** The images of a grid, at a whole multiple of their size. @param {string} selector */
function gridOf(selector) {
  const root = /** @type {HTMLElement} */ (document.querySelector(selector));
  const images = [...root.querySelectorAll("canvas")];
  const columns = Number(root.style.getPropertyValue("--columns")) || 8;
  const side = images[0]?.width ?? 28;
  const scale = Math.max(1, Math.floor(SIDE / (columns * side)));
  const tile = side * scale;
  return {
    width: columns * tile,
    height: Math.ceil(images.length / columns) * tile,
    /** @param {CanvasRenderingContext2D} context */
    draw(context) {
      context.imageSmoothingEnabled = false;
      images.forEach((image, i) =>
        context.drawImage(image, (i % columns) * tile, Math.floor(i / columns) * tile, tile, tile),
      );
    },
  };
}
