// A short message at the bottom of the page about something that has just happened, with a button that undoes it. It
// covers nothing that is needed and goes by itself.

/** Time that it takes to read the message and to decide, in milliseconds. */
const STAYS_MS = 10_000;

export class Toast {
  #root;
  #timer = 0;

  /** @param {HTMLElement} root announces its content */
  constructor(root) {
    this.#root = root;
    // Who points at it, or has moved the focus into it, is reading it.
    for (const kind of ["pointerenter", "focusin"]) root.addEventListener(kind, () => clearTimeout(this.#timer));
    for (const kind of ["pointerleave", "focusout"]) root.addEventListener(kind, () => this.#goLater());
  }

  /** @param {string} text @param {{label: string, run: () => void}} [action] */
  show(text, action) {
    const message = document.createElement("p");
    message.textContent = text;
    this.#root.replaceChildren(message);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = action.label;
      button.onclick = () => {
        this.hide();
        action.run();
      };
      this.#root.append(button);
    }
    this.#root.hidden = false;
    this.#goLater();
  }

  hide() {
    clearTimeout(this.#timer);
    this.#root.hidden = true;
  }

  #goLater() {
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => this.hide(), STAYS_MS));
  }
}
