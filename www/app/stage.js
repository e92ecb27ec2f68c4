// The frame around the panels: puts each into its place, shows those of the run's sample space, tells them what has
// changed while they are visible, and opens the tabs and the drawer.

import { mediaMatches, recall, remember, safely } from "../browser.js";
import { Drawer } from "./drawer.js";
import { $ } from "./page.js";
import { explainPart } from "./start-failure.js";

/** @import { Panel, PanelContext, PanelDefinition, PanelEvent, Place } from "../panels/panel.js" */
/** @import { Space } from "../protocol.js" */
/** @import { Run } from "./run.js" */
/** @typedef {{definition: PanelDefinition, slot: HTMLElement, panel: Panel | null, created: boolean, missed: boolean}} Slot `created`: its creation has begun; `missed`: something changed while it was not visible */
/** @typedef {{place: Place, title: string}} Tab */

/** Where the tabs are a sheet: as in styles/stage.css. */
export const NARROW = "(max-width: 899px)";
const REMEMBERED = "counterfeit.tab";
/** @type {Tab[]} */
const TABS = [
  { place: "learn", title: "Learn" },
  { place: "charts", title: "Charts" },
  { place: "quality", title: "Quality" },
  { place: "signals", title: "Signals" },
];

export class Stage {
  /** @type {Slot[]} */
  #slots = [];
  /** @type {Map<Place, HTMLButtonElement>} */
  #tabs = new Map();
  /** The open tab. @type {Place} */
  #tab = "learn";
  /** @type {Space} */
  #space = "line";
  #drawer = new Drawer(() => this.#wake());
  /** @type {PanelContext | null} */
  #app = null;

  /** @param {PanelDefinition[]} definitions @param {Space} space */
  constructor(definitions, space) {
    for (const definition of definitions) {
      const slot = document.createElement("div");
      slot.className = "slot";
      slot.dataset.panel = definition.id;
      slot.innerHTML = definition.markup;
      this.#placeOf(definition.place).append(slot);
      this.#slots.push({ definition, slot, panel: null, created: false, missed: true });
    }
    this.#makeTabs();
    const tab = TABS.find(({ place }) => place === recall(REMEMBERED))?.place;
    this.#tab = tab ?? "learn";
    this.setSpace(space);
  }

