// A lesson: text in steps, each with an experiment, the part of the page that it is about, and a goal that the page
// checks. It comes from a JSON file: of ours, of a teacher, or behind a link. docs/adding.md has the format.

import { quoted } from "../words.js";
import { checkGoal } from "./goals.js";

/** @import { Goal } from "./goals.js" */
/** @import { Config } from "../protocol.js" */

/**
 * @typedef {object} LessonStep
 * @property {string} title
 * @property {string} text paragraphs, separated by empty lines; `**term**` opens the term's entry in the glossary
 * @property {string} [preset] the experiment that the step begins with
 * @property {Config} [settings] settings that differ from it
 * @property {boolean} [play] whether training starts, or stops, as the step begins
 * @property {string} [tab] the tab that it opens
 * @property {string} [point] the part of the page that it is about: the name of an element with `data-point`
 * @property {{text: string, check: Goal}} [goal] what the reader does or sees; reached, it lights up “Next”
 */
/** @typedef {{id: string, title: string, about: string, controls?: string[], steps: LessonStep[]}} Lesson `controls`: the parts of the page that stay visible, by `data-point`; without it, all */

/** Most steps, and characters of a text: more is a mistake, or a file of something else. */
const MOST_STEPS = 60;
const MOST_TEXT = 2000;

/** @type {Record<string, "string" | "boolean" | "object">} */
const OPTIONAL = {
  preset: "string",
  settings: "object",
  play: "boolean",
  tab: "string",
  point: "string",
  goal: "object",
};

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a lesson; an invalid one is described, with the step and the property that are wrong.
 * @param {unknown} value parsed JSON @returns {{lesson: Lesson} | {reason: string}}
 */
export function readLesson(value) {
  if (!isObject(value)) return { reason: "a lesson is a JSON object" };
  for (const key of ["id", "title", "about"])
    if (!isText(value[key])) return { reason: `${quoted(key)} must be a text` };
  if (value.controls !== undefined && !isTexts(value.controls))
    return { reason: "“controls” must be a list of names of parts of the page" };
  const { steps } = value;
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > MOST_STEPS)
    return { reason: `“steps” must be a list of 1 to ${MOST_STEPS} steps` };
  for (const [i, step] of steps.entries()) {
    const reason = wrongStep(step);
    if (reason) return { reason: `step ${i + 1}: ${reason}` };
  }
  return { lesson: /** @type {Lesson} */ (/** @type {unknown} */ (value)) };
}

/** @param {unknown} value */
const isText = (value) => typeof value === "string" && value.length > 0 && value.length <= MOST_TEXT;

/** @param {unknown} value */
const isTexts = (value) => Array.isArray(value) && value.every(isText);

/** What is wrong with a step; null if nothing is. @param {unknown} step */
function wrongStep(step) {
  if (!isObject(step)) return "must be an object";
  for (const key of ["title", "text"]) if (!isText(step[key])) return `${quoted(key)} must be a text`;
  const known = ["title", "text", ...Object.keys(OPTIONAL)];
  const unknown = Object.keys(step).find((key) => !known.includes(key));
  if (unknown) return `${quoted(unknown)} is not one of ${known.join(", ")}`;
  for (const [key, type] of Object.entries(OPTIONAL))
    if (step[key] !== undefined && (type === "object" ? !isObject(step[key]) : typeof step[key] !== type))
      return `${quoted(key)} must be ${type === "object" ? "an object" : `a ${type}`}`;
  if (!isObject(step.goal)) return null;
  if (!isText(step.goal.text)) return "the goal needs a “text”";
  return checkGoal(step.goal.check);
}

/**
 * The paragraphs of a text, each as plain pieces and terms.
 * @param {string} text @returns {{text: string, isTerm: boolean}[][]}
 */
export function paragraphsOf(text) {
  return text.split(/\n\s*\n/).map((paragraph) =>
    paragraph
      .split(/\*\*(.+?)\*\*/)
      .map((piece, i) => ({ text: piece, isTerm: i % 2 === 1 }))
      .filter((piece) => piece.text !== ""),
  );
}
