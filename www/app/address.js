// Keeps the page's address in step with the settings; each pick of the visitor has its own entry in the browser's history. Browsers limit the rate of changes (Safari throws after 100 in 30
// seconds), and dragging a slider makes sixty per second, so changes are delayed and only the latest is written.

import { pushAddress, replaceAddress } from "../browser.js";

/** Number of changes that are written without delay. */
const BURST = 60;
/** Time in milliseconds until another change is allowed: at most 90 changes in 30 seconds. */
const PAUSE_MS = 1000;
/** Delay in milliseconds after the browser has refused a change. */
const RETRY_MS = 30_000;

export class Address {
  #wanted = "";
  #left = BURST;
  #at = 0;
  /** The timer of a delayed change. @type {number | undefined} */
  #timer;
  /**
   * The address that the page has read or written. If the browser shows another one, its `hashchange` event is still to
   * come.
   */
  #known = location.href;
  /** The visitor's picks so far, and whether the wanted address is a new one. */
  #picks = 0;
  #isPick = false;

  constructor() {
    addEventListener("hashchange", () => {
      this.#known = location.href;
      this.#isPick = false;
    });
    // Write a delayed change before the page closes, so that a reload shows the latest settings.
    addEventListener("pagehide", () => {
      if (this.#timer) replaceAddress(this.#wanted);
    });
  }

  /** The address of the present settings, including a delayed change. */
  get href() {
    return new URL(this.#wanted, location.href).href;
  }

  /** @param {string} hash without its sign; none: no settings @param {number} picks of the visitor so far */
  set(hash, picks) {
    if (picks !== this.#picks) this.#isPick = true;
    this.#picks = picks;
    this.#wanted = hash ? `#${hash}` : location.href.split("#")[0];
    if (!this.#timer) this.#write();
  }

  #write() {
    this.#timer = undefined;
    if (location.href !== this.#known) {
      // The visitor has edited the address: wait until its event has been handled. If there is none, the delayed change
      // is written then.
      this.#known = location.href;
      return this.#wait(PAUSE_MS);
    }
    if (this.href === location.href) return;
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + (now - this.#at) / PAUSE_MS);
    this.#at = now;
    if (this.#left < 1) return this.#wait(PAUSE_MS);
    this.#left -= 1;
    if (!(this.#isPick ? pushAddress : replaceAddress)(this.#wanted)) return this.#wait(RETRY_MS);
    this.#isPick = false;
    this.#known = location.href;
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#timer = window.setTimeout(() => this.#write(), ms);
  }
}
