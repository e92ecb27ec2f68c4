// The selected image beside the grid: large, with its noise z, its score D(x), the classifier's guess, and the nearest
// training image. It follows the frames while the generator trains.

import { context2d } from "../../browser.js";
import { grouped } from "../../numbers.js";
import { scoreSentence } from "../../views/marks.js";
import { drawImage, valuesOf } from "../../views/samples.js";

/** @import { Event, Marks, Output, SampleShape, Samples } from "../../protocol.js" */
/** @typedef {(pixels: Uint8Array<ArrayBuffer>, id: number) => void} Ask */
/** @typedef {{samples: Samples, index: number, kind: "fake" | "real", output: Output, marks: Marks | null, classes: string[], letter: string}} Selected */

/** While the generator trains, the nearest image is asked for this often, in milliseconds. */
const NEAREST_EVERY_MS = 1000;
/** Height of the bars of z in canvas pixels; three standard deviations fill half of it. */
const BARS = 60;

export class Inspector {
  #root;
  #ask;
  /** Number of requests so far, by which late answers are recognised. */
  #id = 0;
  #askedAt = -Infinity;
  /** The image that is shown, as text. */
  #shown = "";
  /** Shape of the images. @type {SampleShape} */
  #shape = { channels: 1, height: 1, width: 1 };
  /** @type {Float32Array} */
  #z = new Float32Array(0);

  /** @param {HTMLElement} root @param {Ask} ask requests the nearest training image of an image */
  constructor(root, ask) {
    this.#root = root;
    this.#ask = ask;
    this.#part(".latent details").addEventListener("toggle", () => this.#showNumbers());
  }

  /** @template {HTMLElement} [T=HTMLElement] @param {string} selector @returns {T} */
  #part(selector) {
    return /** @type {T} */ (this.#root.querySelector(selector));
  }

  /** @param {string} selector @param {string} text */
  #say(selector, text) {
    const node = this.#part(selector);
    if (node.textContent !== text) node.textContent = text;
  }

  /** Shows an image, or the hint if there is none. @param {Selected | null} selected */
  show(selected) {
    this.#part(".hint").hidden = selected !== null;
    this.#part(".selected").hidden = selected === null;
    if (!selected) {
      this.#shown = "";
      return;
    }
    const { samples, index, kind, output, letter } = selected;
    const name = `${kind === "fake" ? "Generated" : "Real"} image ${index + 1}${letter && ` of ${letter}`}`;
    this.#say("h3", `${name}, step ${grouped(samples.step)}`);
    const picture = /** @type {HTMLCanvasElement} */ (this.#part(".picture"));
    drawImage(context2d(picture), samples, index);
    picture.setAttribute("aria-label", `${name}, enlarged`);
    this.#say(".score-sentence", scoreSentence(samples.scores[index], output));
    this.#say(".guess", guessOf(selected));
    this.#showNoise(samples, index);
    this.#shape = samples.shape;
    if (kind === "fake") this.#askNearest(samples, index, name !== this.#shown);
    else this.#part(".nearest").hidden = true;
    if (name !== this.#shown) this.#say(".compared", "");
    this.#shown = name;
  }

  /** @param {Samples} samples @param {number} index @param {boolean} another another image than before */
  #askNearest(samples, index, another) {
    const now = performance.now();
    if (!another && now - this.#askedAt < NEAREST_EVERY_MS) return;
    if (another) this.#part(".nearest").hidden = true;
    this.#askedAt = now;
    const values = valuesOf(samples.shape);
    this.#ask(samples.pixels.slice(index * values, (index + 1) * values), ++this.#id);
  }

  /**
   * @param {Event & {type: "nearest"}} found
   * @param {number} [copying] the run's memorisation ratio, once it is evaluated
   */
  showNearest({ id, index, distance, label, pixels }, copying) {
    if (id !== this.#id) return;
    this.#part(".nearest").hidden = false;
    const canvas = /** @type {HTMLCanvasElement} */ (this.#part(".nearest canvas"));
    drawImage(context2d(canvas), { pixels, shape: this.#shape }, 0);
    this.#say(
      ".nearest .found",
      `Nearest training image: number ${grouped(index)}${label && `, ${label}`}, at a distance of ${grouped(Math.round(distance))} grey levels. A copy would be near 0.`,
    );
    this.#say(".compared", comparison(copying));
  }

  /** The latent vector as bars from a zero line, and as numbers. @param {Samples} samples @param {number} index */
  #showNoise(samples, index) {
    const dim = samples.z.length / samples.scores.length;
    const z = samples.z.subarray(index * dim, (index + 1) * dim);
    this.#part(".latent").hidden = dim === 0;
    if (dim === 0) return;
    this.#say(".latent h4", `Its noise z, ${z.length} numbers`);
    drawBars(/** @type {HTMLCanvasElement} */ (this.#part(".noise")), z);
    this.#z = z;
    this.#showNumbers();
  }

  #showNumbers() {
    if (this.#part(".latent details").hasAttribute("open"))
      this.#say(".numbers", [...this.#z].map((v) => v.toFixed(3)).join(", "));
  }
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} z */
function drawBars(canvas, z) {
  const bar = Math.max(2, Math.floor(320 / z.length));
  if (canvas.width !== bar * z.length || canvas.height !== BARS)
    Object.assign(canvas, { width: bar * z.length, height: BARS });
  const context = context2d(canvas);
  context.clearRect(0, 0, canvas.width, BARS);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--generator");
  z.forEach((v, k) => {
    const height = (Math.min(Math.abs(v) / 3, 1) * BARS) / 2;
    context.fillRect(k * bar, v > 0 ? BARS / 2 - height : BARS / 2, bar - 1, height);
  });
}

/** The class that the classifier sees in a generated image, once it is asked for. @param {Selected} selected */
function guessOf({ kind, marks, classes, index }) {
  const label = kind === "fake" ? marks?.classes[index] : undefined;
  const name = label === undefined ? undefined : classes[label];
  return name === undefined ? "" : `The classifier sees: ${name}.`;
}

/** Compares the distance with that of held-out real images, which cannot be copies. @param {number} [copying] */
export function comparison(copying) {
  if (copying === undefined) return "The distance of held-out real images is known after the first evaluation.";
  return `Over many generated images the median of this distance is ${copying.toFixed(2)} times that of held-out real images (memorisation ratio, last evaluation). Well below 1, G memorises training images.`;
}
