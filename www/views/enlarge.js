// Dialog with one enlarged image, its noise z, its score D(x), and the nearest training image.

import { closeDialog, context2d, openDialog } from "../browser.js";
import { grouped } from "../numbers.js";
import { scoreSentence } from "./marks.js";
import { drawImage, enlarged, valuesOf } from "./samples.js";

/** @import { Event, Output, SampleShape, Samples } from "../protocol.js" */
/** @typedef {(pixels: Uint8Array<ArrayBuffer>, id: number) => void} Ask */

/** Sides of the enlarged images in pixels, at most. */
const SIDE = 280;
const NEAREST_SIDE = 140;

/** How often an image fits into a side. @param {HTMLCanvasElement} image @param {number} side */
const scaleFor = (image, side) => Math.max(1, Math.floor(side / image.width));

export class Enlarged {
  #dialog;
  #ask;
  /** Place for the nearest training image. */
  #nearest = document.createElement("div");
  /** Shape of the images. @type {SampleShape} */
  #shape = { channels: 1, height: 1, width: 1 };
  /** Number of images opened so far, by which late answers are recognised. */
  #id = 0;

  /** @param {HTMLDialogElement} dialog @param {Ask} ask requests the nearest training image of an image */
  constructor(dialog, ask) {
    this.#dialog = dialog;
    this.#ask = ask;
    dialog.onclick = (event) => {
      if (event.target === dialog) closeDialog(dialog);
    };
  }

  /** @param {Samples} samples @param {number} i @param {"fake" | "real"} kind @param {Output} output */
  open(samples, i, kind, output) {
    const source = document.createElement("canvas");
    drawImage(context2d(source), samples, i);
    const picture = enlarged(source, scaleFor(source, SIDE));
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `${kind === "fake" ? "Generated" : "Real"} image ${i + 1}, enlarged`);

    const title = document.createElement("h2");
    title.textContent = `${kind === "fake" ? "Generated" : "Real"} image ${i + 1}, step ${grouped(samples.step)}`;
    const score = document.createElement("p");
    score.textContent = scoreSentence(samples.scores[i], output);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.onclick = () => closeDialog(this.#dialog);

    const dim = samples.z.length / samples.scores.length;
    const z = samples.z.subarray(i * dim, (i + 1) * dim);
    this.#nearest = document.createElement("div");
    this.#nearest.className = "nearest";
    this.#dialog.replaceChildren(title, picture, score, this.#nearest, ...(dim > 0 ? noise(z) : []), close);
    openDialog(this.#dialog);
    this.#id += 1;
    this.#shape = samples.shape;
    const values = valuesOf(samples.shape);
    if (kind === "fake") this.#ask(samples.pixels.slice(i * values, (i + 1) * values), this.#id);
  }

  /**
   * @param {Event & {type: "nearest"}} found
   * @param {number} [copying] the run's memorisation ratio, once it is evaluated
   */
  showNearest({ id, index, distance, label, pixels }, copying) {
    if (id !== this.#id) return;
    const heading = document.createElement("h3");
    heading.textContent = "The nearest training image";
    const canvas = document.createElement("canvas");
    drawImage(context2d(canvas), { pixels, shape: this.#shape }, 0);
    const picture = enlarged(canvas, scaleFor(canvas, NEAREST_SIDE));
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", "The nearest training image");
    const text = document.createElement("p");
    text.textContent = `Number ${grouped(index)}${label && `, ${label}`}, at a distance of ${grouped(Math.round(distance))} grey levels (root of the summed squares over all pixels). A copy would be near 0.`;
    const compared = document.createElement("p");
    compared.className = "source";
    compared.textContent = comparison(copying);
    this.#nearest.replaceChildren(heading, picture, text, compared);
  }
}

/** Compares the distance with that of held-out real images, which cannot be copies. @param {number} [copying] */
export function comparison(copying) {
  if (copying === undefined) return "The distance of held-out real images is known after the first evaluation.";
  return `Over many generated images the median of this distance is ${copying.toFixed(2)} times that of held-out real images (memorisation ratio, last evaluation). Well below 1, G memorises training images.`;
}

/** The latent vector as bars from a zero line, and as numbers. @param {Float32Array} z */
function noise(z) {
  const heading = document.createElement("h3");
  heading.textContent = `Its noise z, ${z.length} numbers`;
  const bars = document.createElement("canvas");
  const bar = Math.max(2, Math.floor(320 / z.length));
  bars.width = bar * z.length;
  bars.height = 60;
  bars.className = "noise";
  bars.setAttribute("role", "img");
  bars.setAttribute("aria-label", "z as bars");
  const context = context2d(bars);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--generator");
  z.forEach((v, k) => {
    // Three standard deviations fill the height.
    const height = Math.min(Math.abs(v) / 3, 1) * 30;
    context.fillRect(k * bar, v > 0 ? 30 - height : 30, bar - 1, height);
  });
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "The numbers";
  const numbers = document.createElement("p");
  numbers.className = "numbers";
  numbers.textContent = [...z].map((v) => v.toFixed(3)).join(", ");
  details.append(summary, numbers);
  return [heading, bars, details];
}
