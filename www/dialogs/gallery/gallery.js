// The gallery of experiments: a card for each, with a picture of how it ends, a line, and the time that it takes here.
// `make thumbnails` makes the pictures.

import "./gallery.css";
import { closeDialog, openDialog } from "../../browser.js";
import times from "../../thumbnails/step-times.json";
import { expectedTime, slowness } from "./expected.js";
import markup from "./gallery.html?raw";

/** @import { Experiment } from "../../app/experiment.js" */
/** @import { Preset } from "../../protocol.js" */

/** The addresses of the pictures, by the files' paths. @type {Record<string, string>} */
const PICTURES = import.meta.glob("../../thumbnails/*.webp", { eager: true, query: "?url", import: "default" });
/** @type {Record<string, import("./expected.js").StepTime>} */
const STEP_TIMES = times;

/** The first sentence of a description. @param {string} text */
const firstSentence = (text) => /^.*?[.:](?=\s|$)/.exec(text)?.[0].replace(/:$/, ".") ?? text;

export class Gallery {
  #dialog;
  #experiment;
  /** @type {{preset: Preset, card: HTMLButtonElement, time: HTMLElement, text: string}[]} */
  #cards = [];

  /** @param {HTMLDialogElement} dialog @param {Experiment} experiment */
  constructor(dialog, experiment) {
    this.#dialog = dialog;
    this.#experiment = experiment;
    dialog.innerHTML = markup;
    dialog.addEventListener("click", ({ target }) => {
      const at = /** @type {HTMLElement} */ (target);
      if (at === dialog || at.matches(".close")) closeDialog(dialog);
    });
    this.#search.oninput = () => this.#find();
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.#dialog.querySelector(selector));
  }

  get #search() {
    return /** @type {HTMLInputElement} */ (this.#part("input"));
  }

  open() {
    const { catalog, preset, focus } = this.#experiment;
    if (!catalog) return;
    if (this.#cards.length === 0) this.#fill(catalog.presets);
    const factor = slowness(STEP_TIMES[preset?.id ?? ""], focus);
    for (const { preset: each, card, time } of this.#cards) {
      card.setAttribute("aria-current", String(each.id === preset?.id));
      time.textContent = expectedTime(STEP_TIMES[each.id], factor);
    }
    this.#search.value = "";
    this.#find();
    openDialog(this.#dialog);
    this.#search.focus();
  }

  /** @param {Preset[]} presets */
  #fill(presets) {
    const groups = [...new Set(presets.map((p) => p.group))].map((title) => {
      const section = document.createElement("section");
      const heading = make("h3", "", title);
      const cards = make("div", "cards");
      cards.append(...presets.filter((p) => p.group === title).map((p) => this.#card(p)));
      section.append(heading, cards);
      return section;
    });
    this.#part(".groups").replaceChildren(...groups);
  }

  /** @param {Preset} preset */
  #card(preset) {
    const { id, name, description, group, source } = preset;
    const card = document.createElement("button");
    card.type = "button";
    card.className = "card";
    card.dataset.preset = id;
    const address = PICTURES[`../../thumbnails/${id}.webp`];
    const picture = address
      ? Object.assign(new Image(112, 112), { src: address, alt: "", loading: "lazy" })
      : make("span", "no-picture");
    const time = make("span", "time");
    card.append(picture, make("b", "", name), make("p", "about", firstSentence(description)), time);
    card.title = description;
    card.onclick = () => {
      closeDialog(this.#dialog);
      this.#experiment.usePreset(id);
    };
    this.#cards.push({ preset, card, time, text: `${id} ${name} ${group} ${description} ${source}`.toLowerCase() });
    return card;
  }

  /** Leaves only the experiments that have every word of the search. */
  #find() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { card, text } of this.#cards) card.hidden = !words.every((word) => text.includes(word));
    for (const section of this.#dialog.querySelectorAll("section"))
      section.hidden = !section.querySelector(".card:not([hidden])");
    const none = this.#part(".none");
    none.hidden = this.#cards.some(({ card }) => !card.hidden);
    none.textContent = none.hidden ? "" : `No experiment has “${this.#search.value}” in its name or description.`;
  }
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}
