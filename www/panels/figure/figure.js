// Figure 1 of Goodfellow et al. 2014, live: the densities of real and generated numbers, D(x) and the optimal D*(x)
// over them, and below the lines from z to x = G(z).

import { onResize } from "../../browser.js";
import { grouped, signed } from "../../numbers.js";
import { linesOf, nodeAt, nodeOf, populated, rangeOfD, steadyTop, topOf } from "./figure-data.js";
import { drawOverlay } from "./figure-overlay.js";
import { group, line, text } from "../../draw/figure-parts.js";
import { axisTicks } from "../../draw/geometry.js";
import { lineThrough, path, round } from "../../draw/svg.js";

/** @import { Output, DensityFrame } from "../../protocol.js" */
/** @import { Overlay } from "../../app/slow-motion.js" */
/** @typedef {{output: Output, normal: boolean}} Meaning what D's output means, and whether z is drawn from a normal */
/**
 * @typedef {object} Places from numbers to pixels
 * @property {(x: number) => number} x @property {(z: number) => number} z @property {(p: number) => number} density
 * @property {(d: number) => number} says
 * @property {number} base foot of the curves @property {number} top @property {number} xRail @property {number} zRail @property {number} left
 * @property {number} right
 */

const SVG = "http://www.w3.org/2000/svg";
const CURVES = ["gap", "data", "made", "exact", "before", "best", "says"];
/** Below the curves: numbers of x, its rail, the lines, z's rail and numbers. */
const [TO_RAIL, LINES_HIGH, BELOW] = [24, 78, 34];
const [LEFT, RIGHT, TOP] = [40, 44, 24];

/** Where everything is in a drawing so wide. @param {number} width @param {DensityFrame} snapshot @param {Meaning} meaning @param {number} [most] top of the densities' axis @returns {Places & {height: number, range: [number, number]}} */
export function placesOf(width, snapshot, { output }, most = topOf(snapshot)) {
  const high = width < 480 ? 190 : 240;
  const [left, right, base] = [LEFT, width - RIGHT, TOP + high];
  const [xRail, zRail] = [base + TO_RAIL, base + TO_RAIL + LINES_HIGH];
  const range = rangeOfD(snapshot, output.type === "probability");
  const from =
    (/** @type {number} */ low, /** @type {number} */ up, /** @type {number} */ a, /** @type {number} */ b) =>
    (/** @type {number} */ v) =>
      a + ((v - low) / (up - low)) * (b - a);
  const [low, up] = [snapshot.sheetZ[0] ?? -1, snapshot.sheetZ[snapshot.sheetSide - 1] ?? 1];
  return {
    left,
    right,
    base,
    top: TOP,
    xRail,
    zRail,
    range,
    height: zRail + BELOW,
    x: from(snapshot.window[0], snapshot.window[1], left, right),
    z: from(low, up, left + 0.06 * (right - left), right - 0.06 * (right - left)),
    density: from(0, most, base, TOP),
    says: from(range[0], range[1], base, TOP),
  };
}

export class Figure {
  #panel;
  #root;
  #svg;
  #curves = Object.fromEntries(CURVES.map((name) => [name, path(name)]));
  #axes = group("axes");
  #rails = group("rails");
  #lines = path("lines");
  #walk = group("walk");
  #pointer = path("pointer");
  #reads;
  /** @type {DensityFrame | null} */
  #snapshot = null;
  /** @type {Meaning} */
  #meaning = { output: { type: "probability" }, normal: true };
  /** @type {Overlay | null} */
  #overlay = null;
  /** What D said and G made when the present update's turn came, to be seen beside what they became. @type {DensityFrame | null} */
  #before = null;
  /** The node that is pointed at. */
  #node = -1;
  /** Top of the densities' axis. */
  #most = 0;
  /** What the axes were last drawn for. */
  #axesFor = "";

