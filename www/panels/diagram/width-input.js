// The input of a width or depth at the drawn layer that has it. Arrow keys change it by one.

import { show } from "../../app/differences.js";
import { explain, parseValue } from "../../app/state.js";
import { readNumber } from "../../read-number.js";

/** @import { Config, Field } from "../../protocol.js" */

export class WidthInput {
  #field;
  #onChange;
  #input = document.createElement("input");
  #problem = document.createElement("span");
  root = document.createElement("div");

  /** @param {Field} field @param {string} id @param {(value: string | number) => void} onChange takes a valid value */
  constructor(field, id, onChange) {
    this.#field = field;
    this.#onChange = onChange;
    const [input, problem] = [this.#input, this.#problem];
    const label = document.createElement("label");
    label.textContent = field.label;
    input.type = "text";
    input.inputMode = "numeric";
    input.autocomplete = "off";
    input.id = label.htmlFor = id;
    input.title = `${field.label}: ${field.help}`;
    input.setAttribute("aria-describedby", `${id}-problem`);
    input.onchange = () => this.#edit();
    input.onkeydown = (event) => this.#step(event);
    problem.className = "problem";
    problem.id = `${id}-problem`;
    problem.setAttribute("role", "alert");
    this.root.className = "control";
    this.root.append(label, input, problem);
  }

  /** @param {Config} config */
  show(config) {
    this.#input.value = show(config[this.#field.key]);
    this.#problem.textContent = "";
    this.#input.removeAttribute("aria-invalid");
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const value = readNumber(this.#input.value, true)?.value;
    if (!by || value === undefined) return;
    event.preventDefault();
    this.#input.value = String(value + by);
    this.#edit();
  }

  #edit() {
    const text = this.#input.value;
    const result = parseValue(this.#field, text);
    // An invalid text stays in the input to be corrected; the drawing keeps the last valid value.
    this.#problem.textContent = "value" in result ? "" : `Not used. ${explain(this.#field, text)}`;
    this.#input.toggleAttribute("aria-invalid", false);
    if ("value" in result) this.#onChange(result.value);
    else this.#input.setAttribute("aria-invalid", "true");
  }
}
