// The two plots of the Dirac-GAN: the phase portrait in theta and psi, and the eigenvalues in the complex plane.

import { signed } from "../../numbers.js";
import { EXTENT, reachOf } from "./dirac-data.js";
import { axisTicks } from "../../draw/geometry.js";
import { arrow, disc, group, line, text } from "../../draw/figure-parts.js";
import { lineThrough, path } from "../../draw/svg.js";

/** @import { Dirac } from "../../protocol.js" */
/** @import { Complex, Portrait } from "./dirac-data.js" */

const SVG = "http://www.w3.org/2000/svg";
/** Size of the plots in SVG units; CSS scales them. */
export const SIDE = 400;
const MARGIN = 26;
const PLANE = 160;

/** @param {string} className @param {number} side */
function square(className, side) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  return svg;
}

/** Converts theta and psi to SVG units, and back. */
export const place = {
  x: (/** @type {number} */ theta) => MARGIN + ((theta + EXTENT) / (2 * EXTENT)) * (SIDE - 2 * MARGIN),
  y: (/** @type {number} */ psi) => SIDE - MARGIN - ((psi + EXTENT) / (2 * EXTENT)) * (SIDE - 2 * MARGIN),
  theta: (/** @type {number} */ px) => ((px - MARGIN) / (SIDE - 2 * MARGIN)) * 2 * EXTENT - EXTENT,
  psi: (/** @type {number} */ py) => ((SIDE - MARGIN - py) / (SIDE - 2 * MARGIN)) * 2 * EXTENT - EXTENT,
};

export class PhasePlot {
  #flow = path("flow");
  #circle = path("circle");
  #kept = group("kept");
  #trail = path("trail");
  #start = path("start");
  #now = path("now");
  svg = square("phase", SIDE);

  constructor() {
    const low = place.x(-EXTENT);
    const high = place.x(EXTENT);
    const frame = path("frame");
    frame.setAttribute("d", `M${low} ${low}H${high}V${high}H${low}Z`);
    // A diverging trajectory is clipped at the frame.
    const clip = document.createElementNS(SVG, "clipPath");
    clip.id = "phase-frame";
    clip.append(frame.cloneNode());
    const inside = group("inside");
    inside.setAttribute("clip-path", "url(#phase-frame)");
    inside.append(this.#flow, this.#circle, this.#kept, this.#trail);
    const ticks = axisTicks(-EXTENT, EXTENT, 4).values;
    this.svg.append(
      clip,
      frame,
      line("axis", low, SIDE / 2, high, SIDE / 2),
      line("axis", SIDE / 2, low, SIDE / 2, high),
      ...ticks.map((v) => text("number", signed(v, 0), place.x(v), SIDE - 8, "middle")),
      ...ticks.map((v) => text("number", signed(v, 0), 20, place.y(v) + 4, "end")),
      text("of-g", "θ of G", (place.x(1) + place.x(2)) / 2, SIDE - 8, "middle"),
      text("of-d", "ψ of D", low - 8, low - 9, "start"),
      inside,
      this.#start,
      this.#now,
    );
  }

  /** @param {Dirac} dirac @param {Portrait[]} kept */
  update({ path: points, field, circle }, kept) {
    this.#flow.setAttribute("d", fieldOf(field));
    this.#circle.setAttribute(
      "d",
      circle === null ? "" : disc(place.x(0), place.y(0), circle * (place.x(1) - place.x(0))),
    );
    this.#trail.setAttribute("d", trailOf(points, points.length / 2 - 1));
    this.#kept.replaceChildren(
      ...kept.map(({ dirac }, i) => {
        const node = path(`trail kept-${i}`);
        node.setAttribute("d", trailOf(dirac.path, dirac.path.length / 2 - 1));
        return node;
      }),
    );
    this.begin([points[0], points[1]]);
  }

  /** Draws the start point, also while it is being dragged. @param {[number, number]} start */
  begin([theta, psi]) {
    this.#start.setAttribute("d", disc(place.x(theta), place.y(psi), 7));
  }

  /** Draws the trajectory up to a step. @param {Float32Array} points @param {number} step */
  at(points, step) {
    const [theta, psi] = [points[2 * step], points[2 * step + 1]];
    this.#trail.setAttribute("d", trailOf(points, step));
    this.#now.setAttribute("d", Math.hypot(theta, psi) < 4 * EXTENT ? disc(place.x(theta), place.y(psi), 5) : "");
  }
}