  /** @param {HTMLElement} root holds .sheet and .reads */
  constructor(root) {
    this.#panel = root;
    this.#root = /** @type {HTMLElement} */ (root.querySelector(".sheet"));
    this.#reads = /** @type {HTMLElement} */ (root.querySelector(".reads"));
    this.#svg = document.createElementNS(SVG, "svg");
    this.#svg.setAttribute("class", "figure");
    this.#svg.setAttribute("role", "img");
    this.#svg.setAttribute("tabindex", "0");
    this.#svg.append(this.#axes, ...Object.values(this.#curves), this.#rails, this.#lines, this.#walk, this.#pointer);
    this.#root.replaceChildren(this.#svg);
    onResize(this.#root, () => this.draw());
    this.#watch();
    this.reset();
  }

  reset() {
    this.#snapshot = this.#overlay = this.#before = null;
    this.#node = -1;
    this.#most = 0;
    this.draw();
  }

  /** Where everything is now. @param {DensityFrame} snapshot */
  #places(snapshot) {
    return placesOf(Math.max(this.#root.clientWidth, 280), snapshot, this.#meaning, this.#most);
  }

  /** @param {DensityFrame | null} snapshot @param {Meaning} meaning */
  update(snapshot, meaning) {
    if (snapshot?.width !== 1) return this.reset();
    if (this.#overlay?.stage !== "update") this.#before = null;
    this.#snapshot = snapshot;
    this.#meaning = meaning;
    this.#reads.setAttribute("aria-live", "off");
    this.draw();
  }

  /** What slow motion lights. @param {Overlay | null} overlay */
  highlight(overlay) {
    this.#before = overlay?.stage !== "update" ? null : (this.#before ?? this.#snapshot);
    this.#overlay = overlay;
    this.draw();
  }

  draw() {
    const snapshot = this.#snapshot;
    this.#svg.toggleAttribute("hidden", !snapshot);
    this.#panel.classList.toggle("without-best", snapshot?.dOptimal.length === 0);
    if (!snapshot || this.#root.clientWidth === 0) return this.#say("");
    this.#most = steadyTop(this.#most, topOf(snapshot));
    const places = this.#places(snapshot);
    this.#svg.setAttribute("width", String(places.right + RIGHT));
    this.#svg.setAttribute("height", String(places.height));
    this.#drawCurves(snapshot, places);
    this.#drawAxes(snapshot, places);
    this.#drawLines(snapshot, places);
    this.#svg.dataset.stage = this.#overlay?.stage ?? "";
    this.#svg.dataset.network = this.#overlay?.network ?? "";
    drawOverlay(this.#walk, this.#overlay?.walk.width === 1 ? this.#overlay : null, places, this.#meaning.output);
    this.#drawPointer(snapshot, places);
    this.#svg.setAttribute("aria-label", describe(snapshot, this.#meaning.output));
  }

  /** @param {DensityFrame} snapshot @param {Places} places */
  #drawCurves(snapshot, { x, density, says, base }) {
    const through = (/** @type {Float32Array} */ map, /** @type {(v: number) => number} */ y) =>
      lineThrough(Array.from(map, (v, i) => (Number.isFinite(v) ? [x(nodeOf(snapshot, i)), y(v)] : null)));
    const cut = (/** @type {number} */ p) => Math.max(density(p), 2);
    const filled = (/** @type {Float32Array} */ map) =>
      `${through(map, density)}V${base}H${round(x(nodeOf(snapshot, 0)))}Z`;
    const set = (/** @type {string} */ name, /** @type {string} */ d) => this.#curves[name].setAttribute("d", d);
    set("data", filled(snapshot.pData));
    set("made", filled(snapshot.pG));
    set("exact", through(snapshot.exact, cut));
    set("says", through(snapshot.dOutput, says));
    set("best", through(snapshot.dOptimal, says));
    set("gap", between(snapshot, x, says));
    const before = this.#before;
    const ofD = this.#overlay?.network === "discriminator";
    this.#curves.before.classList.toggle("of-d", ofD);
    set("before", before && before !== snapshot ? through(ofD ? before.dOutput : before.pG, ofD ? says : density) : "");
  }

  /** @param {DensityFrame} scene @param {Places & {range: [number, number]}} p */
  #drawAxes({ window: [left, right] }, p) {
    const key = [left, right, p.right, p.range, this.#most, this.#meaning.output.type].join();
    if (key === this.#axesFor) return;
    this.#axesFor = key;
    const probability = this.#meaning.output.type === "probability";
    const xs = axisTicks(left, right, Math.max(4, (p.right - p.left) / 90));
    const ds = probability ? { values: [0, 0.5, 1], digits: 1 } : axisTicks(p.range[0], p.range[1], 4);
    const densities = axisTicks(0, this.#most, 3);
    this.#axes.replaceChildren(
      line("frame", p.left, p.base, p.right, p.base),
      ...(probability ? [line("half", p.left, p.says(0.5), p.right, p.says(0.5))] : []),
      ...densities.values
        .filter((v) => v > 0)
        .map((v) => text("density", v.toFixed(densities.digits), p.left - 6, p.density(v) + 4, "end")),
      text("density", "density", p.left - 34, p.top - 10, "start"),
      ...ds.values.map((v) => text("of-d", signed(v, ds.digits), p.right + 6, p.says(v) + 4, "start")),
      text("of-d", probability ? "D(x)" : "D's output", p.right + 38, p.top - 10, "end"),
      ...xs.values.map((v) => text("number", signed(v, xs.digits), p.x(v), p.base + 16, "middle")),
    );
  }

  /** @param {DensityFrame} snapshot @param {Places} p */
  #drawLines(snapshot, p) {
    const { sheetZ, sheetSide, zWidth } = snapshot;
    const [low, high] = [sheetZ[0] ?? -1, sheetZ[sheetSide - 1] ?? 1];
    const inside = (/** @type {number} */ px) => px >= p.left - 1 && px <= p.right + 1;
    const ends = linesOf(snapshot, this.#meaning.normal);
    this.#lines.setAttribute(
      "d",
      ends
        .filter(([, x]) => inside(p.x(x)))
        .map(([z, x]) => {
          const [fx, tx] = [round(p.z(z)), round(p.x(x))];
          return `M${fx} ${p.zRail}L${tx} ${p.xRail}`;
        })
        .join(""),
    );
    const zs = axisTicks(low, high, 5);
    this.#rails.replaceChildren(
      line("rail", p.left, p.xRail, p.right, p.xRail),
      line("rail", p.left, p.zRail, p.right, p.zRail),
      text("name", "x", p.left - 14, p.xRail + 4, "end"),
      text("name", "z", p.left - 14, p.zRail + 4, "end"),
      ...zs.values.map((v) => text("number", signed(v, zs.digits), p.z(v), p.zRail + 16, "middle")),
      text("name of-g", "↑ G", p.left - 6, (p.xRail + p.zRail) / 2 + 4, "end"),
      ...(zWidth > 1 ? [text("note", "the first number of z; the others are 0", p.right, p.zRail + 30, "end")] : []),
    );
  }

  /** @param {DensityFrame} snapshot @param {Places} p */
  #drawPointer(snapshot, p) {
    const i = this.#node;
    if (i < 0 || i >= snapshot.side) {
      this.#pointer.setAttribute("d", "");
      return this.#say("Hover over the figure, or press an arrow key in it, to read its values.");
    }
    const x = nodeOf(snapshot, i);
    this.#pointer.setAttribute("d", `M${round(p.x(x))} ${p.top}V${p.xRail}`);
    const number = (/** @type {number | undefined} */ v, digits = 3) =>
      v === undefined || Number.isNaN(v) ? "–" : signed(v, digits);
    this.#say(
      `x = ${signed(x, 2)}: p_data ${number(snapshot.exact[i] ?? snapshot.pData[i])}, smoothed ${number(snapshot.pData[i])}; p_g ${number(snapshot.pG[i])}; D ${number(snapshot.dOutput[i])}; D* ${number(snapshot.dOptimal[i])}`,
    );
  }

  /** @param {string} words */
  #say(words) {
    if (this.#reads.textContent !== words) this.#reads.textContent = words;
  }

  #watch() {
    const aim = (/** @type {number} */ node) => {
      this.#node = node;
      if (this.#snapshot) this.#drawPointer(this.#snapshot, this.#places(this.#snapshot));
    };
    const follow = (/** @type {PointerEvent} */ { clientX }) => {
      const snapshot = this.#snapshot;
      if (!snapshot) return;
      const { left } = this.#svg.getBoundingClientRect();
      const p = this.#places(snapshot);
      const [a, b] = snapshot.window;
      aim(nodeAt(snapshot, a + ((clientX - left - p.left) / (p.right - p.left)) * (b - a)));
    };
    for (const kind of /** @type {const} */ (["pointerdown", "pointermove"])) this.#svg.addEventListener(kind, follow);
    this.#svg.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger that was lifted has chosen.
      if (pointerType !== "touch") aim(-1);
    });
    this.#svg.addEventListener("blur", () => aim(-1));
    this.#svg.addEventListener("keydown", (event) => {
      const side = this.#snapshot?.side ?? 0;
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way || side === 0) return;
      event.preventDefault();
      // Read aloud where somebody asks, not with every picture of a run.
      this.#reads.setAttribute("aria-live", "polite");
      aim(this.#node < 0 ? Math.floor(side / 2) : Math.min(side - 1, Math.max(0, this.#node + way)));
    });
  }
}

