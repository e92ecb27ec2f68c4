// The dialog that makes a link to the present experiment, and the code that embeds it in another page.

import "./share.css";
import { closeDialog, copyText, openDialog } from "../../browser.js";
import { optionsIn, withOptions } from "../../app/page-options.js";
import { embedCode } from "./embed.js";
import markup from "./share.html?raw";

/** @typedef {{hash: string, lesson: string | null, missing: string}} Shared `missing`: what the address cannot hold; empty if there is nothing */

export class ShareDialog {
  #dialog;
  /** @type {Shared} */
  #shared = { hash: "", lesson: null, missing: "" };

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
    dialog.innerHTML = markup;
    dialog.addEventListener("change", () => this.#write());
    dialog.addEventListener("click", ({ target }) => {
      const at = /** @type {HTMLElement} */ (target);
      if (at === dialog || at.matches(".close")) closeDialog(dialog);
      else if (at.dataset.copy) void this.#copy(at.dataset.copy);
    });
  }

  /** @template {HTMLElement} T @param {string} selector @returns {T} */
  #part(selector) {
    return /** @type {T} */ (this.#dialog.querySelector(selector));
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #input(name) {
    return this.#part(`[name="${name}"]`);
  }

  /** @param {Shared} shared */
  open(shared) {
    this.#shared = shared;
    const missing = this.#part(".missing");
    missing.hidden = shared.missing === "";
    missing.textContent = shared.missing && `The link holds every setting, but not ${shared.missing}.`;
    this.#say("");
    this.#write();
    openDialog(this.#dialog);
    this.#part("[data-copy=link]").focus();
  }

  #write() {
    const options = {
      ...optionsIn(""),
      play: this.#input("play").checked,
      controls: /** @type {"all" | "play"} */ (this.#input("controls").checked ? "play" : "all"),
      size: /** @type {"usual" | "projector"} */ (this.#input("size").checked ? "projector" : "usual"),
      tab: this.#input("tab").value || null,
      lesson: this.#shared.lesson,
    };
    const link = `${location.href.split("#")[0]}#${withOptions(this.#shared.hash, options)}`;
    this.#input("link").value = link;
    this.#input("embed").value = embedCode(link);
  }

  /** @param {string} name of the input whose text is copied */
  async #copy(name) {
    const input = this.#input(name);
    if (await copyText(input.value)) return this.#say("Copied.");
    // The browser refuses: select the text, so that one key copies it.
    input.focus();
    input.select();
    this.#say("The browser does not let the page copy: the text is selected, press Ctrl+C or ⌘C.");
  }

  /** @param {string} text */
  #say(text) {
    this.#part(".message").textContent = text;
  }
}
