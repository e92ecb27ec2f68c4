// The input of a setting: a number with a slider and steps, a menu, or chips for up to three options. All three show a
// value, and tell the text that was chosen or typed.

import { show } from "../../app/differences.js";
import { readNumber } from "../../read-number.js";
import { positionOf, scaleOf, stepped, valueAt } from "./scale.js";

/** @import { Field } from "../../protocol.js" */
/**
 * @typedef {object} Input
 * @property {HTMLElement} element
 * @property {HTMLElement} target what has the field's id and takes the focus
 * @property {(value: string | number) => void} show
 * @property {(disabled: boolean) => void} disable
 */
/**
 * @typedef {object} InputOptions
 * @property {string} id
 * @property {string} name what assistive technology calls it
 * @property {boolean} compact without a slider, and a menu in place of chips
 * @property {(text: string) => void} commit takes what was typed or chosen
 */

/** Most options that are shown at once. */
const MOST_CHIPS = 3;
/** Significant digits of a number that is not being edited. */
const DIGITS = 5;
const POSITIONS = 1000;

/** @param {Field} field @param {InputOptions} options @returns {Input} */
export function inputOf(field, options) {
  const { values } = field;
  if (values.type !== "choice") return new NumberInput(field, options);
  const few = values.options.length <= MOST_CHIPS && !options.compact;
  return few ? new Chips(values.options, options) : new Menu(values.options, options);
}

/** A number as it is shown: whole numbers in full. @param {number} value */
const short = (value) => show(Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)));

/** @implements {Input} */
class NumberInput {
  #scale;
  #field;
  #commit;
  #value = 0;
  /** @type {HTMLInputElement | null} */
  #slider = null;
  /** @type {(HTMLInputElement | HTMLButtonElement)[]} */
  #parts;
  target = document.createElement("input");
  element = document.createElement("span");

  /** @param {Field} field @param {InputOptions} options */
  constructor(field, { id, compact, commit, name }) {
    this.#field = field;
    this.#scale = scaleOf(field);
    this.#commit = commit;
    const { target } = this;
    // Not type=number, which hides invalid text, so that an error message could not refer to it.
    Object.assign(target, { type: "text", id, name: field.key, inputMode: "decimal", autocomplete: "off" });
    target.spellcheck = false;
    target.onchange = () => commit(target.value);
    target.onfocus = () => this.#swap(short(this.#value), show(this.#value));
    target.onblur = () => this.#swap(show(this.#value), short(this.#value));
    target.onkeydown = (event) => this.#onKey(event);
    this.element.className = "number";
    if (!compact && this.#scale.slider) this.element.append(this.#makeSlider(name));
    const [down, up] = [this.#button("−", -1), this.#button("+", 1)];
    this.element.append(down, target, up);
    this.#parts = [down, target, up, ...(this.#slider ? [this.#slider] : [])];
  }

  /** Puts a text in place of another, if nothing else has been typed. @param {string} from @param {string} to */
  #swap(from, to) {
    if (this.target.value === from) this.target.value = to;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#step(event.key === "ArrowUp" ? 1 : -1);
  }

  /** One step from what is typed, or from the value if that is no number. @param {1 | -1} direction */
  #step(direction) {
    const typed = readNumber(this.target.value, this.#field.values.type === "integer")?.value;
    this.#commit(show(stepped(this.#scale, typed ?? this.#value, direction)));
  }

  /** The keyboard has the arrow keys of the field itself. @param {string} text @param {1 | -1} direction */
  #button(text, direction) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "step" });
    button.textContent = text;
    button.tabIndex = -1;
    button.ariaHidden = "true";
    button.onclick = () => this.#step(direction);
    return button;
  }

  /** @param {string} name */
  #makeSlider(name) {
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0, max: POSITIONS, step: 1, tabIndex: -1, title: name });
    slider.ariaHidden = "true";
    const text = () => show(valueAt(this.#scale, Number(slider.value) / POSITIONS));
    slider.oninput = () => {
      if (this.#field.live) this.#commit(text());
      else this.target.value = text();
    };
    slider.onchange = () => this.#commit(text());
    this.#slider = slider;
    return slider;
  }

  /** @param {string | number} value */
  show(value) {
    this.#value = Number(value);
    this.target.value = document.activeElement === this.target ? show(value) : short(this.#value);
    if (this.#slider) this.#slider.value = String(Math.round(POSITIONS * positionOf(this.#scale, this.#value)));
  }

  /** @param {boolean} disabled */
  disable(disabled) {
    for (const node of this.#parts) node.disabled = disabled;
  }
}

/** @implements {Input} */
class Menu {
  target = document.createElement("select");
  element = this.target;

  /** @param {{value: string, label: string}[]} alternatives @param {InputOptions} options */
  constructor(alternatives, { id, commit }) {
    this.target.id = id;
    this.target.append(...alternatives.map(({ value, label }) => new Option(label, value)));
    this.target.onchange = () => commit(this.target.value);
  }

  /** @param {string | number} value */
  show(value) {
    this.target.value = String(value);
  }

  /** @param {boolean} disabled */
  disable(disabled) {
    this.target.disabled = disabled;
  }
}

/** @implements {Input} */
class Chips {
  #radios;
  target = document.createElement("span");
  element = this.target;

  /** @param {{value: string, label: string}[]} alternatives @param {InputOptions} options */
  constructor(alternatives, { id, name, commit }) {
    this.target.id = id;
    this.target.className = "chips";
    this.target.setAttribute("role", "radiogroup");
    this.target.setAttribute("aria-label", name);
    this.#radios = alternatives.map(({ value, label }) => {
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: id, value });
      radio.onchange = () => commit(value);
      const chip = document.createElement("label");
      chip.append(radio, label);
      this.target.append(chip);
      return radio;
    });
    // The focus goes to the option that is chosen.
    this.target.focus = (options) => (this.#radios.find((r) => r.checked) ?? this.#radios[0]).focus(options);
  }

  /** @param {string | number} value */
  show(value) {
    for (const radio of this.#radios) radio.checked = radio.value === value;
  }

  /** @param {boolean} disabled */
  disable(disabled) {
    for (const radio of this.#radios) radio.disabled = disabled;
  }
}
