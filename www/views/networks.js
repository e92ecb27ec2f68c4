// Diagram of both networks of a configuration, layer by layer: output shape, number of parameters, and a bar for the
// size of the output. A setting that determines the width of a layer has an input next to it, with the same value as in
// the form.

import { show } from "../app/differences.js";
import { grouped } from "../numbers.js";
import { readNumber } from "../read-number.js";
import { explain, parseValue } from "../app/state.js";

/** @import { Block, Catalog, Config, Field, Outline, Sketch } from "../protocol.js" */
/** @typedef {"generator" | "discriminator"} NetworkName */
/** @typedef {{box: HTMLElement, input: HTMLInputElement, problem: HTMLElement}} Parts */

/** @type {Record<NetworkName, string>} */
const TITLES = { generator: "Generator G", discriminator: "Discriminator D" };

/** A shape as text: 1×28×28. @param {number[]} shape */
export const shapeText = (shape) => shape.join("×");

/** The number of values of a shape. @param {number[]} shape */
export const valuesOf = (shape) => shape.reduce((product, n) => product * n, 1);

/**
 * Width of a block's bar, from 0 to 1: the square root of its share of the largest block's values, so that areas are
 * comparable.
 * @param {Block} block @param {Block[]} all
 */
export function shareOf(block, all) {
  return Math.sqrt(valuesOf(block.shape) / Math.max(...all.map((b) => valuesOf(b.shape))));
}

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

export class NetworksView {
  #root;
  #catalog;
  #onChange;
  /** @type {Config} */
  #config = {};
  #drawn = "";
  /** The inputs by setting, created once, so that the keyboard focus is not lost. @type {Map<string, Parts>} */
  #parts = new Map();

  /** @param {HTMLElement} root @param {Catalog} catalog @param {(config: Config) => void} onChange */
  constructor(root, catalog, onChange) {
    this.#root = root;
    this.#catalog = catalog;
    this.#onChange = onChange;
  }

  /** Sets the inputs to the values of a configuration. @param {Config} config */
  fill(config) {
    this.#config = config;
    for (const [name, { input, problem }] of this.#parts) {
      input.value = show(config[name.split(".")[1]]);
      problem.textContent = "";
      input.removeAttribute("aria-invalid");
    }
  }

  /** @param {Outline} outline */
  update(outline) {
    const { problem } = outline;
    const said = /** @type {HTMLElement} */ (this.#root.querySelector(":scope > .problem"));
    const text = problem ? `A run with these settings would be refused. ${problem}` : "";
    if (said.textContent !== text) said.textContent = text;
    const drawn = JSON.stringify(outline);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const blocks = [...outline.generator.blocks, ...outline.discriminator.blocks];
    for (const network of /** @type {const} */ (["generator", "discriminator"]))
      this.#draw(network, outline[network], blocks);
    if (active && active !== document.activeElement && this.#root.contains(active))
      active.focus({ preventScroll: true });
    this.fill(this.#config);
  }

  /** @param {NetworkName} network @param {Sketch} sketch @param {Block[]} all blocks of both */
  #draw(network, { blocks, parameters, controls }, all) {
    const title = make("h3", "", TITLES[network]);
    title.append(make("small", "total", `${grouped(parameters)} parameters`));
    const heads = make("div", "heads");
    heads.append(...controls.filter((c) => c.block === null).flatMap((c) => this.#control(network, c.key)));
    const list = make("ol", "");
    list.append(
      ...blocks.map((block, i) => {
        const row = this.#block(block, all);
        row.append(...controls.filter((c) => c.block === i).flatMap((c) => this.#control(network, c.key)));
        return row;
      }),
    );
    this.#root.querySelector(`.${network}`)?.replaceChildren(title, heads, list);
  }

  /** @param {Block} block @param {Block[]} all */
  #block(block, all) {
    const { label, shape, parameters } = block;
    const row = make("li", parameters > 0 ? "block" : "block plain");
    row.style.setProperty("--share", shareOf(block, all).toFixed(3));
    row.title = `${label}: ${grouped(valuesOf(shape))} values an image, ${grouped(parameters)} parameters`;
    row.append(
      make("span", "label", label),
      make("span", "shape", shapeText(shape)),
      make("span", "count", parameters > 0 ? grouped(parameters) : ""),
    );
    return row;
  }

  /** @param {NetworkName} network @param {string} key @returns {HTMLElement[]} */
  #control(network, key) {
    const name = `${network}.${key}`;
    const field = this.#catalog.fields.find((f) => f.key === key);
    if (!field) return [];
    const parts = this.#parts.get(name) ?? this.#makeControl(network, field);
    this.#parts.set(name, parts);
    return [parts.box, parts.problem];
  }

  /** @param {NetworkName} network @param {Field} field @returns {Parts} */
  #makeControl(network, field) {
    const id = `${network}-${field.key}`;
    const label = /** @type {HTMLLabelElement} */ (make("label", "", field.label));
    const input = document.createElement("input");
    input.type = "text";
    input.inputMode = "numeric";
    input.autocomplete = "off";
    input.id = label.htmlFor = id;
    input.setAttribute("aria-describedby", `${id}-problem`);
    const problem = make("p", "problem");
    problem.id = `${id}-problem`;
    problem.setAttribute("role", "alert");
    input.onchange = () => this.#edit(field, input, problem);
    const box = make("div", "control");
    box.title = field.help;
    const step = (/** @type {string} */ text, /** @type {number} */ by) => {
      const button = /** @type {HTMLButtonElement} */ (make("button", "mini", text));
      button.type = "button";
      button.setAttribute("aria-label", `${field.label}: one ${by > 0 ? "more" : "less"}`);
      button.onclick = () => {
        input.value = String((readNumber(input.value, true)?.value ?? Number(this.#config[field.key])) + by);
        this.#edit(field, input, problem);
      };
      return button;
    };
    box.append(label, step("−", -1), input, step("+", 1));
    return { box, input, problem };
  }

  /** Handles an edit of an input. @param {Field} field @param {HTMLInputElement} input @param {HTMLElement} problem */
  #edit(field, input, problem) {
    const result = parseValue(field, input.value);
    // An invalid text stays in the input to be corrected; the diagram keeps the last valid value.
    problem.textContent = "value" in result ? "" : `Not used. ${explain(field, input.value)}`;
    input.toggleAttribute("aria-invalid", false);
    if ("value" in result) this.#onChange({ ...this.#config, [field.key]: result.value });
    else input.setAttribute("aria-invalid", "true");
  }
}
