// The drawer's content: a tab for each part of the model with its settings, a search over all of them, and what was
// changed since the experiment was chosen.

import { differences, nameOf } from "../../app/differences.js";
import { changesSince } from "../../app/origin.js";
import { applies } from "../../app/state.js";
import { DataPickerPanel } from "../data-picker/data-picker-panel.js";
import { Changes } from "./changes.js";
import { SettingField } from "./field.js";
import { PARTS, titleOf, whyNot } from "./parts.js";
import { matchOf } from "./search.js";
import { Section } from "./section.js";

/** @import { PanelContext, PanelEvent } from "../panel.js" */
/** @import { Catalog, Field } from "../../protocol.js" */
/** @import { Part } from "./parts.js" */

export class Settings {
  #app;
  #root;
  /** @type {Catalog | null} */
  #catalog = null;
  /** @type {Map<string, SettingField>} */
  #fields = new Map();
  /** @type {Map<Part, {section: Section, tab: HTMLButtonElement}>} */
  #parts = new Map();
  /** @type {DataPickerPanel | null} */
  #picker = null;
  #changes;
  /** @type {HTMLInputElement} */
  #search;
  /** What the search has found, best first; null without a search. @type {SettingField[] | null} */
  #found = null;
  /** The part that is shown. @type {Part} */
  #part;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#root = root;
    this.#app = app;
    const drawer = /** @type {HTMLElement} */ (root.closest("#drawer"));
    this.#part = partOf(drawer.dataset.part ?? "") ?? "data";
    drawer.addEventListener("part", (event) => {
      const { detail } = /** @type {CustomEvent<string>} */ (event);
      this.#choose(partOf(detail) ?? this.#part, true);
    });
    this.#search = /** @type {HTMLInputElement} */ (drawer.querySelector("#settings-search"));
    this.#search.oninput = () => this.#searchFor();
    this.#search.onkeydown = (event) => this.#onKey(event);
    this.#changes = new Changes(this.#find(".changes"), {
      go: (field) => this.#reveal(field),
      reset: (fields) => this.#reset(fields),
    });
    this.#find(".parts").onkeydown = (event) => this.#move(event);
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {PanelEvent} event */
  update(event) {
    const { catalog } = this.#app.experiment;
    if (!catalog) return;
    if (!this.#catalog) this.#build(catalog);
    if (event !== "outline" && event !== "data") this.#draw(catalog);
    if (event !== "outline") this.#picker?.update();
    this.#warn();
  }

  /** @param {Catalog} catalog */
  #build(catalog) {
    this.#catalog = catalog;
    const onChange = (/** @type {string | number} */ value, /** @type {string} */ key) => this.#edit(key, value);
    for (const field of catalog.fields)
      this.#fields.set(field.key, new SettingField(field, { label: nameOf(field, catalog), onChange }));
    const data = document.createElement("div");
    data.id = "data-sets";
    this.#picker = new DataPickerPanel(data, catalog, this.#app);
    for (const part of PARTS) {
      const fields = catalog.fields.filter((f) => f.group === part).map((f) => this.#fieldOf(f.key));
      const tab = document.createElement("button");
      Object.assign(tab, { type: "button", id: `settings-tab-${part}`, className: `of-${part}` });
      tab.textContent = titleOf(part);
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `settings-of-${part}`);
      tab.onclick = () => this.#choose(part, false);
      this.#parts.set(part, { section: new Section(part, fields, part === "data" ? [data] : []), tab });
    }
    this.#find(".parts").append(...[...this.#parts.values()].map(({ tab }) => tab));
    this.#find(".sections").append(...[...this.#parts.values()].map(({ section }) => section.root));
    // Whoever opened the drawer before this was loaded is still at its button.
    const waited = document.activeElement === document.getElementById("close-drawer");
    this.#choose(this.#part, waited);
  }

  /** @param {string} key */
  #fieldOf(key) {
    return /** @type {SettingField} */ (this.#fields.get(key));
  }

  /** @param {string} key @param {string | number} value */
  #edit(key, value) {
    const { experiment, pickData } = this.#app;
    if (key !== "data") return experiment.edit({ ...experiment.config, [key]: value });
    if (value !== experiment.config.data) pickData(String(value));
    // Data that are still to be drawn leave the choice as it was.
    this.update("config");
  }

  /** Shows the fields as the experiment has them. @param {Catalog} catalog */
  #draw(catalog) {
    const { config, base, origin, run, other, choosing, runs } = this.#app.experiment;
    const running = choosing ? null : (other ?? run).running;
    const before = base ?? origin?.config ?? null;
    for (const [key, field] of this.#fields) {
      const refusal = runs.map((r) => r.refused).find((r) => r?.key === key) ?? null;
      field.update({ config, running, base, origin: before, refusal, inactive: whyNot(field.field, config, catalog) });
    }
    if (base) this.#changes.update("B differs from A in", differences(base, config, catalog), config, base, catalog);
    else if (origin) {
      const changed = changesSince(origin, config, catalog);
      this.#changes.update(`Changed from ${origin.name}`, changed, config, origin.config, catalog);
    }
    this.#arrange();
  }

  /** Shows the sections: those of the search, or that of the chosen part. */
  #arrange() {
    const { config } = this.#app.experiment;
    const searching = this.#found !== null;
    for (const [part, { section, tab }] of this.#parts) {
      const chosen = part === this.#part;
      tab.setAttribute("aria-selected", String(chosen && !searching));
      tab.tabIndex = chosen ? 0 : -1;
      if (this.#found) section.find(this.#found);
      else section.show(chosen, ({ field }) => applies(field, config));
    }
    this.#find("#data-sets").hidden = searching;
    const none = this.#found?.length === 0;
    this.#find(".none").textContent = none ? `No setting has “${this.#search.value.trim()}”.` : "";
  }

  /** Says that the core would refuse a run with these settings. */
  #warn() {
    const { outline } = this.#app.experiment.run;
    const problem = outline?.outline.problem;
    const text = problem ? `A run with these settings would be refused. ${problem}` : "";
    const node = this.#find(".refused");
    if (node.textContent !== text) node.textContent = text;
  }

  /** @param {Part} part @param {boolean} focus */
  #choose(part, focus) {
    this.#part = part;
    this.#search.value = "";
    this.#found = null;
    if (!this.#catalog) return;
    this.#arrange();
    const tab = this.#parts.get(part)?.tab;
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#root.parentElement?.parentElement?.scrollTo({ top: 0 });
    if (focus) tab?.focus({ preventScroll: true });
  }

  /** Arrow keys go from part to part. @param {KeyboardEvent} event */
  #move(event) {
    const all = [...this.#parts.keys()];
    const at = all.indexOf(this.#part);
    /** @type {Record<string, number>} */
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 };
    if (!(event.key in to)) return;
    event.preventDefault();
    this.#choose(all[to[event.key] % all.length], true);
  }

  #searchFor() {
    const query = this.#search.value;
    const { config } = this.#app.experiment;
    const ranked = [...this.#fields.values()].flatMap((field) => {
      const rank = matchOf(field.field, query, titleOf(field.field.group));
      // Of two that answer alike, the one that has an effect.
      return rank === null ? [] : [{ field, rank: applies(field.field, config) ? rank : rank + 0.5 }];
    });
    this.#found = query.trim() ? ranked.sort((a, b) => a.rank - b.rank).map(({ field }) => field) : null;
    this.#arrange();
  }

  /** Enter goes to the best of what was found, Escape ends the search. @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Enter") this.#found?.[0]?.focus();
    if (event.key !== "Escape" || !this.#search.value) return;
    event.preventDefault();
    event.stopPropagation();
    this.#search.value = "";
    this.#searchFor();
  }

  /** @param {Field} field */
  #reveal(field) {
    this.#choose(field.group, false);
    const own = this.#fieldOf(field.key);
    this.#parts.get(field.group)?.section.reveal(own);
    own.focus();
  }

  /** @param {Field[]} fields */
  #reset(fields) {
    const { experiment, pickData } = this.#app;
    const before = experiment.base ?? experiment.origin?.config;
    if (!before) return;
    // Another data set first: it may bring settings of its own.
    if (fields.some((f) => f.key === "data")) pickData(String(before.data));
    const others = fields.filter((f) => f.key !== "data").map((f) => [f.key, before[f.key]]);
    if (others.length > 0) experiment.edit({ ...experiment.config, ...Object.fromEntries(others) });
  }
}

/** @param {string} name @returns {Part | undefined} */
function partOf(name) {
  return PARTS.find((part) => part === name);
}
