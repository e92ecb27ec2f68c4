// The open lesson beside the samples: the text of its step, the goal, and a frame around the part that it is about.

import { paragraphsOf } from "../../lessons/lesson.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */

/** @implements {Panel} */
export class LessonView {
  #root;
  #app;
  /** The step that is shown, as text. */
  #shown = "";

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#root = root;
    this.#app = app;
    const { lessons } = app;
    this.#part(".leave").onclick = () => lessons.leave();
    this.#part(".back").onclick = () => lessons.showStep(lessons.at - 1);
    this.#part(".next").onclick = () =>
      lessons.at + 1 === lessons.lesson?.steps.length ? lessons.leave() : lessons.showStep(lessons.at + 1);
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {PanelEvent} event */
  update(event) {
    const { lessons } = this.#app;
    if (event !== "lesson" && event !== "shown") return lessons.follow();
    const { lesson, step, at } = lessons;
    this.#root.hidden = lesson === null;
    const shown = lesson && step ? `${lesson.id} ${at}` : "";
    if (shown !== this.#shown) this.#show();
    this.#shown = shown;
    if (step) this.#showGoal();
  }

  #show() {
    const { lesson, step, at } = this.#app.lessons;
    for (const pointed of document.querySelectorAll(".pointed")) pointed.classList.remove("pointed");
    if (!lesson || !step) return;
    this.#part(".name").textContent = lesson.title;
    this.#part(".count").textContent = `${at + 1} of ${lesson.steps.length}`;
    this.#part("h2").textContent = step.title;
    this.#part(".text").replaceChildren(...paragraphsOf(step.text).map((pieces) => this.#paragraph(pieces)));
    /** @type {HTMLButtonElement} */ (this.#part(".back")).disabled = at === 0;
    this.#part(".next").textContent = at + 1 === lesson.steps.length ? "Done" : "Next";
    if (step.point) document.querySelector(`[data-point="${CSS.escape(step.point)}"]`)?.classList.add("pointed");
  }

  /** @param {{text: string, isTerm: boolean}[]} pieces */
  #paragraph(pieces) {
    const paragraph = document.createElement("p");
    paragraph.append(...pieces.map(({ text, isTerm }) => (isTerm ? this.#app.term(text) : text)));
    return paragraph;
  }

  #showGoal() {
    const { step, reached } = this.#app.lessons;
    const goal = this.#part(".goal");
    goal.hidden = !step?.goal;
    goal.classList.toggle("reached", reached);
    this.#part(".mark").textContent = reached ? "✓" : "○";
    const said = reached ? `Done: ${step?.goal?.text ?? ""}` : `To do: ${step?.goal?.text ?? ""}`;
    if (this.#part(".said").textContent !== said) this.#part(".said").textContent = said;
    this.#part(".next").classList.toggle("primary", reached);
  }

  dispose() {
    for (const pointed of document.querySelectorAll(".pointed")) pointed.classList.remove("pointed");
  }
}
