// The one place where a failure is shown: a list of notices, announced to screen readers, each with what can be done about it.

/** @typedef {{label: string, run: () => void}} Action */
/** @typedef {{kind: string, text: string, actions?: Action[], tone?: "error" | "note"}} Notice */

export class Notices {
  /** @type {HTMLElement} */
  #root;
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  /** Shows a notice; one of the same kind is replaced. @param {Notice} notice */
  show({ kind, text, actions = [], tone = "error" }) {
    this.clear(kind);
    const box = document.createElement("div");
    box.className = `notice ${tone}`;
    box.dataset.kind = kind;
    // Announced by itself; a note waits its turn.
    box.setAttribute("role", tone === "error" ? "alert" : "status");
    const message = document.createElement("p");
    message.textContent = text;
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
    this.#shown.set(kind, box);
    this.#root.append(box);
  }

  /** @param {string} kind */
  clear(kind) {
    this.#shown.get(kind)?.remove();
    this.#shown.delete(kind);
  }
}
