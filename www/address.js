// The page's address, which follows the settings. Browsers take only so many changes in a while (Safari 100 in 30
// seconds, then it throws), and a slider that is dragged makes sixty a second: the latest one counts.

import { replaceAddress } from "./browser.js";

/** So many changes at once, */
const BURST = 60;
/** then one in this time: 90 in 30 seconds at most. */
const PAUSE_MS = 1000;
/** After a refusal. */
const RETRY_MS = 30_000;

export class Address {
  #wanted = "";
  #left = BURST;
  #at = 0;
  /** Set while a change waits. @type {number | undefined} */
  #timer;
  /** The address as this page knows it: another one is new, and its event is still to come. */
  #known = location.href;

  constructor() {
    addEventListener("hashchange", () => {
      this.#known = location.href;
    });
    // A reload finds what was wanted last.
    addEventListener("pagehide", () => {
      if (this.#timer) replaceAddress(this.#wanted);
    });
  }

  /** The address with these settings, whether or not the browser shows it already. */
  get href() {
    return new URL(this.#wanted, location.href).href;
  }

  /** @param {string} hash without its sign; none: no settings */
  set(hash) {
    this.#wanted = hash ? `#${hash}` : location.href.split("#")[0];
    if (!this.#timer) this.#write();
  }

  #write() {
    this.#timer = undefined;
    if (location.href !== this.#known) {
      // The visitor's address is not overwritten before it was read; one that came without an event is, later.
      this.#known = location.href;
      return this.#wait(PAUSE_MS);
    }
    if (this.href === location.href) return;
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + (now - this.#at) / PAUSE_MS);
    this.#at = now;
    if (this.#left < 1) return this.#wait(PAUSE_MS);
    this.#left -= 1;
    if (!replaceAddress(this.#wanted)) return this.#wait(RETRY_MS);
    this.#known = location.href;
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#timer = window.setTimeout(() => this.#write(), ms);
  }
}
