// One image, large, with the noise it was made from and D's opinion of it.

import { enlarged, imageOf } from "./samples.js";

/** @import { Samples } from "../protocol.js" */

const SCALE = 10;

export class Enlarged {
  #dialog;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
    dialog.onclick = (event) => {
      if (event.target === dialog) dialog.close();
    };
  }

  /** @param {Samples} samples @param {number} i @param {"forged" | "genuine"} kind */
  open(samples, i, kind) {
    const source = document.createElement("canvas");
    source.width = source.height = 28;
    source.getContext("2d")?.putImageData(imageOf(samples, i), 0, 0);
    const picture = enlarged(source, SCALE);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `${kind === "forged" ? "Generated" : "Real"} image ${i + 1}, enlarged`);

    const title = document.createElement("h2");
    title.textContent = `${kind === "forged" ? "Forged" : "Genuine"} image ${i + 1}, step ${samples.step.toLocaleString("en")}`;
    const score = document.createElement("p");
    score.textContent = `The discriminator gives it ${samples.scores[i].toFixed(4)} to be genuine.`;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.onclick = () => this.#dialog.close();

    const dim = samples.z.length / samples.scores.length;
    const z = samples.z.subarray(i * dim, (i + 1) * dim);
    this.#dialog.replaceChildren(title, picture, score, ...(dim > 0 ? noise(z) : []), close);
    this.#dialog.showModal();
  }
}

/** The latent vector as bars up and down, and as numbers. @param {Float32Array} z */
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
  const context = /** @type {CanvasRenderingContext2D} */ (bars.getContext("2d"));
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
