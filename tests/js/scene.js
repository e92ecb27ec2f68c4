// A made-up scene: a ring of eight clouds, and a generator and a discriminator as simple as they can be, so that every
// number of it can be said by hand.

/** @import { DensityFrame } from "../../www/protocol.js" */

/** Numbers from 0 to 1 that are always the same. @param {number} seed */
export function generatorOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {() => number} random */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** G maps z towards the ring, the more the longer it has trained. @param {number} x @param {number} y @param {number} trained from 0 to 1 @returns {[number, number]} */
export function generate(x, y, trained) {
  const r = Math.hypot(x, y) || 1e-9;
  const turn = (Math.atan2(y, x) / (2 * Math.PI)) * 8;
  const snapped = ((Math.round(turn) + (turn - Math.round(turn)) * (1 - 0.9 * trained)) / 8) * 2 * Math.PI;
  const radius = 0.5 * r + (1.414 - 0.5 * r) * 0.97 * trained;
  return [radius * Math.cos(snapped), radius * Math.sin(snapped)];
}

/** D: real on the circle. @param {number} x @param {number} y */
export const score = (x, y) => 1 / (1 + Math.exp(6 * (Math.abs(Math.hypot(x, y) - 1.414) - 0.3)));

/** @param {number} n @param {(i: number) => number[]} make the numbers of each */
const each = (n, make) => Float32Array.from(Array.from({ length: n }, (_, i) => make(i)).flat());

/** The generator manifold. @param {number} zWidth @param {number} trained */
function sheetOf(zWidth, trained) {
  const sheetSide = zWidth === 1 ? 65 : 21;
  const sheetZ = Float32Array.from({ length: sheetSide }, (_, i) => -2.5 + (5 * i) / (sheetSide - 1));
  const sheet =
    zWidth === 1
      ? each(sheetSide, (i) => generate(sheetZ[i], 0.1, trained))
      : each(sheetSide ** 2, (k) => generate(sheetZ[k % sheetSide], sheetZ[Math.floor(k / sheetSide)], trained));
  return { sheetSide, sheetZ, sheet };
}

/**
 * @param {{points?: number, side?: number, fieldSide?: number, trained?: number, step?: number, zWidth?: number}} [options]
 * @returns {DensityFrame}
 */
export function madeUpScene({ points = 1000, side = 48, fieldSide = 0, trained = 0.6, step = 100, zWidth = 2 } = {}) {
  const random = generatorOf(7);
  const real = each(points, (i) => {
    const angle = (2 * Math.PI * (i % 8)) / 8;
    return [1.414 * Math.cos(angle) + 0.03 * normal(random), 1.414 * Math.sin(angle) + 0.03 * normal(random)];
  });
  const z = each(points, () => Array.from({ length: zWidth }, () => normal(random)));
  const at = (/** @type {number} */ i) => generate(z[i * zWidth], zWidth > 1 ? z[i * zWidth + 1] : 0.1, trained);
  const fake = each(points, at);
  const scores = (/** @type {Float32Array} */ p) =>
    Float32Array.from({ length: p.length / 2 }, (_, i) => score(p[2 * i], p[2 * i + 1]));
  /** Towards the circle. @param {number} x @param {number} y */
  const pull = (x, y) => {
    const r = Math.hypot(x, y) || 1;
    return [(0.1 * x * (1.414 - r)) / r, (0.1 * y * (1.414 - r)) / r];
  };
  const window = /** @type {[number, number, number, number]} */ ([-2, 2, -2, 2]);
  const node = (/** @type {number} */ k, /** @type {number} */ n) => [
    -2 + (4 * ((k % n) + 0.5)) / n,
    -2 + (4 * (Math.floor(k / n) + 0.5)) / n,
  ];
  const map = (/** @type {(x: number, y: number) => number} */ f) =>
    Float32Array.from({ length: side * side }, (_, k) => f(.../** @type {[number, number]} */ (node(k, side))));
  return {
    step,
    width: 2,
    zWidth,
    window,
    real,
    realScores: scores(real),
    z,
    fake: fake,
    fakeScores: scores(fake),
    arrows: each(points, (i) => pull(fake[2 * i], fake[2 * i + 1])),
    side,
    dOutput: map(score),
    dOptimal: map((x, y) => (Math.hypot(x, y) > 2.2 ? NaN : 0.5 + 0.4 * Math.sin(5 * x))),
    pData: map(() => 0),
    pG: map(() => 0),
    exact: new Float32Array(0),
    bandwidth: 0.06,
    fieldSide,
    field: each(fieldSide ** 2, (k) => pull(.../** @type {[number, number]} */ (node(k, fieldSide)))),
    ...sheetOf(zWidth, trained),
    gap: 0.123,
    value: -1.2,
    optimalValue: 2 * 0.2 - Math.log(4),
    divergence: 0.2,
  };
}
