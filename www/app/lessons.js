// The lesson that is open: its step, whether the step's goal is reached, and what a step does to the page. Lessons come
// with the page, from a file, or from a link.

import { GoalProgress } from "../lessons/goals.js";
import { factsOf } from "../lessons/facts.js";
import { readLesson } from "../lessons/lesson.js";
import { quoted } from "../words.js";

/** @import { Lesson } from "../lessons/lesson.js" */
/** @import { Experiment } from "./experiment.js" */
/** @import { Notices } from "./errors.js" */
/** @import { Stage } from "./stage.js" */
/** @typedef {{id: string, title: string, about: string, load: () => Promise<unknown>}} Shipped */

/** The lessons that come with the page; each is loaded when it is opened. @type {Shipped[]} */
export const SHIPPED = [
  {
    id: "tour",
    title: "The tour",
    about: "What the two networks do and where everything is, in three minutes",
    load: () => import("../lessons/tour.json").then((m) => m.default),
  },
  {
    id: "mode-collapse",
    title: "Mode collapse and its cures",
    about: "Lose modes, see why, and bring them back in three ways",
    load: () => import("../lessons/mode-collapse.json").then((m) => m.default),
  },
  {
    id: "first-loss",
    title: "Why the first loss stalls",
    about: "The saturating loss of 2014, the vanishing gradient, and two ways out",
    load: () => import("../lessons/first-loss.json").then((m) => m.default),
  },
];

/** A lesson behind a link is fetched within this time, in milliseconds. */
const FETCH_MS = 15_000;

export class Lessons {
  #experiment;
  #stage;
  #notices;
  #changed;
  /** @type {GoalProgress | null} */
  #progress = null;
  /** @type {Lesson | null} */
  lesson = null;
  /** Index of the step. */
  at = 0;
  /** Whether the step's goal is reached; true for a step without one. */
  reached = true;
  /** What a link to this lesson names: its id, or the address that it came from; null if it came from a file. @type {string | null} */
  linkName = null;

  /** @param {Experiment} experiment @param {Stage} stage @param {Notices} notices @param {() => void} changed */
  constructor(experiment, stage, notices, changed) {
    this.#experiment = experiment;
    this.#stage = stage;
    this.#notices = notices;
    this.#changed = changed;
  }

  get step() {
    return this.lesson?.steps[this.at] ?? null;
  }

  /** Opens a lesson by its id, or by the address of its file. @param {string} name */
  async open(name) {
    const shipped = SHIPPED.find(({ id }) => id === name);
    try {
      this.#begin(await (shipped ? shipped.load() : fetchLesson(name)), shipped ? "of this page" : quoted(name), name);
    } catch (error) {
      this.#refuse(quoted(name), /** @type {Error} */ (error).message);
    }
  }

  /** Opens a lesson from a file. @param {File} file */
  async openFile(file) {
    try {
      this.#begin(JSON.parse(await file.text()), quoted(file.name), null);
    } catch (error) {
      this.#refuse(quoted(file.name), /** @type {Error} */ (error).message);
    }
  }

  /** @param {unknown} json @param {string} from @param {string | null} linkName */
  #begin(json, from, linkName) {
    const read = readLesson(json);
    if ("reason" in read) return this.#refuse(from, read.reason);
    this.#notices.clear("lesson");
    this.lesson = read.lesson;
    this.linkName = linkName;
    document.body.classList.toggle("few-controls", read.lesson.controls !== undefined);
    for (const part of document.querySelectorAll("[data-point]"))
      part.classList.toggle("left-out", !(read.lesson.controls?.includes(pointOf(part)) ?? true));
    this.showStep(0);
  }

  /** @param {string} from @param {string} reason */
  #refuse(from, reason) {
    this.#notices.show({ kind: "lesson", text: `The lesson ${from} cannot be opened: ${reason}.` });
  }

  /** @param {number} at */
  showStep(at) {
    const { lesson } = this;
    if (!lesson) return;
    this.at = Math.min(Math.max(at, 0), lesson.steps.length - 1);
    const step = lesson.steps[this.at];
    this.#progress = step.goal ? new GoalProgress(step.goal.check) : null;
    this.reached = step.goal === undefined;
    this.#prepare();
    this.follow();
    this.#changed();
  }

  /** Brings the page into the state that the step begins with. */
  #prepare() {
    const { step } = this;
    const experiment = this.#experiment;
    if (!step) return;
    if (step.tab) this.#stage.openTab(/** @type {any} */ (step.tab));
    if (step.preset) {
      experiment.pause();
      experiment.usePreset(step.preset, step.settings);
    } else if (step.settings) experiment.apply(step.settings, true);
    if (step.play === true) experiment.play();
    if (step.play === false) experiment.pause();
  }

  /** Checks the goal after a change of the run. */
  follow() {
    if (!this.#progress || this.reached) return;
    this.reached = this.#progress.update(factsOf(this.#experiment, this.#stage.tab));
    if (this.reached) this.#changed();
  }

  leave() {
    this.lesson = this.linkName = null;
    document.body.classList.remove("few-controls");
    for (const part of document.querySelectorAll(".left-out")) part.classList.remove("left-out");
    this.#changed();
  }
}

/** @param {Element} part */
const pointOf = (part) => /** @type {HTMLElement} */ (part).dataset.point ?? "";

/** @param {string} address @returns {Promise<unknown>} */
async function fetchLesson(address) {
  const url = new URL(address, document.baseURI);
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) }).catch(() => null);
  if (!response) throw new Error(`${url.host} does not answer, or is not a host that this page may ask`);
  if (!response.ok) throw new Error(`${url.host} answered with ${response.status}`);
  return response.json();
}
