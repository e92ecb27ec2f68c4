// Builds the form from the core's schema, and marks the settings that differ from the configuration of the current run.

import { show, valueOf } from "./differences.js";
import { applies, explain, parseValue } from "./state.js";

/** @import { Catalog, Config, Field } from "../protocol.js" */

/** @type {Record<string, string>} */
const GROUPS = {
  data: "Data and networks",
  generator: "Generator",
  discriminator: "Discriminator",
  objective: "Loss (objective)",
  condition: "Classes and codes",
  tricks: "Tricks",
};

export class Controls {
  #catalog;
  #onChange;
  /**
   * @type {Map<string, {row: HTMLElement, input: HTMLInputElement | HTMLSelectElement, problem: HTMLElement,
   *   understood: HTMLElement, reset: HTMLButtonElement, pending: HTMLElement, versus: HTMLElement, shown: string}>}
   *   `shown`: the text that was last put into the input, which differs from its own while somebody types
   */
  #rows = new Map();
  /** The configuration that the form shows. @type {Config} */
  #config = {};
  /** @type {Config | null} the configuration of the current run */
  #running = null;
  /**
   * In a comparison: the configuration of the other run, beside which differing settings are marked.
   * @type {Config | null}
   */
  #base = null;

  /** @param {HTMLElement} root @param {Catalog} catalog @param {(config: Config, key: string) => void} onChange */
  constructor(root, catalog, onChange) {
    this.#catalog = catalog;
    this.#onChange = onChange;
    root.replaceChildren(...Object.entries(GROUPS).map(([group, title]) => this.#group(group, title)));
  }

  /** @param {string} group @param {string} title */
  #group(group, title) {
    const section = document.createElement("details");
    section.className = `group ${group}`;
    section.open = true;
    const summary = document.createElement("summary");
    summary.textContent = title;
    section.append(summary, ...this.#catalog.fields.filter((f) => f.group === group).map((f) => this.#row(f)));
    return section;
  }

  /** @param {Field} field */
  #row(field) {
    const row = document.createElement("div");
    row.className = "field";
    const id = `field-${field.key}`;
    const input = field.values.type === "choice" ? choiceInput(field.values.options) : numberInput();
    input.id = id;
    input.name = field.key;
    input.setAttribute("aria-describedby", `${id}-problem ${id}-help`);
    input.onchange = () => this.#edit(field, input.value);

    const label = element("label", "", field.label);
    label.htmlFor = id;
    if (field.unit) label.append(" ", element("span", "unit", field.unit));
    const help = element(
      "p",
      "help",
      `${field.help} Source: ${field.source}.${rangeOf(field)} ${field.live ? "Takes effect at the next step." : "Takes effect after a restart."}`,
    );
    help.id = `${id}-help`;
    help.hidden = true;
    const ask = button("?", `What is “${field.label}”?`, () => {
      help.hidden = !help.hidden;
      ask.setAttribute("aria-expanded", String(!help.hidden));
    });
    ask.setAttribute("aria-expanded", "false");
    ask.setAttribute("aria-controls", help.id);
    const reset = button("↺", `Reset “${field.label}” to ${show(this.#catalog.defaults[field.key])}`, () =>
      this.#edit(field, String(this.#catalog.defaults[field.key])),
    );
    const problem = element("p", "problem", "");
    problem.id = `${id}-problem`;
    problem.setAttribute("role", "alert");
    const pending = element("span", "pending", "restart");
    pending.title = "Takes effect after a restart";
    const name = element("span", "name", "");
    const versus = element("span", "versus", "");
    name.append(label, versus, pending);
    const understood = element("p", "understood", "");
    understood.setAttribute("role", "status");
    row.append(name, input, reset, ask, problem, understood, help);
    this.#rows.set(field.key, { row, input, problem, understood, reset, pending, versus, shown: "" });
    return row;
  }

  /** @param {Field} field @param {string} text */
  #edit(field, text) {
    const parts = this.#rows.get(field.key);
    const result = parseValue(field, text);
    if (!parts) return;
    if ("reason" in result) {
      // An invalid text stays in the field to be corrected; the configuration keeps the last valid value.
      parts.understood.textContent = "";
      parts.problem.textContent = `Not used. ${explain(field, text)}`;
      parts.input.setAttribute("aria-invalid", "true");
      return;
    }
    this.#config = { ...this.#config, [field.key]: result.value };
    this.#refresh(field);
    this.#onChange(this.#config, field.key);
    if (result.note) parts.understood.textContent = `${result.note}.`;
  }

  /**
   * @param {Config} config the configuration that the form shows
   * @param {Config | null} running the configuration of the current run
   * @param {Config | null} base in a comparison, the other run's configuration; all changes then wait for a restart
   */
  update(config, running, base) {
    this.#config = config;
    this.#running = running;
    this.#base = base;
    this.#refresh();
  }

  /** @param {Field} [edited] the field whose text was just taken */
  #refresh(edited) {
    for (const field of this.#catalog.fields) {
      const parts = this.#rows.get(field.key);
      if (!parts) continue;
      const value = this.#config[field.key];
      const text = show(value);
      // The answer to another change must not take away what is being typed, or what is still to be corrected.
      const open = document.activeElement === parts.input || parts.input.hasAttribute("aria-invalid");
      if (field === edited || !open || text !== parts.shown) {
        parts.input.value = parts.shown = text;
        parts.problem.textContent = parts.understood.textContent = "";
        parts.input.removeAttribute("aria-invalid");
      }
      parts.row.hidden = !applies(field, this.#config);
      parts.reset.disabled = value === this.#catalog.defaults[field.key];
      parts.pending.hidden = !this.#waits(field);
      parts.versus.textContent =
        this.#base && this.#base[field.key] !== value ? `A: ${valueOf(field, this.#base)}` : "";
    }
  }

  /** The fields of changed settings that take effect after a restart. */
  get waiting() {
    return this.#catalog.fields.filter((f) => this.#waits(f));
  }

  /** Whether a changed setting takes effect only after a restart. @param {Field} field */
  #waits({ live, key }) {
    return this.#running !== null && (this.#base !== null || !live) && this.#running[key] !== this.#config[key];
  }
}

/** @param {Field} field */
function rangeOf({ values }) {
  return values.type === "choice" ? "" : ` From ${values.min} to ${values.max}.`;
}

/** @param {{value: string, label: string}[]} options */
function choiceInput(options) {
  const select = document.createElement("select");
  select.append(...options.map((o) => new Option(o.label, o.value)));
  return select;
}

function numberInput() {
  const input = document.createElement("input");
  // Not type=number, which hides invalid text, so that an error message could not refer to it.
  input.type = "text";
  input.inputMode = "decimal";
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} className @param {string} text */
function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

/** @param {string} text @param {string} label @param {() => void} run */
function button(text, label, run) {
  const node = element("button", "mini", text);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.onclick = run;
  return node;
}
