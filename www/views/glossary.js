// The glossary in a dialog: all terms on one page, so that the browser's search finds them.

import { closeDialog, openDialog } from "../browser.js";
import { entryOf, parseGlossary } from "../glossary.js";

/** @import { Entry } from "../glossary.js" */

export class GlossaryDialog {
  #dialog;
  #markdown;

  /** @param {HTMLDialogElement} dialog empty until it is opened @param {string} markdown docs/glossary.md */
  constructor(dialog, markdown) {
    this.#dialog = dialog;
    this.#markdown = markdown;
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog) closeDialog(dialog);
    });
  }

  open() {
    if (!this.#dialog.firstChild) this.#fill();
    openDialog(this.#dialog);
  }

  /** A term in a text, which opens its entry; plain text if the glossary does not have it. @param {string} name */
  term(name) {
    const entry = entryOf(parseGlossary(this.#markdown), name);
    if (!entry) return make("b", name);
    const button = Object.assign(make("button", name), { type: "button", className: "term" });
    button.onclick = () => {
      this.open();
      const at = this.#dialog.querySelector(`#${idOf(entry.term)}`);
      at?.scrollIntoView({ block: "start" });
      /** @type {HTMLElement | null} */ (at)?.focus({ preventScroll: true });
    };
    return button;
  }

  #fill() {
    const title = make("h2", "Glossary");
    title.id = "glossary-title";
    const close = Object.assign(make("button", "Close"), { type: "button", onclick: () => closeDialog(this.#dialog) });
    const head = document.createElement("div");
    head.className = "head";
    head.append(title, close);
    // Focusable, so that the keyboard can scroll it.
    const list = Object.assign(document.createElement("div"), { className: "terms", tabIndex: 0 });
    list.setAttribute("role", "region");
    list.setAttribute("aria-labelledby", title.id);
    list.append(...parseGlossary(this.#markdown).map(sectionOf));
    this.#dialog.replaceChildren(head, list);
  }
}

/** @param {string} term */
const idOf = (term) => `term-${term.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;

/** @param {Entry} entry */
function sectionOf({ term, text, formula, source }) {
  const section = document.createElement("section");
  const heading = make("h3", term);
  heading.id = idOf(term);
  heading.tabIndex = -1;
  section.append(heading, ...text.map((paragraph) => withCode(make("p", ""), paragraph)));
  if (formula) section.append(Object.assign(make("p", formula), { className: "formula" }));
  section.append(Object.assign(make("p", `Source: ${source}`), { className: "source" }));
  return section;
}

/** Appends text in which backticks enclose code. @param {HTMLElement} node @param {string} text */
function withCode(node, text) {
  node.append(...text.split("`").map((part, i) => (i % 2 ? make("code", part) : part)));
  return node;
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} text */
function make(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
