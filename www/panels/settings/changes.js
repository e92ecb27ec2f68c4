// The chips of the settings that were changed: what the experiment has instead is one click away.

import { nameOf, valueOf } from "../../app/differences.js";

/** @import { Catalog, Config, Field } from "../../protocol.js" */
/** @typedef {{go: (field: Field) => void, reset: (fields: Field[]) => void}} ChangeActions */

export class Changes {
  #root;
  #actions;
  #drawn = "";

  /** @param {HTMLElement} root @param {ChangeActions} actions */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  /**
   * @param {string} title “Changed from DCGAN” @param {Field[]} fields the changed ones
   * @param {Config} config the settings now @param {Config} before what they are reset to @param {Catalog} catalog
   */
  update(title, fields, config, before, catalog) {
    const texts = fields.map((f) => `${nameOf(f, catalog)}: ${valueOf(f, config)}`);
    const drawn = JSON.stringify([title, texts, fields.map((f) => before[f.key])]);
    this.#root.hidden = fields.length === 0;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const at = [...this.#root.querySelectorAll("button")].indexOf(
      /** @type {HTMLButtonElement} */ (document.activeElement),
    );
    const heading = document.createElement("span");
    heading.className = "from";
    heading.textContent = title;
    const all = button("Reset all", "", () => this.#actions.reset(fields));
    all.className = "mini";
    const chips = fields.map((field, i) => this.#chip(field, texts[i], valueOf(field, before), nameOf(field, catalog)));
    this.#root.replaceChildren(heading, ...chips, ...(fields.length > 1 ? [all] : []));
    // The chip of the focused button has gone: the focus goes to the one in its place.
    if (at >= 0)
      [...this.#root.querySelectorAll("button")]
        .slice(0, at + 1)
        .pop()
        ?.focus({ preventScroll: true });
  }

  /** @param {Field} field @param {string} text @param {string} value what it is reset to @param {string} name */
  #chip(field, text, value, name) {
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.append(
      button(text, "", () => this.#actions.go(field)),
      button("×", `Reset “${name}” to ${value}`, () => this.#actions.reset([field])),
    );
    return chip;
  }
}

/** @param {string} text @param {string} label @param {() => void} run */
function button(text, label, run) {
  const node = document.createElement("button");
  node.type = "button";
  node.textContent = text;
  if (label) {
    node.title = label;
    node.setAttribute("aria-label", label);
  }
  node.onclick = run;
  return node;
}
