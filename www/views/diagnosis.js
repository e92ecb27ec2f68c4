// The diagnosis of the run in one line, with its evidence, and advice that one click applies.

/** @import { Config, Diagnosis } from "../protocol.js" */

export class DiagnosisLine {
  #root;
  #apply;
  #said = "";

  /** @param {HTMLElement} root @param {(changes: Config, restart: boolean) => void} apply applies an advice */
  constructor(root, apply) {
    this.#root = root;
    this.#apply = apply;
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {Diagnosis | null} diagnosis */
  update(diagnosis) {
    this.#root.hidden = diagnosis === null;
    if (!diagnosis) return;
    const { state, alarm, title, evidence, why, advice } = diagnosis;
    this.#root.dataset.state = state;
    this.#root.classList.toggle("alarm", alarm);
    this.#part(".evidence").textContent = evidence;
    // An unchanged diagnosis is not rendered again, so that screen readers do not repeat it and an open explanation
    // stays open.
    const said = JSON.stringify([state, advice]);
    if (said === this.#said) return;
    this.#said = said;
    this.#part(".title").textContent = title;
    this.#part(".why p").textContent = why;
    // There is nothing to explain before there is a judgement.
    this.#part(".why").hidden = state === "starting";
    this.#part(".advice").replaceChildren(
      ...advice.map(({ label, changes, restart }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.onclick = () => this.#apply(changes, restart);
        return button;
      }),
    );
  }
}
