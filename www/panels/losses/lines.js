// Explains the reference lines of the loss chart, for the loss of the run.

/** @import { RunInfo } from "../../protocol.js" */

/** @param {RunInfo | null} info @returns {string[]} paragraphs */
export function aboutLines(info) {
  if (!info) return [];
  const paragraphs = [
    info.equilibrium,
    "A loss at its line can mean two things. Equilibrium: the generated distribution equals the real one, and no D can separate them (Goodfellow et al. 2014, theorem 1). Or a dead D, whose output is the same for every image because it has stopped learning.",
    "How to tell. Equilibrium: coverage is near its real-data reference, and D's gradient norm stays above zero. Dead: D's gradient norm is near zero, and coverage is low.",
    "Or try it: train D alone for a hundred steps (focus “Train D” and hold Enter). If G is not perfect, the loss of a D that still learns falls below its line.",
  ];
  // The loss of a critic estimates a distance, so it does measure the quality of the images.
  if (info.output.type !== "critic")
    paragraphs.push(
      "Away from the lines a loss says little about image quality: the loss of each network depends on how good the other one is.",
    );
  return paragraphs;
}

/** @param {HTMLElement} root @param {RunInfo | null} info */
export function explainLines(root, info) {
  root.replaceChildren(
    ...aboutLines(info).map((text) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = text;
      return paragraph;
    }),
  );
}
