// The data sets: real samples, counts, source and licence of each, and how far its download is.

import { imageOf } from "./samples.js";

/** @import { Catalog, DataSetInfo, SetId } from "../protocol.js" */
/** @typedef {import("../data-sets.js").DataSets} DataSets */
/** @typedef {import("../data-sets.js").LoadState} LoadState */

const PREVIEWS = 12;

export class DataPicker {
  #root;
  #actions;
  /** @type {Map<SetId, {card: HTMLElement, radio: HTMLInputElement, state: HTMLElement, bar: HTMLProgressElement, action: HTMLButtonElement}>} */
  #cards = new Map();

  /**
   * @param {HTMLElement} root
   * @param {Catalog} catalog
   * @param {{pick: (set: SetId) => void, load: (set: SetId) => void, cancel: (set: SetId) => void}} actions
   */
  constructor(root, catalog, actions) {
    this.#root = root;
    this.#actions = actions;
    root.replaceChildren(...catalog.dataSets.map((info) => this.#card(info)));
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
    void preview(info.id, strip);
    const about = document.createElement("p");
    about.className = "about";
    const source = document.createElement("a");
    source.href = info.source_url;
    source.rel = "noreferrer";
    source.textContent = info.source;
    about.append(`${info.about}; ${info.train.toLocaleString("en")} to train, ${info.test.toLocaleString("en")} to test. `, source, ` Licence: ${info.licence}.`);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", `${info.name}: download`);
    const state = document.createElement("span");
    state.className = "load-state";
    state.setAttribute("role", "status");
    const action = document.createElement("button");
    action.type = "button";
    card.append(label, strip, about, bar, state, action);
    this.#cards.set(info.id, { card, radio, state, bar, action });
    return card;
  }

  /** @param {SetId} chosen @param {DataSets} dataSets */
  update(chosen, dataSets) {
    for (const [set, parts] of this.#cards) {
      const state = dataSets.of(set);
      parts.radio.checked = set === chosen;
      parts.card.classList.toggle("chosen", set === chosen);
      parts.state.textContent = describe(state);
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

/** @param {LoadState} state */
function describe({ available, complete, loading, progress, failure }) {
  if (failure) return failure;
  const images = `${available.toLocaleString("en")} images here`;
  if (complete) return images;
  if (!loading) return available > 0 ? images : "not loaded";
  if (!progress) return "asking…";
  const mb = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  const of = progress.total ? ` of ${mb(progress.total)}` : "";
  return `${mb(progress.loaded)}${of} MB from ${progress.source}`;
}

/** The first images, which the build puts into a small file of their own. @param {SetId} set @param {HTMLElement} strip */
async function preview(set, strip) {
  const response = await fetch(new URL(`data/${set}/preview.bin`, document.baseURI)).catch(() => null);
  if (!response?.ok || response.headers.get("content-type")?.startsWith("text/html")) {
    strip.textContent = "samples appear once it is loaded";
    return;
  }
  const pixels = new Uint8Array(await response.arrayBuffer());
  for (let i = 0; i < Math.min(PREVIEWS, pixels.length / 784); i++) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 28;
    canvas.getContext("2d")?.putImageData(imageOf({ pixels }, i), 0, 0);
    strip.append(canvas);
  }
}
