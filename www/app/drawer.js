// The drawer with the settings: beside the stage, or a sheet from the bottom on a phone. While it is open, its head has
// the bars about what waits for a restart and about the comparison that is being set up.

import { $ } from "./page.js";

export class Drawer {
  #root = $("drawer");
  #toggled;
  /** What had the focus when it was opened. @type {Element | null} */
  #from = null;

  /** @param {() => void} toggled called once it is open or closed */
  constructor(toggled) {
    this.#toggled = toggled;
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  /** @param {string} [part] the part of the model whose settings are shown */
  open(part) {
    const { activeElement } = document;
    if (!this.#root.contains(activeElement)) this.#from = activeElement;
    if (part) this.#root.dataset.part = part;
    this.#root.hidden = false;
    document.body.classList.add("drawer-open");
    this.arrange();
    $("close-drawer").focus({ preventScroll: true });
    this.#toggled();
    this.#root.dispatchEvent(new CustomEvent("part", { detail: part ?? "" }));
  }

  /** Closes it, and gives the focus back to what opened it. */
  close() {
    if (!this.isOpen) return;
    const inside = this.#root.contains(document.activeElement);
    this.#root.hidden = true;
    document.body.classList.remove("drawer-open");
    this.arrange();
    if (inside && this.#from instanceof HTMLElement) visible(this.#from).focus({ preventScroll: true });
    this.#toggled();
  }

  /** Puts the bars where they are seen: into the open drawer, or above the stage. */
  arrange() {
    const choosing = document.body.classList.contains("choosing");
    for (const [bar, inside] of /** @type {[HTMLElement, boolean][]} */ ([
      [$("waiting"), this.isOpen],
      [$("comparison"), this.isOpen && choosing],
    ])) {
      const place = $(inside ? "drawer-bars" : "page-bars");
      if (bar.parentElement !== place) move(bar, place);
    }
  }

  /** Escape closes the drawer, unless something above it is open. @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.isOpen) return;
    if (!document.querySelector("dialog[open], details.menu[open]")) this.close();
  }
}

/** Moves an element, whose focus stays where it is. @param {HTMLElement} element @param {HTMLElement} to */
function move(element, to) {
  const { activeElement } = document;
  const focused = element.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement) : null;
  to.append(element);
  focused?.focus({ preventScroll: true });
}

/** The element, or the summary of the closed menu that it is in. @param {HTMLElement} element */
function visible(element) {
  const menu = /** @type {HTMLDetailsElement | null} */ (element.closest("details.menu"));
  return (menu && !menu.open && menu.querySelector("summary")) || element;
}