/** The area between D and D*, where it weighs anything. @param {DensityFrame} snapshot @param {(x: number) => number} x @param {(d: number) => number} y */
function between(snapshot, x, y) {
  /** @type {string[]} */
  const pieces = [];
  const counts = populated(snapshot);
  for (let i = 0; i + 1 < snapshot.dOptimal.length; i++) {
    if (Number.isNaN(snapshot.dOptimal[i] + snapshot.dOptimal[i + 1]) || !counts[i] || !counts[i + 1]) continue;
    const [l, r] = [round(x(nodeOf(snapshot, i))), round(x(nodeOf(snapshot, i + 1)))];
    pieces.push(
      `M${l} ${round(y(snapshot.dOutput[i]))}L${r} ${round(y(snapshot.dOutput[i + 1]))}L${r} ${round(y(snapshot.dOptimal[i + 1]))}L${l} ${round(y(snapshot.dOptimal[i]))}Z`,
    );
  }
  return pieces.join("");
}

/** The figure in a sentence, for those who do not see it. @param {DensityFrame} snapshot @param {Output} output */
export function describe(snapshot, output) {
  const mean = (/** @type {Float32Array} */ v) => v.reduce((a, b) => a + b, 0) / v.length;
  const where = (/** @type {Float32Array} */ map) =>
    signed(Math.round(10 * nodeOf(snapshot, map.indexOf(Math.max(...map)))) / 10 || 0, 1);
  const gap = Number.isNaN(snapshot.gap) ? "" : `; D differs from D* by ${snapshot.gap.toFixed(3)} on average`;
  const said = output.type === "probability" ? " gives" : "'s output is";
  return (
    `Step ${grouped(snapshot.step)}: real numbers are densest at ${where(snapshot.pData)}, generated ones at ${where(snapshot.pG)}; ` +
    `D${said} ${signed(mean(snapshot.realScores), 2)} on real ones and ${signed(mean(snapshot.fakeScores), 2)} on generated ones, on average${gap}.`
  );
}
