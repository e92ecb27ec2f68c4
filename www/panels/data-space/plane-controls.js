// The controls of the data space plot: layers, colour map, number of points, current weights or EMA, and the morph from
// noise to output. The browser remembers them.

import { mediaMatches, recall, remember } from "../../browser.js";
import { signed } from "../../numbers.js";

/** @import { DensityContent } from "../../protocol.js" */
/** @import { Heat, Scale } from "./heat.js" */
/** @import { Layer, PlaneOptions } from "./plane.js" */

const REMEMBERED = "counterfeit.plane";
/** Nodes of the maps per axis. Enough, because the picture is interpolated. */
const GRID = 48;
/** Arrows of the gradient field per axis. */
const FIELD = 16;
/** Duration of the morph from noise to output, in milliseconds. */
const MORPH_MS = 1600;

/** A number with two significant digits. @param {number | null} v */
const short = (v) =>
  v === null || !Number.isFinite(v)
    ? ""
    : signed(Number(v.toPrecision(2)), Math.abs(v) >= 10 || Number.isInteger(v) ? 0 : Math.abs(v) < 0.1 ? 2 : 1);

export class PlaneControls {
  #root;
  #changed;
  #morph;
  /** @type {HTMLInputElement[]} */
  #layers;
  /** Id of the animation frame requested by the morph; 0 while it is stopped. */
  #playing = 0;

  /** @param {HTMLElement} root contains the controls @param {(what: "options" | "frame") => void} changed */
  constructor(root, changed) {
    this.#root = root;
    this.#changed = changed;
    this.#morph = /** @type {HTMLInputElement} */ (this.#find(".morph"));
    this.#layers = [...root.querySelectorAll("[data-layer]")].map((box) => /** @type {HTMLInputElement} */ (box));
    this.#recall();
    this.#box.addEventListener("toggle", () => {
      this.#remember();
      // The plane has another size then, and a paused run brings no frame that would draw it anew.
      this.#changed("options");
    });
    root.addEventListener("change", ({ target }) => {
      const ofFrame = /** @type {HTMLElement} */ (target).matches('.points, .averaged, [data-layer="field"]');
      this.#remember();
      this.#changed(ofFrame ? "frame" : "options");
    });
    this.#morph.oninput = () => {
      this.#stop();
      this.#changed("options");
    };
    const play = /** @type {HTMLButtonElement} */ (this.#find(".play-morph"));
    play.onclick = () => (this.#playing ? this.#stop() : this.#play());
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** What holds the controls, folded until the visitor opens it. */
  get #box() {
    return /** @type {HTMLDetailsElement} */ (this.#find(".side-box"));
  }

  /** @returns {PlaneOptions} */
  get options() {
    const layers = /** @type {Record<Layer, boolean>} */ (
      Object.fromEntries(this.#layers.map((box) => [box.dataset.layer, box.checked]))
    );
    return { layers, heat: /** @type {Heat} */ (this.#select(".heat").value), morph: Number(this.#morph.value) };
  }

  /** @returns {DensityContent} */
  get frameRequest() {
    return {
      points: Number(this.#select(".points").value),
      grid: GRID,
      field: this.options.layers.field ? FIELD : 0,
      averaged: /** @type {HTMLInputElement} */ (this.#find(".averaged")).checked,
    };
  }

  /** @param {string} selector */
  #select(selector) {
    return /** @type {HTMLSelectElement} */ (this.#find(selector));
  }

  /**
   * Enables the choices that need D*, and writes the colour legend.
   * @param {Scale | null} scale null if each plot has its own scale @param {boolean} best whether the loss has a D*
   */
  explain(scale, best) {
    const heat = this.#select(".heat");
    for (const option of heat.options) option.disabled = !best && (option.value === "best" || option.value === "gap");
    const bar = this.#find(".scale");
    const missing = heat.selectedOptions[0].disabled;
    bar.hidden = heat.value === "none" || missing;
    this.#find(".no-map").hidden = !missing;
    bar.dataset.heat = heat.value;
    const most = heat.value === "gap" ? "≥ " : "";
    const [left, between, right] = scale?.words ?? ["generated", "each its own scale", "real"];
    const [low, middle, high] = scale ? [scale.low, scale.middle, scale.high].map(short) : ["", "", ""];
    const texts = [`${low} ${left}`, `${between}${middle}`, `${right} ${most}${high}`];
    bar.querySelectorAll("span").forEach((node, i) => {
      if (node.textContent !== texts[i]) node.textContent = texts[i];
    });
  }

  #play() {
    this.#find(".play-morph").textContent = "Stop";
    const begin = performance.now();
    // With reduced motion, jump from one end to the other.
    const still = mediaMatches("(prefers-reduced-motion: reduce)");
    const from = this.#morph.value === "1" ? 0 : Number(this.#morph.value);
    if (still) {
      this.#morph.value = this.#morph.value === "1" ? "0" : "1";
      this.#stop();
      return this.#changed("options");
    }
    const next = (/** @type {number} */ now) => {
      const share = Math.min(1, from + Math.max(0, now - begin) / MORPH_MS);
      this.#morph.value = String(share);
      this.#changed("options");
      if (share < 1) this.#playing = requestAnimationFrame(next);
      else this.#stop();
    };
    this.#playing = requestAnimationFrame(next);
  }

  #stop() {
    cancelAnimationFrame(this.#playing);
    this.#playing = 0;
    this.#find(".play-morph").textContent = "Morph";
  }

  #remember() {
    const { layers, heat } = this.options;
    remember(REMEMBERED, JSON.stringify({ layers, heat, points: this.#select(".points").value, open: this.#box.open }));
  }

  #recall() {
    try {
      const { layers, heat, points, open } = JSON.parse(recall(REMEMBERED) ?? "{}");
      for (const box of this.#layers) box.checked = layers?.[box.dataset.layer ?? ""] ?? box.checked;
      this.#choose(".heat", heat);
      this.#choose(".points", points);
      this.#box.open = open === true;
    } catch {
      // The stored text is invalid: keep the defaults.
    }
  }

  /** Selects an option, unless it no longer exists. @param {string} selector @param {unknown} value */
  #choose(selector, value) {
    const select = this.#select(selector);
    if ([...select.options].some((o) => o.value === value)) select.value = String(value);
  }
}
