// The read-out: the numbers of a generated point, of a position in data space, or of a z and its G(z). Also describes a
// frame in words.

import { grouped, signed } from "../../numbers.js";
import { mapAt } from "../../draw/geometry.js";
import { everyOf, usualLength } from "./layers-drawn.js";

/** @import { DensityFrame } from "../../protocol.js" */
/** @typedef {{title: string, z: string, x: string, score: string, arrow: string}} Lines */

const NONE = "–";
/** Most coordinates of z shown. */
const MOST = 4;
/** @type {Lines} */
export const NOTHING = {
  title: "Hover over a generated point, a place, or a z",
  z: NONE,
  x: NONE,
  score: NONE,
  arrow: NONE,
};

/** A number with three decimals, or fewer if it is large, with little change in width. @param {number} v */
function number(v) {
  if (!Number.isFinite(v)) return "not a number";
  if (v !== 0 && Math.abs(v) < 0.001) return v.toExponential(1).replaceAll("-", "−");
  return signed(v, Math.abs(v) >= 100 ? 0 : 3);
}

/** @param {ArrayLike<number>} values */
export function tuple(values) {
  const shown = Array.from(values).slice(0, MOST).map(number);
  return values.length === 1 ? shown[0] : `(${shown.join(", ")}${values.length > MOST ? ", …" : ""})`;
}

/** @param {ArrayLike<number>} arrow */
function arrowText(arrow) {
  return `${tuple(arrow)}, length ${number(Math.hypot(...Array.from(arrow)))}`;
}

/**
 * Describes a generated point.
 * @param {DensityFrame} scene @param {number} i which generated point @param {string} [of] which run @returns {Lines}
 */
export function aboutFake({ width, zWidth, z, fake, fakeScores, arrows }, i, of = "") {
  const part = (/** @type {Float32Array} */ all, /** @type {number} */ w) => all.subarray(i * w, (i + 1) * w);
  return {
    title: `Generated point ${i + 1}${of}`,
    z: tuple(part(z, zWidth)),
    x: tuple(part(fake, width)),
    score: number(fakeScores[i]),
    arrow: arrowText(part(arrows, width)),
  };
}

/**
 * Describes a position in data space.
 * @param {DensityFrame} scene @param {number} x @param {number} y @param {string} [of] which run @returns {Lines}
 */
export function aboutPlace({ dOutput, dOptimal, side, window }, x, y, of = "") {
  const [d, star] = [dOutput, dOptimal].map((map) => mapAt(map, side, window, x, y));
  const beside = dOptimal.length > 0 ? `; D* ${Number.isNaN(star) ? "undefined, no points here" : number(star)}` : "";
  return {
    title: `Place in data space${of}`,
    z: NONE,
    x: tuple([x, y]),
    score: Number.isNaN(d) ? "outside the map" : `${number(d)}${beside}`,
    arrow: NONE,
  };
}

/**
 * Describes a z and its G(z).
 * @param {Float32Array} z
 * @param {{points: Float32Array, scores: Float32Array, arrows: Float32Array} | null} mapped the core's answer, or null
 *   until it arrives @param {string} [of] @returns {Lines}
 */
export function aboutMapped(z, mapped, of = "") {
  const title = `z and G(z)${of}`;
  if (!mapped) return { ...NOTHING, title, z: tuple(z) };
  return {
    title,
    z: tuple(z),
    x: tuple(mapped.points),
    score: number(mapped.scores[0]),
    arrow: arrowText(mapped.arrows),
  };
}

/** Counts the generated points outside the window, and those that are NaN. @param {DensityFrame} scene */
export function outside({ fake, window: [l, r, b, t] }) {
  let [beyond, broken] = [0, 0];
  for (let i = 0; i < fake.length; i += 2) {
    const [x, y] = [fake[i], fake[i + 1]];
    if (Number.isNaN(x + y)) broken++;
    else if (x < l || x > r || y < b || y > t) beyond++;
  }
  return { beyond, broken };
}

/**
 * Describes a frame in words and numbers, for screen readers.
 * @param {DensityFrame} snapshot @param {boolean} [withArrows] whether gradients are drawn
 */
export function factsOf(snapshot, withArrows = false) {
  const { gap, value, optimalValue, divergence, fake, arrows } = snapshot;
  const facts = [];
  if (Number.isFinite(gap)) facts.push(`D differs from D* by ${gap.toFixed(3)} on average.`);
  if (Number.isFinite(value)) {
    facts.push(
      `Value V(D, G) ${signed(value, 3)}; with D* it would be ${signed(optimalValue, 3)}, in equilibrium −log 4 = −1.386.`,
    );
  } else if (Number.isFinite(divergence))
    facts.push(`Jensen-Shannon divergence ${divergence.toFixed(3)} of at most log 2 = 0.693.`);
  if (withArrows && arrows.length > 0) {
    const every = everyOf(fake.length / 2);
    facts.push(
      `${every > 1 ? `One point in ${every} has an arrow; nine` : "Nine"} tenths of the gradients are shorter than ${number(usualLength(arrows))}.`,
    );
  }
  const { beyond, broken } = outside(snapshot);
  const count = (/** @type {number} */ n) => `${grouped(n)} of ${grouped(fake.length / 2)} generated points`;
  if (beyond > 0) facts.push(`${count(beyond)} lie outside this window.`);
  if (broken > 0) facts.push(`${count(broken)} are not finite.`);
  return facts.join(" ");
}

export class Readout {
  #root;

  /** @param {HTMLElement} root holds one element for each line, named in data-read */
  constructor(root) {
    this.#root = root;
    this.show(NOTHING);
  }

  /**
   * Turns announcements by screen readers on or off. Off while a run plays, because the numbers then change
   * continuously.
   * @param {boolean} aloud
   */
  speak(aloud) {
    const live = aloud ? "polite" : "off";
    if (this.#root.getAttribute("aria-live") !== live) this.#root.setAttribute("aria-live", live);
  }

  /** @param {Lines} lines */
  show(lines) {
    for (const [name, text] of Object.entries(lines)) {
      const node = this.#root.querySelector(`[data-read="${name}"]`);
      if (node && node.textContent !== text) node.textContent = text;
    }
  }
}
