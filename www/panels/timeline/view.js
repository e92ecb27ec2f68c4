// The timeline under the samples: the step that is shown, the frames of the past, and marks of what happened. Training
// goes on while the past is looked at.

import { atMost } from "../../frames.js";
import { grouped } from "../../numbers.js";
import { marksOf } from "./marks.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */

/** Times per second at which the timeline follows a run that trains. */
const FOLLOWS_MS = 200;

/** @implements {Panel} */
export class Timeline {
  #root;
  #app;
  #scrub;
  /** The marks that are drawn, as text. */
  #drawn = "";
  /** Ends the recording of a GIF. @type {AbortController | null} */
  #recording = null;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#root = root;
    this.#app = app;
    this.#scrub = /** @type {HTMLInputElement} */ (this.#part("input"));
    this.#scrub.oninput = () => this.#show(Number(this.#scrub.value));
    this.#part(".start").onclick = () => this.#show(this.#history.steps[0] ?? 0);
    this.#part(".live").onclick = () => {
      app.linked.showPast(null);
      this.#scrub.focus();
    };
    const track = this.#part(".track");
    track.onpointermove = (event) => this.#pointAt(event);
    track.onpointerleave = () => app.linked.pointAt(null);
    this.#part("#save-gif").onclick = () => void this.#record();
    this.#part(".cancel").onclick = () => this.#recording?.abort();
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** The step under the pointer, for the charts. @param {PointerEvent} event */
  #pointAt({ clientX }) {
    const { left, width } = this.#scrub.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / width));
    if (!this.#scrub.disabled) this.#app.linked.pointAt(Math.round(share * Number(this.#scrub.max)));
  }

  get #history() {
    return this.#app.experiment.focus.history;
  }

  /** Shows the frame of a step; of the latest one, the present. @param {number} step */
  #show(step) {
    const { linked } = this.#app;
    const steps = this.#history.steps;
    const found = this.#history.at(step)?.step ?? 0;
    linked.showPast(steps.length === 0 || found >= (steps.at(-1) ?? 0) ? null : found);
  }

  /** @param {PanelEvent} event */
  update(event) {
    const { linked, experiment } = this.#app;
    // Another run: its past is not this one's.
    if (event === "run" && !experiment.focus.info) {
      this.#recording?.abort();
      linked.showPast(null);
    }
    if (event === "past" || event === "cursor" || event === "run" || event === "shown") this.#draw();
    else this.#follow();
  }

  #follow = atMost("timeline", FOLLOWS_MS, () => this.#draw());

  #draw() {
    const { focus } = this.#app.experiment;
    const { past, cursor } = this.#app.linked;
    const { steps } = this.#history;
    const last = steps.at(-1) ?? 0;
    const few = steps.length < 2;
    this.#scrub.max = String(Math.max(1, last));
    this.#scrub.value = String(past ?? Math.max(1, last));
    this.#scrub.disabled = /** @type {HTMLButtonElement} */ (this.#part(".start")).disabled = few;
    this.#scrub.setAttribute("aria-valuetext", `step ${grouped(past ?? last)}${past === null ? ", live" : ""}`);
    this.#part(".live").hidden = past === null;
    this.#part("#save-gif").hidden = few || this.#recording !== null || document.body.dataset.space === "line";
    this.#root.classList.toggle("past", past !== null);
    this.#part(".shown b").textContent = grouped(cursor ?? past ?? focus.step);
    this.#drawMarks(last);
  }

  /** @param {number} last step of the timeline */
  #drawMarks(last) {
    const { quality, density } = this.#app.experiment.focus;
    const marks = marksOf(quality, density.evaluations).filter(({ step }) => step <= last);
    const drawn = JSON.stringify([marks, last]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const list = this.#part(".marks");
    const said = marks.map(({ step, title }) => `${title}, step ${grouped(step)}`).join("; ");
    list.setAttribute("aria-label", said || "No marks yet");
    list.replaceChildren(
      ...marks.map(({ step, title, kind }) => {
        const mark = document.createElement("i");
        mark.className = kind;
        mark.style.setProperty("--at", (step / Math.max(1, last)).toFixed(4));
        mark.title = `${title}, step ${grouped(step)}`;
        if (kind === "best") mark.textContent = "★";
        return mark;
      }),
    );
  }

  /** Records the frames of the past as a GIF, which the hero shows one after the other meanwhile. */
  async #record() {
    const { linked, save, experiment, notices } = this.#app;
    const recording = new AbortController();
    this.#recording = recording;
    this.#part(".saving").hidden = false;
    this.#draw();
    const progress = /** @type {HTMLProgressElement} */ (this.#part("progress"));
    try {
      const { record } = await import("./record.js");
      const blob = await record(this.#history.steps, {
        show: (step) => linked.showPast(step),
        progress: (share) => {
          progress.value = share;
        },
        signal: recording.signal,
      });
      if (blob) save(blob, `counterfeit-to-step-${experiment.focus.step}.gif`);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      notices.show({
        kind: "gif",
        text: `The GIF could not be made (${message}). Try it again, or save a PNG instead.`,
      });
    } finally {
      this.#recording = null;
      this.#part(".saving").hidden = true;
      linked.showPast(null);
      this.#draw();
    }
  }
}
