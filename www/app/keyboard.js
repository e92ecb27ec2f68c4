// Keys that act anywhere on the page. They are silent while somebody types or a control uses the key itself, and can be
// switched off, because some people's software sends keys by itself (WCAG 2.1.4).

import { recall, remember } from "../browser.js";

/**
 * @typedef {object} Shortcut
 * @property {string} key as `KeyboardEvent.key` names it, in lower case
 * @property {string} label as the list of keys shows it
 * @property {string} about
 * @property {() => void} run
 */

const OFF = "counterfeit.keys-off";

/** Controls that take keys themselves. */
const TYPED_INTO =
  "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], [role=application], [role=slider]";
/** Controls that the space bar presses. */
const PRESSED = "button, summary, a[href], input, [role=tab], [role=radio]";

/** Whether a control in focus uses a key itself. @param {Element | null} focused @param {string} key */
export function takesKey(focused, key) {
  if (!focused) return false;
  if (focused.matches(TYPED_INTO)) return true;
  if (key.startsWith("Arrow")) return focused.matches("[role=tab], [role=radio], input[type=radio], .tile");
  return key === " " && focused.matches(PRESSED);
}

export class Keyboard {
  #shortcuts;
  #dialog;

  /** @param {HTMLDialogElement} dialog lists the keys @param {Shortcut[]} shortcuts */
  constructor(dialog, shortcuts) {
    this.#dialog = dialog;
    this.#shortcuts = shortcuts;
    const list = /** @type {HTMLElement} */ (dialog.querySelector("dl"));
    list.replaceChildren(...shortcuts.flatMap(({ label, about }) => [item("dt", label), item("dd", about)]));
    const box = this.#switch;
    box.checked = recall(OFF) !== "yes";
    box.onchange = () => remember(OFF, box.checked ? "no" : "yes");
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get #switch() {
    return /** @type {HTMLInputElement} */ (this.#dialog.querySelector("input"));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const shortcut = this.#shortcuts.find(({ key }) => key === event.key || key === event.key.toLowerCase());
    // The list of keys can always be opened: it says that they are off.
    if (!shortcut || (!this.#switch.checked && shortcut.key !== "?")) return;
    if (takesKey(document.activeElement, event.key) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    shortcut.run();
  }
}

/** @param {string} tag @param {string} text */
function item(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
