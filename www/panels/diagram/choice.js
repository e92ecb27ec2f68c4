// The choice of data in the diagram: thumbnails of the data sets of the present kind, of which a click picks one at once.

import { context2d } from "../../browser.js";
import { previewOf } from "../../data/previews.js";
import { drawImage } from "../../views/samples.js";
import { thumbnail } from "../../views/toys.js";

/** @import { Catalog, DataSetInfo, ToyInfo } from "../../protocol.js" */
/** @import { Drawn } from "../../data/drawn.js" */
/** @typedef {{id: string, name: string, toy: ToyInfo | null, images: DataSetInfo | null}} Choice */

/** Most thumbnails; the drawer has all data sets. */
const MOST = 8;

/**
 * The data sets to choose from: those of the chosen one's kind, at most eight. The chosen one and the visitor's drawing are
 * always among them.
 * @param {Catalog} catalog @param {string} chosen @returns {Choice[]}
 */
export function choicesOf({ toys, dataSets }, chosen) {
  const space = toys.find((t) => t.id === chosen)?.space;
  if (!space)
    return withChosen(
      dataSets.map((d) => ({ id: d.id, name: d.name, toy: null, images: d })),
      chosen,
      MOST,
    );
  const alike = toys.filter((t) => t.space === space).map((t) => ({ id: t.id, name: t.name, toy: t, images: null }));
  const drawn = alike.filter((t) => t.toy.drawn);
  const others = alike.filter((t) => !t.toy.drawn);
  return [...withChosen(others, chosen, MOST - drawn.length), ...drawn];
}

/** The first of the choices, with the chosen one in the last place if it is a later one. @param {Choice[]} all @param {string} chosen @param {number} most */
function withChosen(all, chosen, most) {
  const at = all.findIndex((c) => c.id === chosen);
  return at < most ? all.slice(0, most) : [...all.slice(0, most - 1), all[at]];
}

export class DataChoice {
  #root;
  #actions;
  /** @type {Map<string, {tile: HTMLElement, radio: HTMLInputElement, choice: Choice}>} */
  #tiles = new Map();
  /** The drawings that the thumbnails show. @type {Drawn} */
  #drawn = {};

  /**
   * @param {HTMLElement} root @param {{pick: (id: string) => void, draw: (toy: ToyInfo) => void}} actions `draw`: opens the
   *   editor of data that the visitor draws
   */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  /** @param {Catalog} catalog @param {string} chosen @param {Drawn} drawn the visitor's drawings, by data set */
  update(catalog, chosen, drawn) {
    const choices = choicesOf(catalog, chosen);
    if (choices.map((c) => c.id).join() !== [...this.#tiles.keys()].join()) this.#lay(choices);
    for (const [id, { tile, radio, choice }] of this.#tiles) {
      radio.checked = id === chosen;
      tile.classList.toggle("chosen", id === chosen);
      if (choice.toy && drawn[id] !== this.#drawn[id])
        tile.querySelector("svg")?.replaceWith(thumbnail(choice.toy, drawn[id]));
    }
    this.#drawn = drawn;
  }

  /** @param {Choice[]} choices */
  #lay(choices) {
    const held = this.#root.contains(document.activeElement);
    this.#tiles = new Map(choices.map((choice) => [choice.id, this.#tile(choice)]));
    this.#drawn = {};
    this.#root.replaceChildren(...[...this.#tiles.values()].map(({ tile }) => tile));
    if (held) /** @type {HTMLElement | null} */ (this.#root.querySelector("input"))?.focus({ preventScroll: true });
  }

  /** @param {Choice} choice */
  #tile(choice) {
    const { id, name, toy, images } = choice;
    const tile = document.createElement("label");
    tile.title = toy?.drawn ? `${name}…` : name;
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "diagram-data";
    radio.value = id;
    radio.setAttribute("aria-label", name);
    const drawn = toy?.drawn ? toy : null;
    radio.onchange = () => (drawn ? this.#actions.draw(drawn) : this.#actions.pick(id));
    // A click on the selected drawing opens the editor again; it causes no change event.
    radio.onclick = () => {
      if (drawn && tile.classList.contains("chosen")) this.#actions.draw(drawn);
    };
    tile.append(radio, toy ? thumbnail(toy) : firstImage(/** @type {DataSetInfo} */ (images)));
    return { tile, radio, choice };
  }
}

/** The first image of a data set. @param {DataSetInfo} info */
function firstImage(info) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  void previewOf(info).then((pixels) => {
    if (pixels) drawImage(context2d(canvas), { pixels, shape: info.shape }, 0);
  });
  return canvas;
}
