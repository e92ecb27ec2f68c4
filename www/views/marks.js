// Labels of the images in a grid: D's score, the predicted class, or the realism score.

import { signed } from "../numbers.js";

/** @import { Marks, MeasureEvery, Output, Samples } from "../protocol.js" */
/** @typedef {"none" | "score" | "class" | "realism"} Colouring */
/** @typedef {{text: string, spoken: string, share?: number, frame?: string, strength?: number}} Mark `share` of the width is underlined;
 *   `frame` is a colour, `strength` of it from 0 to 1 */
/** @typedef {(samples: Samples, i: number) => Mark} Marker */

const UNKNOWN = { text: "–", spoken: "not known yet" };

/** Before a run says what D's output means. @type {Output} */
export const PROBABILITY = { type: "probability" };

/** @param {Output} output @returns {Marker} */
export function scoreLabel(output) {
  return ({ scores }, i) => {
    const text = scoreText(scores[i]);
    return { text, spoken: `score ${text}`, share: shareOf(scores, i, output) };
  };
}

/** Two decimals of a small number, fewer of a large one. @param {number} score */
function scoreText(score) {
  return signed(score, Math.abs(score) < 10 ? 2 : 0);
}

/** The score of an image on a scale from 0 to 1: D(x), or, for a critic, the rank within the range of the grid. @param {Float32Array} scores @param {number} i @param {Output} output */
function shareOf(scores, i, output) {
  if (output.type === "probability") return scores[i];
  if (output.type === "score") return 1 / (1 + Math.exp(output.threshold - scores[i]));
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return high > low ? (scores[i] - low) / (high - low) : 0.5;
}

/** D's score of one image, as a sentence. @param {number} score @param {Output} output */
export function scoreSentence(score, output) {
  if (output.type === "probability") return `D(x) = ${score.toFixed(4)}, the probability of being real.`;
  const value = signed(score, 3);
  if (output.type === "score") return `D(x) = ${value}; above ${output.threshold} the image is classified as real.`;
  return `D(x) = ${value}, from a critic: only differences between images are meaningful.`;
}

/** @param {Colouring} colouring @param {Marks | null} marks @param {string[]} classes their names @param {Output} output @returns {Marker} */
export function markerOf(colouring, marks, classes, output) {
  switch (colouring) {
    case "none":
      return () => ({ text: "", spoken: "" });
    case "score":
      return scoreLabel(output);
    case "class":
      return (_, i) => (marks ? classMark(marks.classes[i], classes) : UNKNOWN);
    case "realism":
      return (_, i) => (marks?.realism ? realismMark(marks.realism[i]) : UNKNOWN);
  }
}

/** @param {number} index @param {string[]} classes @returns {Mark} */
function classMark(index, classes) {
  const text = classes[index] ?? String(index);
  return { text, spoken: `looks like ${text}`, frame: colourOf(index) };
}

/** @param {number} realism @returns {Mark} */
export function realismMark(realism) {
  // Rounded down: what is outside must not read as 1.00.
  const text = realism >= 10 ? "10+" : (Math.floor(100 * realism) / 100).toFixed(2);
  const inside = realism >= 1;
  // Pale outside, full inside; what is half as near as it should be has hardly any frame.
  const strength = inside ? 1 : 0.7 * Math.max(0, 2 * realism - 1);
  return {
    text: inside ? `${text} ✓` : text,
    spoken: `realism ${text}, ${inside ? "inside" : "outside"} the real distribution`,
    frame: "var(--real)",
    strength,
  };
}

/** @param {number} index of a class */
export function colourOf(index) {
  return `var(--class-${index})`;
}

/** @type {Record<Colouring, string>} */
const BELOW = {
  none: "",
  score: "; below, D's score",
  class: "; below, its class",
  realism: "; below, realism",
};

/**
 * What the images and their marks mean, and what is missing.
 * @param {Colouring} colouring @param {Marks | null} marks @param {MeasureEvery} every @param {string} subject what the images are of
 */
export function aboutMarks(colouring, marks, every, subject) {
  const title = `by G, ${subject}${BELOW[colouring]}`;
  return { title, note: noteOf(colouring, marks, every) };
}

/** @param {Colouring} colouring @param {Marks | null} marks @param {MeasureEvery} every */
function noteOf(colouring, marks, every) {
  if (colouring === "none" || colouring === "score") return "";
  if (!marks) return "The classifier has not been loaded yet.";
  if (colouring === "class")
    return `Counted among these ${marks.classes.length}. The classifier names a class even for noise.`;
  if (marks.realism)
    return "Realism: 1 or more (✓, full frame) is inside the distribution of real images, less is outside (Kynkäänniemi et al. 2019).";
  const never = every === "never" ? ", and evaluation is set to “never”" : "";
  return `Realism is known after the first evaluation${never}: it compares with real images in the classifier's feature space.`;
}

/** Each class with its colour and how many of the images are of it. @param {Marks | null} marks @param {string[]} classes @returns {HTMLElement[]} */
export function classLegend(marks, classes) {
  if (!marks) return [];
  return classes.map((name, index) => {
    const node = document.createElement("span");
    node.className = "class";
    node.style.setProperty("--frame", colourOf(index));
    node.textContent = `${name}: ${marks.classes.reduce((sum, c) => sum + Number(c === index), 0)}`;
    return node;
  });
}