  /** @param {Place} place */
  #placeOf(place) {
    return $(`place-${place}`);
  }

  /** Creates the panels that are visible; the others follow when they become so. @param {PanelContext} app */
  begin(app) {
    this.#app = app;
    this.#wake();
  }

  /** Tells the panels about a change. @param {PanelEvent} event @param {Run} run the run that it is about */
  deliver(event, run) {
    if (event === "comparison" || event === "config") this.#drawer.arrange();
    for (const slot of this.#slots) {
      if (!slot.definition.events.includes(event)) continue;
      if (!slot.panel || !this.#visible(slot)) slot.missed = true;
      else safely(() => slot.panel?.update(event, run));
    }
  }

  /** Creates visible panels that do not exist yet, and lets each follow what it has missed. */
  #wake() {
    const app = this.#app;
    if (!app) return;
    for (const slot of this.#slots) {
      if (!this.#visible(slot)) continue;
      if (!slot.created) {
        slot.created = true;
        void this.#create(slot, app);
      } else if (slot.missed) this.#catchUp(slot);
    }
  }

  /** @param {Slot} slot @param {PanelContext} app */
  async #create(slot, app) {
    const { create, title, preload } = slot.definition;
    const root = /** @type {HTMLElement} */ (slot.slot.firstElementChild);
    try {
      await preload?.();
    } catch {
      slot.created = false;
      return app.notices.show(await explainPart(title, () => this.#wake()));
    }
    slot.panel = (await create?.(root, app)) ?? null;
    if (this.#visible(slot)) this.#catchUp(slot);
  }

  /** Loads the parts of all panels before they are needed. What does not arrive is asked for again when it is opened. */
  preload() {
    for (const { definition } of this.#slots) definition.preload?.().catch(() => {});
  }

  /** @param {Slot} slot */
  #catchUp(slot) {
    const run = this.#app?.experiment.focus;
    if (!run) return;
    slot.missed = false;
    safely(() => slot.panel?.update("shown", run));
  }

  /** @param {Slot} slot */
  #visible({ definition: { place, spaces } }) {
    if (!spaces.includes(this.#space) || (place === "drawer" && !this.drawerOpen)) return false;
    return !this.#tabs.has(place) || (place === this.#tab && (this.#sheetOpen || !mediaMatches(NARROW)));
  }

  /** Whether the tabs are open where they are a sheet that comes up from the bottom. */
  get #sheetOpen() {
    return document.body.classList.contains("sheet-open");
  }

  /** Shows the panels of a sample space. @param {Space} space */
  setSpace(space) {
    if (space === document.body.dataset.space && space === this.#space) return;
    this.#space = space;
    document.body.dataset.space = space;
    for (const { definition, slot } of this.#slots) slot.hidden = !definition.spaces.includes(space);
    for (const [place, button] of this.#tabs)
      button.hidden = !this.#slots.some((s) => s.definition.place === place && !s.slot.hidden);
    this.#show(this.#tabs.get(this.#tab)?.hidden ? "learn" : this.#tab);
  }

  #makeTabs() {
    for (const { place, title } of TABS) {
      const button = document.createElement("button");
      button.type = "button";
      button.id = `tab-${place}`;
      button.textContent = title;
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", `place-${place}`);
      button.onclick = () => this.#toggle(place);
      this.#tabs.set(place, button);
    }
    const list = $("tabs");
    list.append(...this.#tabs.values());
    list.onkeydown = (event) => this.#move(event);
  }

  /** Arrow keys go from tab to tab. @param {KeyboardEvent} event */
  #move(event) {
    const shown = [...this.#tabs].filter(([, button]) => !button.hidden);
    const at = shown.findIndex(([place]) => place === this.#tab);
    /** @type {Record<string, number>} */
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + shown.length, Home: 0, End: shown.length - 1 };
    if (!(event.key in to)) return;
    event.preventDefault();
    const [place, button] = shown[to[event.key] % shown.length];
    this.openTab(place);
    button.focus();
  }

  /** A click on the open tab closes the sheet. @param {Place} place */
  #toggle(place) {
    if (place === this.#tab && this.#sheetOpen && !this.drawerOpen) document.body.classList.remove("sheet-open");
    else this.openTab(place);
  }

  /** Opens a tab, which the next visit opens too. @param {Place} place */
  openTab(place) {
    this.closeDrawer();
    remember(REMEMBERED, place);
    document.body.classList.add("sheet-open");
    this.#show(place);
  }

  /** The open tab. */
  get tab() {
    return this.#tab;
  }

  /** Opens the tab that a link names, for this visit. @param {string} place */
  openTabOfLink(place) {
    document.body.classList.add("sheet-open");
    this.#show(/** @type {Place} */ (place));
  }

  /** @param {Place} place */
  #show(place) {
    this.#tab = place;
    for (const [each, button] of this.#tabs) {
      button.setAttribute("aria-selected", String(each === place));
      button.tabIndex = each === place ? 0 : -1;
      this.#placeOf(each).hidden = each !== place;
    }
    this.#wake();
  }

  /** Opens the tab or the drawer in which an element is, so that it can be seen. @param {Element} element */
  reveal(element) {
    const place = TABS.find((tab) => this.#placeOf(tab.place).contains(element))?.place;
    if (place) this.openTab(place);
    else if ($("drawer").contains(element)) this.openDrawer();
  }

  /** Whether the drawer with the settings is open. */
  get drawerOpen() {
    return this.#drawer.isOpen;
  }

  /** Opens the settings. @param {string} [part] the part of the model whose settings are shown first */
  openDrawer(part) {
    this.#drawer.open(part);
  }

  closeDrawer() {
    this.#drawer.close();
  }
}
