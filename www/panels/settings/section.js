// The settings of one part of the model: the basic ones, and the others under "More".

import { titleOf } from "./parts.js";

/** @import { Part } from "./parts.js" */
/** @import { SettingField } from "./field.js" */

export class Section {
  #title = document.createElement("h3");
  #more = document.createElement("details");
  #count = document.createElement("small");
  #none = document.createElement("p");
  #fields;
  /** Whether “More” is to be open again after a search; null without one. @type {boolean | null} */
  #wasOpen = null;
  root = document.createElement("section");
  part;

  /** @param {Part} part @param {SettingField[]} fields @param {HTMLElement[]} after what stands below the fields */
  constructor(part, fields, after) {
    this.part = part;
    this.#fields = fields;
    this.root.className = "part";
    this.root.id = `settings-of-${part}`;
    this.root.setAttribute("role", "tabpanel");
    this.root.setAttribute("aria-labelledby", `settings-tab-${part}`);
    this.#title.textContent = titleOf(part);
    const summary = document.createElement("summary");
    summary.append("More ", this.#count);
    this.#more.className = "further";
    this.#more.append(summary, ...fields.filter((f) => !f.field.basic).map((f) => f.root));
    this.#none.className = "source";
    this.#none.textContent = "Nothing to set for this data and architecture.";
    const basics = fields.filter((f) => f.field.basic).map((f) => f.root);
    this.root.append(this.#title, ...basics, this.#more, this.#none, ...after);
  }

  /** Opens “More” if a field is in it. @param {SettingField} field */
  reveal(field) {
    if (this.#more.contains(field.root)) this.#more.open = true;
  }

  /**
   * Shows the section as a tab's content.
   * @param {boolean} chosen @param {(field: SettingField) => boolean} active whether a setting has an effect
   */
  show(chosen, active) {
    this.root.hidden = !chosen;
    this.#title.hidden = true;
    if (this.#wasOpen !== null) this.#more.open = this.#wasOpen;
    this.#wasOpen = null;
    this.#more.classList.remove("found");
    for (const field of this.#fields) field.root.hidden = !active(field);
    const further = this.#fields.filter((f) => !f.field.basic && active(f)).length;
    this.#more.hidden = further === 0;
    this.#count.textContent = String(further);
    this.#none.hidden = this.#fields.some(active);
  }

  /** Shows what a search has found in the section. @param {SettingField[]} found */
  find(found) {
    const own = this.#fields.filter((f) => found.includes(f));
    this.root.hidden = own.length === 0;
    this.#title.hidden = false;
    this.#none.hidden = true;
    this.#wasOpen ??= this.#more.open;
    this.#more.open = true;
    this.#more.classList.add("found");
    this.#more.hidden = own.every((f) => f.field.basic);
    for (const field of this.#fields) field.root.hidden = !own.includes(field);
  }
}
