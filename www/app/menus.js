// Menus are <details>: a click elsewhere, a choice, or Escape closes them.

/** @param {Element} menu */
const isOpen = (menu) => /** @type {HTMLDetailsElement} */ (menu).open;

/** Closes menus that were left. */
export function closeMenus() {
  const close = (/** @type {(menu: HTMLDetailsElement) => boolean} */ which) => {
    for (const menu of [...document.querySelectorAll("details.menu")].filter(isOpen)) {
      const details = /** @type {HTMLDetailsElement} */ (menu);
      if (which(details)) details.open = false;
    }
  };
  document.addEventListener("click", ({ target }) => {
    const at = /** @type {Element} */ (target);
    close((menu) => !menu.contains(at) || at.closest("button") !== null);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    close((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
      return true;
    });
  });
}
