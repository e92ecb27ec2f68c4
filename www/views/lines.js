// What the reference lines of the loss chart mean, in the terms of the game that is played.

/** @import { RunInfo } from "../protocol.js" */

/** @param {RunInfo | null} info @returns {string[]} paragraphs */
export function aboutLines(info) {
  if (!info) return [];
  const paragraphs = [
    info.equilibrium,
    "A loss on its line can mean two things. Equilibrium: forged images are distributed as real ones are, and no D could tell (Goodfellow et al. 2014, theorem 1). Or a dead D, which says the same of every image because it has stopped learning.",
    "How to tell. Equilibrium: coverage is near its floor, and D's gradient norm stays alive. Dead: D's gradient norm is near zero, and coverage is low.",
    "Or try it: train D alone for a hundred steps (choose “D only” and hold Enter). If G is not perfect, the loss of a D that is alive falls below its line.",
  ];
  // A critic's loss is a distance: it does say something of the images.
  if (info.output.type !== "critic") paragraphs.push("Away from the lines a loss says little of the images: each network's loss depends on how good the other one is.");
  return paragraphs;
}

/** @param {HTMLElement} root @param {RunInfo | null} info */
export function explainLines(root, info) {
  root.replaceChildren(...aboutLines(info).map((text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    return paragraph;
  }));
}
