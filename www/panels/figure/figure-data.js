// The numbers behind figure 1 of Goodfellow et al. 2014, from a frame: the panel that it resembles, the ends of the
// lines from z, positions on axes. Pure functions.

/** @import { DensityFrame } from "../../protocol.js" */
/** @typedef {"start" | "training" | "optimum" | "g-step"} LastAction the last training action */
/** @typedef {"a" | "b" | "c" | "d"} Panel of the figure */

/** V where D says 1/2 everywhere: theorem 1. */
export const EQUILIBRIUM = -Math.log(4);
/** Lines from z to x: as many as can still be told apart on a phone. */
const LINES = 33;
/** A gap below which the curves of D and D* lie on each other to the eye. */
const ON_IT = 0.04;
/** Of log 2 = 0.69 nats; the smoothed densities of two samples of a few thousand points differ by a fifth of it. */
const ALIKE = 0.01;
/** Share of the mass that would have to move for p_g to be p_data, below which they lie on each other to the eye; of two such samples it is 0.03. */
const MASS_TO_MOVE = 0.1;

/**
 * Which panel a scene is like. With D near its optimum it is b, or d where the densities are alike; after a step of G from there it is
 * c, until D moves; all else is a.
 * @param {DensityFrame} snapshot @param {LastAction} lastAction @returns {Panel}
 */
export function panelOf(snapshot, lastAction) {
  const { gap, divergence } = snapshot;
  // By the densities first: D near D*, or D near 1/2, says nothing of whether p_g is p_data.
  if (divergence < ALIKE && massToMove(snapshot) < MASS_TO_MOVE && gap < 2 * ON_IT) return "d";
  if (lastAction === "g-step") return "c";
  return gap < ON_IT || lastAction === "optimum" ? "b" : "a";
}

/** The share of the mass that would have to move for the one density to be the other. @param {DensityFrame} scene */
export function massToMove({ pData, pG }) {
  let [moved, all] = [0, 0];
  for (let i = 0; i < pData.length; i++) {
    moved += Math.abs(pData[i] - pG[i]);
    all += pData[i] + pG[i];
  }
  return all > 0 ? moved / all : 1;
}

/** What to look at, in the words of the figure. @type {Record<Panel, {title: string, text: string}>} */
export const PANELS = {
  a: {
    title: "Like panel a: D is only partly right",
    text: "D (blue) does not yet follow D* (dotted); the tinted area between them is the gap. Train D to its optimum, and watch the area close.",
  },
  b: {
    title: "Like panel b: D is at its optimum",
    text: "D follows D* = p_data/(p_data + p_g): above 1/2 where real samples are more frequent, below 1/2 where generated ones are. Now one step of G: its samples move to where D is higher.",
  },
  c: {
    title: "Like panel c: G has followed the gradient of D",
    text: "G's samples moved to where D was higher, and with them p_g and D*; D was not updated, so the gap is open again. A long jump comes from Adam: it divides by the past gradients of G, which were small. Take more steps of G, or train D to its new optimum.",
  },
  d: {
    title: "Like panel d: nearly equilibrium",
    text: "The densities coincide, D* is near 1/2 wherever there are samples, and V is near −log 4. No D can separate them any better: this is the aim of training.",
  },
};

/** The panel's words for a scene. @param {DensityFrame} snapshot @param {LastAction} lastAction */
export function wordsOf(snapshot, lastAction) {
  if (snapshot.dOptimal.length === 0) return OTHER_LOSS;
  if (Number.isNaN(snapshot.gap)) return BROKEN;
  const panel = panelOf(snapshot, lastAction);
  return panel === "b" && snapshot.gap >= ON_IT ? NEAR : PANELS[panel];
}

/** After training D alone, where a gap is left. */
const NEAR = {
  title: "Like panel b: D is as near to its optimum as it gets",
  text: "What is left of the tinted area is what D has not learned: a network this small has few bends, D* bends where there are few samples, and a D near 1/2 learns slowly. More hidden units or more training narrow it. Now one step of G: its samples move to where D is higher.",
};

/** Where D or G has come to something that is no number. */
export const BROKEN = {
  title: "The outputs are not finite",
  text: "D or G has outputs that are not finite. The notice above names the first of them; press Reset, or lower a learning rate.",
};