/** @param {Float32Array} points @param {number} last */
function trailOf(points, last) {
  // Clip points far outside, because long numbers would slow the drawing down.
  const far = 4 * EXTENT;
  return lineThrough(
    Array.from({ length: last + 1 }, (_, k) =>
      Math.hypot(points[2 * k], points[2 * k + 1]) < far ? [place.x(points[2 * k]), place.y(points[2 * k + 1])] : null,
    ),
  );
}

/**
 * Draws the arrows of the vector field. Their length grows with the square root of the magnitude, so that slow regions
 * remain legible.
 * @param {Float32Array} field
 */
function fieldOf(field) {
  const side = Math.round(Math.sqrt(field.length / 2));
  const cell = (2 * EXTENT) / side;
  let longest = 1e-12;
  for (let k = 0; k < side * side; k++) longest = Math.max(longest, Math.hypot(field[2 * k], field[2 * k + 1]));
  return Array.from({ length: side * side }, (_, k) => {
    const [theta, psi] = [cell * ((k % side) + 0.5) - EXTENT, cell * (Math.floor(k / side) + 0.5) - EXTENT];
    const [dx, dy] = [field[2 * k], field[2 * k + 1]];
    const size = Math.hypot(dx, dy) || 1;
    const length = 0.85 * cell * Math.sqrt(size / longest);
    const [x, y] = [theta - (dx / size) * (length / 2), psi - (dy / size) * (length / 2)];
    return arrow(place.x(x), place.y(y), place.x(x + (dx / size) * length), place.y(y + (dy / size) * length));
  }).join("");
}

export class ComplexPlot {
  #values = path("values");
  #numbers = group("numbers");
  svg = square("complex", PLANE);

  constructor() {
    const half = path("stable");
    half.setAttribute("d", `M10 10H${PLANE / 2}V${PLANE - 10}H10Z`);
    this.svg.setAttribute("role", "img");
    this.svg.append(
      half,
      line("axis", 10, PLANE / 2, PLANE - 10, PLANE / 2),
      line("axis", PLANE / 2, 10, PLANE / 2, PLANE - 10),
      text("name", "Re λ", PLANE - 8, PLANE / 2 - 6, "end"),
      text("name", "Im λ", PLANE / 2 + 5, PLANE - 14, "start"),
      text("note", "damped", 14, PLANE - 16, "start"),
      this.#numbers,
      this.#values,
    );
  }

  /** @param {Complex[]} values @param {string} words @returns {void} */
  update(values, words) {
    const reach = reachOf(values);
    const unit = (PLANE / 2 - 10) / reach;
    const seen = values.filter(([re, im]) => Math.abs(re) <= reach && Math.abs(im) <= reach);
    this.#values.setAttribute(
      "d",
      seen.map(([re, im]) => disc(PLANE / 2 + re * unit, PLANE / 2 - im * unit, 5)).join(""),
    );
    const tick = axisTicks(0, reach, 2).values.at(-1) ?? 0;
    const digits = tick < 1 ? 1 : 0;
    this.#numbers.replaceChildren(
      text("number", signed(-tick, digits), PLANE / 2 - tick * unit, PLANE / 2 + 14, "middle"),
      text("number", `${signed(tick, digits)} i`, PLANE / 2 + 5, PLANE / 2 - tick * unit + 4, "start"),
    );
    this.svg.setAttribute("aria-label", `Eigenvalues in the complex plane: ${words}`);
  }
}
