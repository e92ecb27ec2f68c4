// The Dirac-GAN of Mescheder et al. 2018 in words and numbers: the meaning of its eigenvalues, the end of a trajectory,
// and the name of a trajectory.

import { grouped, signed } from "../../numbers.js";

/** @import { Catalog, Dirac, DiracRequest } from "../../protocol.js" */
/** @typedef {[number, number]} Complex real and imaginary part */
/** @typedef {{name: string, request: DiracRequest, dirac: Dirac}} Portrait */

/** Half of the width of the phase portrait: theta and psi from -2 to 2. */
export const EXTENT = 2;
export const ARROWS = 17;
/**
 * Real and imaginary parts below this count as zero, because the core's finite differences are accurate to about 1e-9.
 */
const NOTHING = 1e-6;

/** @type {DiracRequest} */
export const FIRST = {
  objective: "non-saturating",
  penalty: "none",
  weight: 0.3,
  lr: 0.1,
  steps: 600,
  alternating: false,
  start: [1, 0.6],
  extent: EXTENT,
  field: ARROWS,
};

/**
 * The losses and penalties that the Dirac-GAN supports.
 * @param {Catalog} catalog @param {"objective" | "d_penalty"} key
 */
export function optionsOf(catalog, key) {
  const values = catalog.fields.find((f) => f.key === key)?.values;
  // BEGAN is left out: its D is an autoencoder, for which two parameters are not enough.
  return values?.type === "choice"
    ? values.options.filter((o) => o.value !== "began" && o.value !== "r1-differences")
    : [];
}

/** @param {Complex} value */
export function complexText([re, im]) {
  const clean = (/** @type {number} */ v) => (Math.abs(v) < 5e-4 ? 0 : v);
  const [a, b] = [clean(re), clean(im)];
  if (b === 0) return signed(a, 3);
  return `${a === 0 ? "" : `${signed(a, 3)} `}${b < 0 ? "−" : a === 0 ? "" : "+"}${a === 0 ? "" : " "}${Math.abs(b).toFixed(3)} i`;
}

/**
 * Describes the behaviour near the equilibrium, from the eigenvalues of the flow and the effect of discrete steps.
 * @param {{values: Complex[] | null, circles: boolean, lr: number, alternating: boolean}} of `values`: null at a kink;
 *   `circles`: whether the flow stays on a circle
 */
export function stabilityOf({ values, circles, lr, alternating }) {
  if (!values)
    return "At ψ = 0 this penalty is not differentiable, so the Jacobian has no eigenvalues here. Look at the trajectory.";
  const most = Math.max(...values.map(([re]) => re));
  const turns = values.some(([, im]) => Math.abs(im) > NOTHING);
  if (most > NOTHING) return "A positive real part: the flow leaves the equilibrium.";
  if (most < -NOTHING) {
    const how = turns ? "spirals into" : "goes straight into";
    return `Negative real parts: the flow ${how} the equilibrium, and its distance falls by a factor of e in ${(1 / -most).toFixed(1)} units of time, ${grouped(Math.round(1 / (-most * lr)))} steps.`;
  }
  if (!turns) return "Zero eigenvalues: near the equilibrium the flow hardly moves.";
  if (!circles)
    return "Purely imaginary: near the equilibrium the flow rotates, and the eigenvalues do not decide whether it converges. Look at the trajectory: with a loss that is not zero-sum, such as the non-saturating one, it converges, ever more slowly, as long as the steps are small.";
  const step = alternating
    ? "Alternating steps stay near the circle."
    : "Simultaneous steps diverge: each multiplies the distance by about √(1 + (learning rate × |λ|)²), an outward spiral.";
  return `Purely imaginary, with a zero-sum loss: the flow oscillates around the equilibrium and never reaches it. ${step}`;
}

/** Describes the end of a trajectory. @param {Float32Array} path @param {number} wished number of steps requested */
export function outcomeOf(path, wished) {
  const steps = path.length / 2 - 1;
  const distance = (/** @type {number} */ k) => Math.hypot(path[2 * k], path[2 * k + 1]);
  if (steps < wished) return `It diverged after ${grouped(steps)} steps.`;
  const [first, last] = [distance(0), distance(steps)];
  return `Distance from the equilibrium: ${first.toFixed(2)} at the start, ${last < 0.0005 ? last.toExponential(1).replace("-", "−") : last.toFixed(3)} after ${grouped(steps)} steps.`;
}

/** The name of a trajectory in the list. @param {DiracRequest} wish @param {Catalog} catalog */
export function nameOf({ objective, penalty, weight, lr, alternating }, catalog) {
  const label = (/** @type {"objective" | "d_penalty"} */ key, /** @type {string} */ value) =>
    optionsOf(catalog, key).find((o) => o.value === value)?.label ?? value;
  const held = penalty === "none" ? "" : `, ${label("d_penalty", penalty).split(" (")[0]} × ${weight}`;
  return `${label("objective", objective)}${held}, learning rate ${lr}, ${alternating ? "alternating" : "simultaneous"}`;
}

/**
 * Half of the width of the complex plane in the plot: enough for all eigenvalues, at least 0.6.
 * @param {Complex[]} values
 */
export function reachOf(values) {
  return Math.max(0.6, ...values.flat().map((v) => 1.25 * Math.abs(v)));
}