/** For losses without a D* in [0, 1] to compare with. */
export const OTHER_LOSS = {
  title: "A loss whose D* is not drawn",
  text: "With this loss D(x) is not a probability: V(D, G) does not apply, and D*, where it has a closed form, is between −1 and 1 and not drawn. Look at whether D rises towards the real samples: that slope is what moves G.",
};

/**
 * Ends of the lines from z to G(z), at equal steps of probability where z is normal, so that lines crowd where p_g is high. Of a z of
 * several numbers the first changes, the others are 0.
 * @param {DensityFrame} scene @param {boolean} normal the prior of z
 * @returns {[number, number][]}
 */
export function linesOf({ zWidth, sheetSide, sheetZ, sheet }, normal) {
  if (sheetSide < 2) return [];
  const row = zWidth > 1 ? sheetSide * Math.floor(sheetSide / 2) : 0;
  const [low, high] = [sheetZ[0], sheetZ[sheetSide - 1]];
  return Array.from({ length: LINES }, (_, i) => {
    const share = (i + 0.5) / LINES;
    const z = normal ? normalQuantile(share) : low + (high - low) * share;
    const at = Math.min(Math.max(((z - low) / (high - low)) * (sheetSide - 1), 0), sheetSide - 1);
    const k = Math.min(Math.floor(at), sheetSide - 2);
    const between = at - k;
    return [low + (at / (sheetSide - 1)) * (high - low), (1 - between) * sheet[row + k] + between * sheet[row + k + 1]];
  });
}

/** Where so much of a standard normal lies below: Acklam's approximation, exact to nine digits. @param {number} p between 0 and 1 @returns {number} */
export function normalQuantile(p) {
  const A = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
  const C = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const poly = (/** @type {number[]} */ c, /** @type {number} */ x) => c.reduce((sum, v) => sum * x + v, 0);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return poly(C, q) / (poly(D, q) * q + 1);
  }
  const q = p - 0.5;
  return (q * poly(A, q * q)) / (poly(B, q * q) * q * q + 1);
}

/** The x of a map's node. @param {DensityFrame} scene @param {number} i */
export function nodeOf({ window: [left, right], side }, i) {
  return left + ((right - left) * (i + 0.5)) / side;
}

/** The node of a map that is nearest to an x, or -1 outside. @param {DensityFrame} scene @param {number} x */
export function nodeAt({ window: [left, right], side }, x) {
  const i = Math.floor(((x - left) / (right - left)) * side);
  return i >= 0 && i < side ? i : -1;
}

/** Mean |dL_G/dx| over the generated samples. @param {Float32Array} arrows of width 1 */
export function gradientNormOf(arrows) {
  return arrows.reduce((sum, a) => sum + Math.abs(a), 0) / arrows.length;
}

/** Range of D's axis: 0 to 1 for a probability, else all of its outputs. @param {DensityFrame} scene @param {boolean} probability @returns {[number, number]} */
export function rangeOfD({ dOutput, fakeScores, realScores }, probability) {
  if (probability) return [0, 1];
  const all = [...dOutput, ...fakeScores, ...realScores].filter(Number.isFinite);
  if (all.length === 0) return [0, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = Math.max(0.05 * (high - low), 0.05);
  return [low - margin, high + margin];
}

/** Top of the densities' axis: room for the tallest that is smooth; a needle of the exact one may be cut. @param {DensityFrame} scene */
export function topOf({ pData, pG, exact }) {
  const smooth = Math.max(0, ...pData, ...pG);
  return 1.12 * Math.max(Math.min(Math.max(0, ...exact), 1.6 * smooth), smooth, 1e-6);
}

/** An axis that stays while it can: it grows when it must, and shrinks when half of it would do. @param {number} before its top so far; 0: none @param {number} wanted */
export function steadyTop(before, wanted) {
  return wanted <= before && wanted > 0.5 * before ? before : 1.15 * wanted;
}

/** Where there are samples to speak of: D* says something everywhere, but weighs nothing where both densities are nearly 0. @param {DensityFrame} scene */
export function populated({ pData, pG }) {
  const least = 0.01 * Math.max(0, ...pData, ...pG);
  return Array.from(pData, (p, i) => p + pG[i] >= least);
}

/** The left end of V's bar; V has no least value, and what lies below is drawn at the end with an arrow. */
export const BAR_LOW = -2.5;

/** Where a value stands on V's bar, from 0 at the left to 1 at 0, which no V exceeds. @param {number} value */
export function placeOnBar(value) {
  return Math.min(1, Math.max(0, (value - BAR_LOW) / -BAR_LOW));
}
