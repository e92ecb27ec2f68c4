// The bar and its menu: the experiment and its gallery, sharing, the glossary, and the keys, which press the buttons.

import { openDialog } from "../browser.js";
import { Gallery } from "../dialogs/gallery/gallery.js";
import { ShareDialog } from "../dialogs/share/share.js";
import { Keyboard } from "./keyboard.js";
import { closeMenus } from "./menus.js";
import { $, disable } from "./page.js";
import { missingInAddress } from "./state.js";
import { titleOf } from "./title.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { PageOptions } from "./page-options.js" */

/** @param {string} id of a button */
const press = (id) => () => $(id).click();

export class Bar {
  #experiment;
  #options;
  #share = new ShareDialog(/** @type {HTMLDialogElement} */ ($("share")));

  /** @param {Experiment} experiment @param {() => PageOptions} options of the page, which a link keeps */
  constructor(experiment, options) {
    this.#experiment = experiment;
    this.#options = options;
    closeMenus();
    const gallery = new Gallery(/** @type {HTMLDialogElement} */ ($("gallery")), experiment);
    $("experiment").onclick = () => gallery.open();
    $("open-share").onclick = () => this.#openShare();
    const keys = /** @type {HTMLDialogElement} */ ($("keys"));
    const openKeys = () => openDialog(keys);
    $("open-keys").onclick = openKeys;
    new Keyboard(keys, [
      { key: " ", label: "Space", about: "Play or Pause", run: press("play") },
      { key: "s", label: "S", about: "One step of both networks", run: press("step") },
      { key: "d", label: "D", about: "One D step", run: press("step-d") },
      { key: "g", label: "G", about: "One G step", run: press("step-g") },
      { key: "r", label: "R", about: "Reset to step 0", run: press("reset") },
      { key: "n", label: "N", about: "New seed", run: press("new-seed") },
      { key: "c", label: "C", about: "Compare with another setting", run: press("compare") },
      { key: "?", label: "?", about: "This list", run: openKeys },
    ]);
  }

  #openShare() {
    const { config, base, drawn, hash } = this.#experiment;
    const missing = [config, base ?? config].map((c) => missingInAddress(c, drawn)).find(Boolean) ?? "";
    this.#share.open({ hash, lesson: this.#options().lesson, missing });
  }

  /** Names what is trained, here and in the page's title. */
  update() {
    const { preset, catalog } = this.#experiment;
    document.title = titleOf(this.#experiment);
    const button = $("experiment");
    button.dataset.preset = preset?.id ?? "";
    /** @type {HTMLElement} */ (button.querySelector(".name")).textContent = preset?.name ?? "Own settings";
    for (const id of ["experiment", "open-share"]) disable(id, !catalog);
  }
}
