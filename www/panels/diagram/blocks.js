// Both networks unfolded into their layers: a block as high as its channels and as wide as its side, a fully connected
// layer as a bar. A setting that determines a width is edited under the block that has it.

import { grouped } from "../../numbers.js";
import { shapeText, valuesOf } from "./facts.js";
import { SettingField } from "../settings/field.js";

/** @import { Block, Catalog, Config, Outline, Sketch } from "../../protocol.js" */
/** @typedef {"generator" | "discriminator"} NetworkName */

const NETWORKS = /** @type {const} */ (["generator", "discriminator"]);
/** @type {Record<NetworkName, string>} */
const TITLES = { generator: "Generator G", discriminator: "Discriminator D" };

/** Width in pixels of the block with the largest side, and of a bar. */
const WIDEST = 44;
const BAR = 8;
/** Least share of the height, so that one channel is seen. */
const LOWEST = 0.12;

/** Whether a layer is drawn as a thin line: it keeps what the layer before it gave. @param {Block} block @param {number} i */
export const isThin = ({ label, parameters }, i) => i > 0 && (parameters === 0 || / normalisation$/.test(label));

/** The shape of a block as it is drawn: an image that comes as a flat list is an image. @param {Block[]} blocks @param {number} i */
function drawnShape(blocks, i) {
  const { shape } = blocks[i];
  const next = blocks.slice(i).find((b) => b.shape.length > 1)?.shape;
  return i === 0 && next && valuesOf(next) === valuesOf(shape) ? next : shape;
}

/**
 * The size of a block: `height` from 0 to 1, the square root of its share of the most channels, or of the most units if it
 * is a bar; `width` in pixels, which goes with its side.
 * @param {Block[]} blocks @param {number} i
 */
export function sizeOf(blocks, i) {
  const shapes = blocks.map((_, k) => drawnShape(blocks, k));
  const [channels, , side] = shapes[i];
  const alike = shapes.filter((shape) => shape.length === shapes[i].length);
  const height = Math.max(LOWEST, Math.sqrt(channels / Math.max(...alike.map((shape) => shape[0]))));
  if (!side) return { height, width: BAR };
  return { height, width: Math.max(BAR, (WIDEST * side) / Math.max(...alike.map((shape) => shape[2]))) };
}

/**
 * Whether a setting is the width of a block, and not, as PacGAN's pack size, another number that changes its shape.
 * @param {NetworkName} network @param {number} i @param {Block[]} blocks @param {number} value
 */
function isItsWidth(network, i, blocks, value) {
  const { label, shape } = blocks[i];
  return shape[0] === value && label !== "reshape" && !(network === "discriminator" && i === 0);
}

/** A layer in words. @param {Block} block */
const inWords = ({ label, shape, parameters }) =>
  `${label}: ${shapeText(shape)}${parameters > 0 ? `, ${grouped(parameters)} parameters` : ""}`;

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

export class Blocks {
  #root;
  #catalog;
  #onChange;
  /** @type {Config} */
  #config = {};
  #drawn = "";
  /** By network and setting, created once, so that the keyboard focus is not lost. @type {Map<string, SettingField>} */
  #inputs = new Map();

  /** @param {HTMLElement} root @param {Catalog} catalog @param {(config: Config) => void} onChange */
  constructor(root, catalog, onChange) {
    this.#root = root;
    this.#catalog = catalog;
    this.#onChange = onChange;
  }

  /** Sets the inputs to the values of a configuration. @param {Config} config */
  fill(config) {
    this.#config = config;
    for (const input of this.#inputs.values()) input.update({ config });
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
    for (const network of NETWORKS) this.#draw(network, outline[network]);
    if (active && active !== document.activeElement && this.#root.contains(active))
      active.focus({ preventScroll: true });
    this.fill(this.#config);
  }

  /** @param {NetworkName} network @param {Sketch} sketch */
  #draw(network, { blocks, parameters, controls }) {
    const title = make("h2", "", TITLES[network]);
    title.append(make("small", "total", `${grouped(parameters)} parameters`));
    const detail = make("small", "detail");
    detail.setAttribute("aria-hidden", "true");
    const places = controls.map(({ key, block }) => ({
      key,
      block: block !== null && isItsWidth(network, block, blocks, Number(this.#config[key])) ? block : null,
    }));
    const inputsAt = (/** @type {number | null} */ i) =>
      places.filter((c) => c.block === i).flatMap((c) => this.#input(network, c.key, i === null));
    const heads = make("div", "heads");
    heads.append(...inputsAt(null));
    const list = make("ol", "");
    list.append(
      ...blocks.map((block, i) => {
        const inputs = inputsAt(i);
        const item = this.#block(blocks, i, inputs.length > 0);
        item.append(...inputs);
        item.onpointerenter = () => {
          detail.textContent = inWords(block);
        };
        return item;
      }),
    );
    const section = /** @type {HTMLElement} */ (this.#root.querySelector(`.${network}`));
    section.replaceChildren(title, heads, detail, list);
  }

  /** @param {Block[]} blocks @param {number} i @param {boolean} edited whether a setting of it is edited here */
  #block(blocks, i, edited) {
    const block = blocks[i];
    const { height, width } = sizeOf(blocks, i);
    const item = make("li", isThin(block, i) && !edited ? "block thin" : "block");
    item.style.setProperty("--height", height.toFixed(3));
    item.style.setProperty("--width", `${width.toFixed(1)}px`);
    item.title = inWords(block);
    const count = block.parameters > 0 ? grouped(block.parameters) : "";
    item.append(
      make("span", "box"),
      make("span", "label", block.label),
      make("span", "shape", shapeText(block.shape)),
      make("span", "count", count),
    );
    return item;
  }

  /** @param {NetworkName} network @param {string} key @param {boolean} named whether its name is shown @returns {HTMLElement[]} */
  #input(network, key, named) {
    const id = `${network}-${key}`;
    const field = this.#catalog.fields.find((f) => f.key === key);
    if (!field) return [];
    const onChange = (/** @type {string | number} */ value) => this.#onChange({ ...this.#config, [key]: value });
    const input = this.#inputs.get(id) ?? new SettingField(field, { id, compact: true, onChange });
    this.#inputs.set(id, input);
    input.root.title = `${field.label}: ${field.help}`;
    input.root.classList.add("control");
    input.root.classList.toggle("named", named);
    return [input.root];
  }
}
