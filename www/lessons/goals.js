// The goals of lessons: conditions on a run that the page checks while it trains.

import { quoted } from "../words.js";

/**
 * What goals are checked against.
 * @typedef {object} Facts
 * @property {number} step of the run
 * @property {boolean} playing
 * @property {boolean} comparing whether two runs train side by side
 * @property {string | null} preset
 * @property {Record<string, string | number>} config of the run
 * @property {{captured: number, of: number} | null} modes at the last evaluation
 * @property {Record<string, number | null>} outputs `d_real` and `d_fake`: mean outputs of D
 * @property {Record<string, number | null>} metrics of the last evaluation, by name
 * @property {string | null} diagnosis its state
 * @property {string} tab that is open
 */
/**
 * A goal has one of these forms. Bounds include their value.
 * @typedef {{step: number}
 *   | {playing: boolean}
 *   | {comparing: true}
 *   | {preset: string}
 *   | {tab: string}
 *   | {setting: string, value: string | number}
 *   | {modes: {least?: number, most?: number, after?: number}}
 *   | {modesLost: number}
 *   | {output: "d_real" | "d_fake", near: number, within: number, steps: number}
 *   | {metric: string, least?: number, most?: number}
 *   | {diagnosis: string[]}} Goal
 *   `modes.after`: the step from which on it counts; `modesLost`: fewer modes than at best so far; `steps`: how long it holds without a break
 */

/** @type {Record<string, (facts: Facts, goal: any, memory: Memory) => boolean>} */
const KINDS = {
  step: ({ step }, { step: wanted }) => step >= wanted,
  playing: ({ playing }, { playing: wanted }) => playing === wanted,
  comparing: ({ comparing }) => comparing,
  preset: ({ preset }, { preset: wanted }) => preset === wanted,
  tab: ({ tab }, { tab: wanted }) => tab === wanted,
  setting: ({ config }, { setting, value }) => config[setting] === value,
  modes: ({ modes, step }, { modes: { least = 0, most = Infinity, after = 0 } }) =>
    modes !== null && step >= after && modes.captured >= least && modes.captured <= most,
  modesLost: ({ modes }, { modesLost }, memory) => {
    if (!modes) return false;
    memory.best = Math.max(memory.best, modes.captured);
    return memory.best - modes.captured >= modesLost;
  },
  output: ({ step, outputs }, { output, near, within, steps }, memory) => {
    const value = outputs[output];
    if (value === null || Math.abs(value - near) > within) memory.since = null;
    else memory.since ??= step;
    return memory.since !== null && step - memory.since >= steps;
  },
  metric: ({ metrics }, { metric, least = -Infinity, most = Infinity }) => {
    const value = metrics[metric] ?? null;
    return value !== null && value >= least && value <= most;
  },
  diagnosis: ({ diagnosis }, { diagnosis: wanted }) => diagnosis !== null && wanted.includes(diagnosis),
};

/** @typedef {{best: number, since: number | null}} Memory most modes so far; the step since which an output has been near */

/** The kind of a goal: the first of its properties. @param {Record<string, unknown>} goal */
const kindOf = (goal) => Object.keys(KINDS).find((kind) => kind in goal);

/** What is wrong with a goal; null if nothing is. @param {unknown} goal */
export function checkGoal(goal) {
  const kinds = Object.keys(KINDS).join(", ");
  if (typeof goal !== "object" || goal === null) return `the goal needs a “check”, one of ${kinds}`;
  const kind = kindOf(/** @type {Record<string, unknown>} */ (goal));
  return kind ? null : `a check of ${quoted(Object.keys(goal).join(", "))} is not known: there are ${kinds}`;
}

/** Follows a run until a goal is reached; it then stays reached. */
export class GoalProgress {
  #goal;
  #reached = false;
  /** @type {Memory} */
  #memory = { best: 0, since: null };
  #step = 0;

  /** @param {Goal} goal */
  constructor(goal) {
    this.#goal = goal;
  }

  /** @param {Facts} facts @returns {boolean} whether the goal has been reached */
  update(facts) {
    // Another run begins: what was seen was of the one before.
    if (facts.step < this.#step) this.#memory = { best: 0, since: null };
    this.#step = facts.step;
    const kind = kindOf(this.#goal) ?? "";
    if (!this.#reached) this.#reached = KINDS[kind](facts, this.#goal, this.#memory);
    return this.#reached;
  }
}
