// Slow motion in figure 1: the minibatch of the next update, from z along the lines up to the curve of D, and its
// gradients.

import { arrow, diamond, disc } from "../../draw/figure-parts.js";
import { path, round } from "../../draw/svg.js";

/** @import { Output } from "../../protocol.js" */
/** @import { Overlay } from "../../app/slow-motion.js" */
/** @import { Places } from "./figure.js" */

/** So many of a minibatch are drawn: more would be a carpet. */
export const SHOWN = 32;
/** Pixels of the longest arrow. */
const LONGEST = 46;
/** What is there from which stage on. */
const FROM = { noise: 0, generate: 1, score: 2, loss: 3, gradient: 4, update: 5 };

/** @param {SVGElement} root a group @param {Overlay | null} overlay @param {Places} p @param {Output} output */
export function drawOverlay(root, overlay, p, output) {
  const names = [
    "walk-lines",
    "walk-loss",
    "walk-gradient-real",
    "walk-gradient-fake",
    "walk-z",
    "walk-real",
    "walk-fake",
  ];
  const parts = Object.fromEntries(
    names.map((name) => [
      name,
      [...root.children].find((n) => n.classList.contains(name)) ?? root.appendChild(path(name)),
    ]),
  );
  const drawn = overlay ? piecesOf(overlay, p, output) : {};
  for (const [name, node] of Object.entries(parts)) node.setAttribute("d", drawn[name] ?? "");
}

/** The paths, by their class. @param {Overlay} overlay @param {Places} p @param {Output} output @returns {Record<string, string>} */
export function piecesOf({ stage, network, walk }, p, output) {
  const at = FROM[stage];
  const inside = (/** @type {number} */ x) => p.x(x) >= p.left - 1 && p.x(x) <= p.right + 1;
  const fake = indices(walk.fake).filter((i) => inside(walk.fake[i]));
  // Of G's turn only where the game compares the two.
  const real = indices(walk.real).filter((i) => inside(walk.real[i]));
  const z = (/** @type {number} */ i) => p.z(Math.min(Math.max(walk.z[i * walk.zWidth], -2.5), 2.5));
  const marks = at >= FROM.score ? onCurve(walk, p) : onRail(walk, p);
  /** @type {Record<string, string>} */
  const d = { "walk-z": fake.map((i) => disc(z(i), p.zRail, 2.6)).join("") };
  if (at < FROM.generate) return d;
  d["walk-lines"] = fake.map((i) => `M${round(z(i))} ${p.zRail}L${round(p.x(walk.fake[i]))} ${p.xRail}`).join("");
  d["walk-fake"] = fake.map((i) => diamond(...marks.fake(i), 4)).join("");
  d["walk-real"] = real.map((i) => disc(...marks.real(i), 3.4)).join("");
  if (at < FROM.loss) return d;
  d["walk-loss"] = lossLines({ network, real, fake }, p, output, marks);
  if (stage !== "gradient") return d;
  const pulls = network === "discriminator" ? asked({ real, fake }, marks, p) : pulled(fake, walk.arrows, marks);
  return { ...d, "walk-loss": "", ...pulls };
}

/** @param {Float32Array} values */
function indices(values) {
  return Array.from({ length: Math.min(values.length, SHOWN) }, (_, i) => i);
}

/** @typedef {{real: (i: number) => [number, number], fake: (i: number) => [number, number]}} Marks */

/** @param {Overlay["walk"]} walk @param {Places} p @returns {Marks} */
function onRail({ real, fake }, p) {
  return { real: (i) => [p.x(real[i]), p.xRail - 4], fake: (i) => [p.x(fake[i]), p.xRail] };
}

/** @param {Overlay["walk"]} walk @param {Places} p @returns {Marks} */
function onCurve({ real, fake, realScores, fakeScores }, p) {
  return { real: (i) => [p.x(real[i]), p.says(realScores[i])], fake: (i) => [p.x(fake[i]), p.says(fakeScores[i])] };
}

/**
 * From each mark to the target of D for the network that is being updated: the longer, the larger the loss. A critic's
 * output has no such end: from the foot then.
 * @param {{network: string, real: number[], fake: number[]}} batch @param {Places} p @param {Output} output @param {Marks} marks
 */
function lossLines({ network, real, fake }, p, output, marks) {
  const goal = (/** @type {number} */ label) => (output.type === "probability" ? p.says(label) : p.base);
  const to = (/** @type {[number, number]} */ [x, y], /** @type {number} */ end) =>
    `M${round(x)} ${round(y)}V${round(end)}`;
  const fool = network === "generator";
  return [
    ...(fool ? [] : real).map((i) => to(marks.real(i), goal(1))),
    ...fake.map((i) => to(marks.fake(i), goal(fool ? 1 : 0))),
  ].join("");
}

/** D is to say more of real ones and less of generated ones; arrows at every second mark, as all of them hide the curve. @param {{real: number[], fake: number[]}} batch @param {Marks} marks @param {Places} p */
function asked({ real, fake }, marks, p) {
  const end = (/** @type {number} */ y, /** @type {number} */ way) => Math.min(Math.max(y + 22 * way, p.top), p.base);
  const some = (/** @type {number[]} */ all) => all.filter((i) => i % 2 === 0);
  return {
    "walk-gradient-real": some(real)
      .map((i) => marks.real(i))
      .map(([x, y]) => arrow(x, y, x, end(y, -1)))
      .join(""),
    "walk-gradient-fake": some(fake)
      .map((i) => marks.fake(i))
      .map(([x, y]) => arrow(x, y, x, end(y, 1)))
      .join(""),
  };
}

/** Where G's loss wants its samples to go; the longest arrow has a fixed length. @param {number[]} fake @param {Float32Array} arrows @param {Marks} marks */
function pulled(fake, arrows, marks) {
  const unit = LONGEST / Math.max(...fake.map((i) => Math.abs(arrows[i])), 1e-9);
  return {
    "walk-gradient-fake": fake
      .map((i) => ({ i, at: marks.fake(i) }))
      .map(({ i, at: [x, y] }) => arrow(x, y, x + unit * arrows[i], y))
      .join(""),
  };
}
