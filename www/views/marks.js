// Labels of the images in a grid: D's score, the predicted class, or the realism score.

import { signed } from "../numbers.js";

/** @import { Marks, MeasureEvery, Output, Samples } from "../protocol.js" */
/** @typedef {"none" | "score" | "class" | "realism"} Colouring */
/**
 * @typedef {{text: string, spoken: string, share?: number, frame?: string, strength?: number}} Mark `share`: the
 *   underlined part of the width; `frame`: a colour; `strength`: its opacity from 0 to 1
 */
/** @typedef {(samples: Samples, i: number) => Mark} Marker */

const UNKNOWN = { text: "–", spoken: "not known yet" };

/** The assumed output of D until a run reports its own. @type {Output} */
export const PROBABILITY = { type: "probability" };

/** @param {Output} output @returns {Marker} */
export function scoreLabel(output) {
  return ({ scores }, i) => {
    const text = scoreText(scores[i]);
    return { text, spoken: `score ${text}`, share: shareOf(scores, i, output) };
  };
}

/** A score with two decimals, or fewer if it is large. @param {number} score */
function scoreText(score) {
  return signed(score, Math.abs(score) < 10 ? 2 : 0);
}

/**
 * The score of an image on a scale from 0 to 1: D(x), or, for a critic, its position in the range of the grid's scores.
 * @param {Float32Array} scores @param {number} i @param {Output} output
 */
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

/**
 * @param {Colouring} colouring @param {Marks | null} marks @param {string[]} classes their names @param {Output} output
 * @returns {Marker}
 */
export function markerOf(colouring, marks, classes, output) {
  switch (colouring) {
    case "none":
      return () => ({ text: "", spoken: "" });
    case "score":
      return scoreLabel(output);
    case "class":
      return (_, i) => (marks?.classes.length ? classMark(marks.classes[i], classes) : UNKNOWN);
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
  // Rounded down, so that a score below 1 does not read as 1.00.
  const text = realism >= 10 ? "10+" : (Math.floor(100 * realism) / 100).toFixed(2);
  const inside = realism >= 1;
  // Opaque inside the real distribution (realism of 1 or more), paler outside, and invisible below 0.5.
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
 * Describes the images and their labels, and says what is missing.
 * @param {Colouring} colouring @param {Marks | null} marks @param {MeasureEvery} every
 * @param {string} subject the content of the images
 */
export function aboutMarks(colouring, marks, every, subject) {
  const title = `by G, ${subject}${BELOW[colouring]}`;
  return { title, note: noteOf(colouring, marks, every) };
}

/** @param {Colouring} colouring @param {Marks | null} marks @param {MeasureEvery} every */
function noteOf(colouring, marks, every) {
  if (colouring === "none" || colouring === "score") return "";
  if (!marks) return "The classifier has not been loaded yet.";
  if (colouring === "class" && marks.classes.length === 0) return "No classifier knows this data set.";
  if (colouring === "class")
    return `Counted among these ${marks.classes.length}. The classifier names a class even for noise.`;
  if (marks.realism)
    return "Realism: 1 or more (✓, full frame) is inside the distribution of real images, less is outside (Kynkäänniemi et al. 2019).";
  const never = every === "never" ? ", and evaluation is set to “never”" : "";
  return `Realism is known after the first evaluation${never}: it compares with real images in feature space.`;
}

/**
 * The legend of the classes: colour, name and number of images of each.
 * @param {Marks | null} marks @param {string[]} classes @returns {HTMLElement[]}
 */
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
