// What the panels share beside the experiment: the step under the cursor of any chart, the step of the past that is
// shown, and the selected picture. A panel that changes one of them tells it here, and every panel follows.

/** @import { Run } from "./run.js" */
/** @typedef {"cursor" | "past" | "selection"} LinkedChange */
/** @typedef {{run: Run, kind: "fake" | "real", index: number}} Selection a picture of a grid */

export class Linked {
  #changed;
  /** The step under the pointer in a chart or on the timeline. @type {number | null} */
  cursor = null;
  /** The step of the past that hero, charts and metrics show; null while they show the present. @type {number | null} */
  past = null;
  /** The picture that is hovered, focused or chosen. @type {Selection | null} */
  selection = null;

  /** @param {(change: LinkedChange) => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** @param {number | null} step */
  pointAt(step) {
    if (step === this.cursor) return;
    this.cursor = step;
    this.#changed("cursor");
  }

  /** @param {number | null} step */
  showPast(step) {
    if (step === this.past) return;
    this.past = step;
    this.#changed("past");
  }

  /** @param {Selection | null} selection */
  select(selection) {
    const { run, kind, index } = this.selection ?? {};
    if (run === selection?.run && kind === selection?.kind && index === selection?.index) return;
    this.selection = selection;
    this.#changed("selection");
  }
}
