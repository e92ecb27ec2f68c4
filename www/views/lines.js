// What the reference lines of the loss chart mean, in the terms of the loss that is used.

/** @import { Config, Reference } from "../protocol.js" */

/** @param {number} v */
const number = (v) => v.toFixed(3).replace("-", "−");

/**
 * @param {Reference[]} references as the objective gives them
 * @param {Config} config
 * @returns {string[]} paragraphs
 */
export function aboutLines(references, { real_target }) {
  const value = (/** @type {string} */ curve) => references.find((r) => r.curve === curve)?.value;
  const [d, g, half] = ["d_loss", "g_loss", "probability"].map(value);
  if (d === undefined || g === undefined || half === undefined) return [];
  const smoothed = Number(real_target) < 1;
  const says = smoothed ? half.toFixed(2) : "1/2";
  const sign = g < 0 ? "−" : "";
  const values = smoothed ? `D's loss is then ${number(d)} and G's ${number(g)}` : `D's loss is then 2 log 2 = ${number(d)} and G's ${sign}log 2 = ${number(g)}`;
  const because = smoothed
    ? `Real images are labelled ${Number(real_target)} here, so a D that cannot tell real from forged says half of that, ${says}, of every image.`
    : "A D that cannot tell real from forged says 1/2 of every image.";
  return [
    `${because} ${values}: the two dashed lines.`,
    "Both losses on their lines can mean two things. Equilibrium: forged images are distributed as real ones are, and no D could tell (Goodfellow et al. 2014, theorem 1). Or a dead D, which says the same of every image because it has stopped learning.",
    "How to tell. Equilibrium: coverage is near its floor, and D's gradient norm stays alive. Dead: D's gradient norm is near zero, and coverage is low.",
    `Or try it: train D alone for a hundred steps (choose “D only” and hold Enter). If G is not perfect, a D that is alive moves away from ${says}.`,
    "Away from the lines a loss says little of the images: each network's loss depends on how good the other one is.",
  ];
}

/** @param {HTMLElement} root @param {Reference[]} references @param {Config} config */
export function explainLines(root, references, config) {
  root.replaceChildren(...aboutLines(references, config).map((text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    return paragraph;
  }));
}
