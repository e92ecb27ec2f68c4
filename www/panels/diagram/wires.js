// The wires between the parts: where they run, and how wide the arrows are that gradients take back.

/** @import { Box, Wire } from "./routes.js" */
import { headOf, lineOf, routes } from "./routes.js";

const NAMESPACE = "http://www.w3.org/2000/svg";

/** @param {string} className @param {string} [tag] */
function make(className, tag = "path") {
  const node = document.createElementNS(NAMESPACE, tag);
  node.setAttribute("class", className);
  return node;
}

export class Wires {
  #root;
  #svg;
  /** @type {Map<string, {group: SVGElement, line: SVGElement, flow: SVGElement, head: SVGElement}>} */
  #parts = new Map();
  #drawn = "";
  #offset = 0;
  /** Whether D receives the class or the domain too. */
  conditionToD = false;

  /** @param {HTMLElement} root holds the parts, and the SVG under them */
  constructor(root) {
    this.#root = root;
    this.#svg = /** @type {SVGElement} */ (root.querySelector(".wires"));
  }

  /** Draws the wires anew if a part has moved. */
  lay() {
    /** @type {Record<string, Box>} */
    const boxes = {};
    const origin = this.#root.getBoundingClientRect();
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll("[data-node]"))) {
      const { left, top, width, height } = node.getBoundingClientRect();
      if (width > 0) boxes[String(node.dataset.node)] = { x: left - origin.left, y: top - origin.top, width, height };
    }
    const drawn = JSON.stringify([boxes, this.conditionToD]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const wires = routes(boxes, this.conditionToD);
    const names = wires.map((w) => w.name);
    for (const [name, { group }] of this.#parts) group.toggleAttribute("hidden", !names.includes(name));
    for (const wire of wires) this.#route(wire);
  }

  /** @param {Wire} wire */
  #route(wire) {
    const { line, flow, head } = this.#partsOf(wire.name);
    const d = lineOf(wire);
    line.setAttribute("d", d);
    flow.setAttribute("d", d);
    head.setAttribute("d", headOf(wire));
  }

  /** @param {string} name */
  #partsOf(name) {
    const known = this.#parts.get(name);
    if (known) return known;
    const group = make(`wire ${name}`, "g");
    const parts = { group, line: make("line"), flow: make("flow"), head: make("head") };
    group.append(parts.line, parts.flow, parts.head);
    this.#svg.append(group);
    this.#parts.set(name, parts);
    return parts;
  }

  /** Sets the width of a gradient's arrow; null if it is not known. @param {"to-generator" | "to-discriminator"} name @param {number | null} width */
  setWidth(name, width) {
    const group = this.#parts.get(name)?.group;
    if (!group) return;
    group.classList.toggle("unknown", width === null);
    group.style.setProperty("--width", `${(width ?? 1.5).toFixed(1)}px`);
  }

  /** Moves what flows along the wires by a step. */
  flow() {
    this.#offset = (this.#offset + FLOW) % (100 * FLOW);
    this.#svg.style.setProperty("--flow", `${-this.#offset}px`);
  }
}

/** Pixels that the dots move at once: less than their distance, so that they seem to go on. */
const FLOW = 6;
