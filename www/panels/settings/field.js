// The field of a setting: label, value, help, and what is wrong with what was typed. Everything that edits a setting uses
// it.

import { show, valueOf, waits } from "../../app/differences.js";
import { explain, parseValue } from "../../app/state.js";
import { inputOf } from "./inputs.js";

/** @import { Config, Field } from "../../protocol.js" */
/**
 * @typedef {object} FieldOptions
 * @property {(value: string | number, key: string) => void} onChange takes a valid value
 * @property {string} [id] of the input; `field-` and the key without it
 * @property {string} [label] a shorter label than the schema's
 * @property {boolean} [compact] label, input and message only, without slider, help and reset
 */
/**
 * What a field shows.
 * @typedef {object} FieldState
 * @property {Config} config the settings that are edited
 * @property {Config | null} [running] those of the run, which a changed setting that is not live waits to replace
 * @property {Config | null} [base] in a comparison those of A, beside which differing ones are marked
 * @property {Config | null} [origin] those that a setting is reset to
 * @property {{why: string} | null} [refusal] why the core refused a value of this setting
 * @property {string} [inactive] why the setting has no effect
 */

export class SettingField {
  #onChange;
  #input;
  /** The value that was last put into the input, which differs from what it holds while somebody types. */
  #shown = "";
  /** @type {FieldState} */
  #state = { config: {} };
  /** The refusal after which the value has been changed. @type {{why: string} | null} */
  #answered = null;
  #pending = tag("pending", "restart", "Takes effect after a restart");
  #versus = tag("versus", "", "");
  #problem = document.createElement("p");
  #note = document.createElement("p");
  #reason = document.createElement("p");
  /** @type {HTMLButtonElement | null} */
  #reset = null;
  #label;
  root = document.createElement("div");
  field;

  /** @param {Field} field @param {FieldOptions} options */
  constructor(field, { onChange, id = `field-${field.key}`, label: text = field.label, compact = false }) {
    this.field = field;
    this.#onChange = onChange;
    this.#label = text;
    this.#input = inputOf(field, { id, name: text, compact, commit: (typed) => this.#edit(typed) });
    // Chips are labelled as a group.
    const chips = this.#input.target instanceof HTMLSpanElement;
    const label = document.createElement(chips ? "span" : "label");
    if (label instanceof HTMLLabelElement) label.htmlFor = id;
    label.classList.add("label");
    label.textContent = text;
    if (field.unit && !compact) label.append(" ", tag("unit", field.unit, ""));
    this.#problem.className = "problem";
    this.#problem.id = `${id}-problem`;
    this.#problem.setAttribute("role", "alert");
    this.#note.className = "understood";
    this.#note.setAttribute("role", "status");
    this.#reason.className = "reason";
    this.#input.target.setAttribute("aria-describedby", this.#problem.id);
    this.root.className = compact ? "setting compact" : "setting";
    this.root.dataset.key = field.key;
    if (compact) this.root.append(label, this.#input.element, this.#problem, this.#note);
    else this.#layOut(label, id);
  }

  /** @param {HTMLElement} label @param {string} id */
  #layOut(label, id) {
    const { field } = this;
    const help = document.createElement("p");
    help.className = "help";
    help.id = `${id}-help`;
    help.hidden = true;
    help.textContent = `${field.help} Source: ${field.source}.${rangeOf(field)} ${
      field.live ? "Takes effect at the next step." : "Takes effect after a restart."
    }`;
    this.#input.target.setAttribute("aria-describedby", `${this.#problem.id} ${help.id}`);
    const ask = button("?", `What is “${this.#label}”?`);
    ask.setAttribute("aria-expanded", "false");
    ask.setAttribute("aria-controls", help.id);
    ask.onclick = () => {
      help.hidden = !help.hidden;
      ask.setAttribute("aria-expanded", String(!help.hidden));
    };
    const reset = button("↺", "");
    reset.onclick = () => {
      if (this.#state.origin) this.#edit(String(this.#state.origin[field.key]));
      this.focus();
    };
    this.#reset = reset;
    const name = document.createElement("span");
    name.className = "name";
    name.append(label, ask, reset, this.#versus, this.#pending);
    this.root.append(name, this.#input.element, this.#reason, this.#problem, this.#note, help);
  }

  /** Whether it holds a text that is still to be corrected. */
  get invalid() {
    return this.#input.target.hasAttribute("aria-invalid");
  }

  /** Brings it into view, with the keyboard. */
  focus() {
    this.root.scrollIntoView({ block: "nearest" });
    this.#input.target.focus({ preventScroll: true });
  }

  /** @param {string} text */
  #edit(text) {
    const { field } = this;
    this.#answered = this.#state.refusal ?? null;
    const result = parseValue(field, text);
    if ("reason" in result) {
      // An invalid text stays in the field to be corrected; the configuration keeps the last valid value.
      this.#note.textContent = "";
      this.#input.target.setAttribute("aria-invalid", "true");
      return this.#say(`Not used. ${explain(field, text)}`);
    }
    this.#put(result.value);
    this.#onChange(result.value, field.key);
    if (result.note) this.#note.textContent = `${result.note}.`;
  }

  /** @param {string} problem */
  #say(problem) {
    if (this.#problem.textContent !== problem) this.#problem.textContent = problem;
  }

  /** @param {string | number} value */
  #put(value) {
    this.#shown = String(value);
    this.#input.show(value);
    this.#note.textContent = "";
    this.#say("");
    this.#input.target.removeAttribute("aria-invalid");
  }

  /** Shows another state. @param {FieldState} state */
  update(state) {
    const { field } = this;
    this.#state = state;
    const { config, running = null, base = null, origin = null, refusal = null, inactive = "" } = state;
    const value = config[field.key];
    // The answer to another change must not take away what is being typed, or what is still to be corrected.
    const open = this.#input.target.contains(document.activeElement) || this.invalid;
    if (!open || String(value) !== this.#shown) this.#put(value);
    if (!this.invalid) this.#say(refusal && refusal !== this.#answered ? `Refused. ${refusal.why}` : "");
    this.#input.disable(inactive !== "");
    this.root.classList.toggle("inactive", inactive !== "");
    this.#reason.textContent = inactive;
    this.#pending.hidden = !waits(field, config, running, base !== null);
    this.#versus.textContent = base && base[field.key] !== value ? `A: ${valueOf(field, base)}` : "";
    this.root.classList.toggle("differs", this.#versus.textContent !== "");
    if (!this.#reset) return;
    const changed = origin !== null && origin[field.key] !== value;
    this.#reset.hidden = !changed || inactive !== "";
    if (changed) name(this.#reset, `Reset “${this.#label}” to ${valueOf(field, origin)}`);
  }
}

/** @param {Field} field */
function rangeOf({ values }) {
  return values.type === "choice" ? "" : ` From ${show(values.min)} to ${show(values.max)}.`;
}

/** @param {string} className @param {string} text @param {string} title */
function tag(className, text, title) {
  const node = document.createElement("span");
  Object.assign(node, { className, title });
  node.textContent = text;
  return node;
}

/** @param {HTMLElement} node @param {string} label */
function name(node, label) {
  node.title = label;
  node.setAttribute("aria-label", label);
}

/** @param {string} text @param {string} label */
function button(text, label) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "mini round";
  node.textContent = text;
  name(node, label);
  return node;
}
