// The page's elements by their ids.

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
export const $ = (id) => /** @type {T} */ (document.getElementById(id));

/** @param {string} id of a button @param {boolean} disabled */
export function disable(id, disabled) {
  /** @type {HTMLButtonElement} */ ($(id)).disabled = disabled;
}
