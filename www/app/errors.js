// The list of notices, where all failures are shown: announced to screen readers, each with actions that may help.

import { cut } from "../words.js";

/** Longest text of a notice, in characters: it should be readable without scrolling. */
const MOST_TEXT = 1200;

/** @typedef {{label: string, run: () => void}} Action */
/** @typedef {{kind: string, text: string, actions?: Action[], tone?: "error" | "note"}} Notice */
/** @typedef {{show: (notice: Notice) => void, clear: (kind: string) => void}} NoticeSink shows and removes notices */

export class Notices {
  /** @type {HTMLElement} */
  #root;
  /** @type {Map<string, {notice: Notice, box: HTMLElement}>} */
  #shown = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** The notices, oldest first. */
  get list() {
    return [...this.#shown.values()].map(({ notice }) => notice);
  }

  /** Shows a notice; it replaces one of the same kind. @param {Notice} notice */
  show(notice) {
    const { kind, text, actions = [], tone = "error" } = notice;
    this.clear(kind);
    const box = document.createElement("div");
    box.className = `notice ${tone}`;
    box.dataset.kind = kind;
    // An error is announced at once; a note waits until the screen reader is idle.
    box.setAttribute("role", tone === "error" ? "alert" : "status");
    const message = document.createElement("p");
    message.textContent = cut(text, MOST_TEXT);
    box.append(message);
    for (const { label, run } of [...actions, { label: "Dismiss", run() {} }]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.onclick = () => {
        this.clear(kind);
        run();
      };
      box.append(button);
    }
    this.#shown.set(kind, { notice, box });
    this.#root.append(box);
  }

  /** @param {string} kind */
  clear(kind) {
    this.#shown.get(kind)?.box.remove();
    this.#shown.delete(kind);
  }
}

/** The notices of one run, prefixed with its letter in a comparison. */
export class RunNotices {
  #notices;
  #letter = "";
  /** @type {Set<string>} */
  #kinds = new Set();

  /** @param {NoticeSink} notices */
  constructor(notices) {
    this.#notices = notices;
  }

  /** Changes the letter. Notices with the old letter are removed. @param {"" | "A" | "B"} letter */
  setLetter(letter) {
    this.clearAll();
    this.#letter = letter;
  }

  /** @param {Notice} notice */
  show(notice) {
    this.#kinds.add(notice.kind);
    this.#notices.show({
      ...notice,
      kind: this.#named(notice.kind),
      text: this.#letter ? `${this.#letter}: ${notice.text}` : notice.text,
    });
  }

  /** @param {string} kind */
  clear(kind) {
    this.#kinds.delete(kind);
    this.#notices.clear(this.#named(kind));
  }

  clearAll() {
    for (const kind of this.#kinds) this.clear(kind);
  }

  /** @param {string} kind */
  #named(kind) {
    return this.#letter ? `${kind}-${this.#letter.toLowerCase()}` : kind;
  }
}
