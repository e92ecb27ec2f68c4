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
  // In the capture phase: a dialog that the choice opens returns the focus to the menu, and not to a button in it that is
  // no longer there.
  document.addEventListener(
    "click",
    ({ target }) => {
      const at = /** @type {Element} */ (target);
      close((menu) => {
        const chosen = menu.contains(at) && at.closest("button") !== null;
        if (chosen) menu.querySelector("summary")?.focus();
        return chosen || !menu.contains(at);
      });
    },
    { capture: true },
  );
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    close((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
      return true;
    });
  });
}
