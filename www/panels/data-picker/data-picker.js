// The choice of data: image sets with samples, counts, source, licence and download progress; toy densities in 1-D and
// 2-D; and data that the visitor draws.

import { context2d } from "../../browser.js";
import { PREVIEWS, previewOf } from "../../data/previews.js";
import { grouped } from "../../numbers.js";
import { drawImage } from "../../views/samples.js";
import { thumbnail } from "../../views/toys.js";

/** @import { Catalog, DataSetInfo, SetId, ToyInfo } from "../../protocol.js" */
/** @typedef {import("../../app/data-sets.js").DataSets} DataSets */
/** @typedef {import("../../app/data-sets.js").LoadState} LoadState */

/** @type {[import("../../protocol.js").Space, string][]} */
const SPACES = [
  ["plane", "points in the plane"],
  ["line", "numbers on a line"],
];

export class DataPicker {
  #actions;
  /**
   * @type {Map<SetId, {card: HTMLElement, radio: HTMLInputElement, state: HTMLElement, bar: HTMLProgressElement,
   *   action: HTMLButtonElement, drawn: boolean}>}
   */
  #cards = new Map();
  /** @type {Map<string, {tile: HTMLElement, radio: HTMLInputElement, toy: ToyInfo}>} */
  #tiles = new Map();
  /** The drawings that the thumbnails show. @type {Record<string, Float32Array>} */
  #drawn = {};

  /**
   * @param {HTMLElement} root
   * @param {Catalog} catalog
   * @param {{pick: (id: string) => void, load: (set: SetId) => void, cancel: (set: SetId) => void, draw: (toy: ToyInfo)
   *   => void}} actions
   */
  constructor(root, catalog, actions) {
    this.#actions = actions;
    const toys = catalog.toys;
    const groups = [
      ...SPACES.map(([space, title]) =>
        group(
          title,
          "toys",
          toys.filter((t) => t.space === space).map((t) => this.#tile(t)),
        ),
      ),
      group(
        "images",
        "",
        catalog.dataSets.map((info) => this.#card(info)),
      ),
    ];
    root.replaceChildren(...groups.filter((g) => g.querySelector("input")));
  }

  /** @param {ToyInfo} toy */
  #tile(toy) {
    const tile = document.createElement("label");
    tile.className = "toy";
    tile.title = toy.about;
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "data-set";
    radio.value = toy.id;
    radio.onchange = () => (toy.drawn ? this.#actions.draw(toy) : this.#actions.pick(toy.id));
    // A click on the selected drawing opens the editor again; it causes no change event.
    if (toy.drawn)
      radio.onclick = () => {
        if (tile.classList.contains("chosen")) this.#actions.draw(toy);
      };
    const name = document.createElement("span");
    name.textContent = toy.drawn ? `${toy.name}…` : toy.name;
    tile.append(radio, thumbnail(toy), name);
    this.#tiles.set(toy.id, { tile, radio, toy });
    return tile;
  }

  /** @param {DataSetInfo} info */
  #card(info) {
    const card = document.createElement("div");
    card.className = "data-set";
    const label = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "data-set";
    radio.onchange = () => this.#actions.pick(info.id);
    const name = document.createElement("strong");
    name.textContent = info.name;
    label.append(radio, name);
    const strip = document.createElement("div");
    strip.className = "strip";
    strip.setAttribute("role", "img");
    strip.setAttribute("aria-label", `Real samples of ${info.name}`);
    void preview(info, strip);
    const about = document.createElement("p");
    about.className = "about";
    const source = document.createElement("a");
    source.href = info.source_url;
    source.target = "_blank";
    source.rel = "noopener noreferrer";
    source.title = "Opens beside this page";
    source.textContent = info.source;
    about.append(
      `${info.about}; ${grouped(info.train)} to train, ${grouped(info.test)} to test. Licence: ${info.licence}.`,
    );
    // Last in the card, so that a click on the card usually selects the data set and not this link.
    const origin = document.createElement("p");
    origin.className = "about";
    origin.append("Source: ", info.source_url ? source : info.source);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", `${info.name}: download`);
    const state = document.createElement("span");
    state.className = "load-state";
    state.setAttribute("role", "status");
    const action = document.createElement("button");
    action.type = "button";
    const head = document.createElement("div");
    head.className = "line";
    head.append(label, state, action);
    card.append(head, strip, bar, about, origin);
    card.onclick = ({ target }) => {
      if (!(/** @type {Element} */ (target).closest("a, button, label"))) radio.click();
    };
    this.#cards.set(info.id, { card, radio, state, bar, action, drawn: info.files.length === 0 });
    return card;
  }

  /**
   * @param {string} chosen @param {DataSets} dataSets
   * @param {Record<string, Float32Array>} [drawn] the visitor's drawings, by data set
   */
  update(chosen, dataSets, drawn = {}) {
    for (const [id, { tile, radio, toy }] of this.#tiles) {
      radio.checked = id === chosen;
      tile.classList.toggle("chosen", id === chosen);
      if (drawn[id] !== this.#drawn[id]) tile.querySelector("svg")?.replaceWith(thumbnail(toy, drawn[id]));
    }
    this.#drawn = drawn;
    for (const [set, parts] of this.#cards) {
      const state = dataSets.of(set);
      parts.radio.checked = set === chosen;
      parts.card.classList.toggle("chosen", set === chosen);
      parts.state.textContent = describe(state, parts.drawn);
      parts.card.classList.toggle("failed", state.failure !== null);
      parts.bar.hidden = !state.loading;
      if (state.progress?.total) parts.bar.value = state.progress.loaded / state.progress.total;
      else parts.bar.removeAttribute("value");
      const [text, run] = state.loading
        ? /** @type {const} */ (["Cancel", this.#actions.cancel])
        : /** @type {const} */ ([state.failure ? "Try again" : "Load", this.#actions.load]);
      parts.action.textContent = text;
      parts.action.onclick = () => run(set);
      parts.action.hidden = state.complete || (set !== chosen && !state.failure && !state.loading);
    }
  }
}

/** @param {string} title @param {string} className @param {HTMLElement[]} choices */
function group(title, className, choices) {
  const box = document.createElement("section");
  const heading = document.createElement("h3");
  heading.textContent = title;
  const list = document.createElement("div");
  list.className = className;
  list.append(...choices);
  box.append(heading, list);
  return box;
}

/** @param {LoadState} state @param {boolean} drawn whether the images are drawn by code */
function describe({ available, complete, loading, progress, failure }, drawn) {
  if (failure) return failure;
  const images = `${grouped(available)} images here`;
  if (complete) return images;
  if (drawn) return "drawn in this tab once it is chosen";
  if (!loading) return available > 0 ? images : "not loaded";
  if (!progress) return "asking…";
  const mb = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  const of = progress.total ? ` of ${mb(progress.total)}` : "";
  return `${mb(progress.loaded)}${of} MB from ${progress.source}`;
}

/**
 * Draws the first images of a data set.
 * @param {DataSetInfo} info
 * @param {HTMLElement} strip
 */
async function preview(info, strip) {
  const pixels = await previewOf(info);
  if (!pixels) {
    strip.textContent = "samples appear once it is loaded";
    return;
  }
  for (let i = 0; i < PREVIEWS; i++) {
    const canvas = document.createElement("canvas");
    drawImage(context2d(canvas), { pixels, shape: info.shape }, i);
    strip.append(canvas);
  }
}
