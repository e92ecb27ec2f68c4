// Geometry of the generator manifold: a grid of z, mapped by G. Each cell holds a fixed share of the noise, so a
// smaller cell has a higher density and is drawn more opaque.

/** Number of shades. More would be hard to tell apart, and each shade is a path to fill. */
export const SHADES = 8;
/** Highest opacity, so that the layers below stay visible. */
const MOST = 0.8;
/** Opacity of a cell with the density of noise spread evenly over the window. */
const EVEN = 0.12;

/**
 * Area of the cell with the corner node (i, j); positive for folded cells too.
 * @param {Float32Array} sheet @param {number} side @param {number} i @param {number} j
 */
export function cellArea(sheet, side, i, j) {
  const at = (/** @type {number} */ p, /** @type {number} */ q) => 2 * ((j + q) * side + i + p);
  const [a, b, c, d] = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
  // The sum of two triangles, because the parts of a folded cell would cancel in its signed area.
  return triangle(sheet, a, b, c) + triangle(sheet, a, c, d);
}

/** @param {Float32Array} p @param {number} a @param {number} b @param {number} c */
function triangle(p, a, b, c) {
  return Math.abs((p[b] - p[a]) * (p[c + 1] - p[a + 1]) - (p[c] - p[a]) * (p[b + 1] - p[a + 1])) / 2;
}

/**
 * Opacity of a cell: proportional to the square root of its density, relative to noise spread evenly over the window.
 * @param {number} area of the cell, as a share of the window @param {number} share of the noise that it holds
 */
export function opacityOf(area, share) {
  if (!(area > 0)) return MOST;
  return Math.min(MOST, EVEN * Math.sqrt(share / area));
}

/**
 * The probability of each interval between neighbouring nodes of a latent coordinate.
 * @param {Float32Array} sheetZ in equal steps @param {boolean} normal whether z is N(0, 1); otherwise U(-1, 1)
 * @returns {number[]}
 */
export function noiseShares(sheetZ, normal) {
  const steps = Array.from({ length: Math.max(0, sheetZ.length - 1) }, (_, i) => {
    const [middle, step] = [(sheetZ[i] + sheetZ[i + 1]) / 2, sheetZ[i + 1] - sheetZ[i]];
    return normal ? (Math.exp(-(middle ** 2) / 2) / Math.sqrt(2 * Math.PI)) * step : step;
  });
  const sum = steps.reduce((a, b) => a + b, 0);
  return steps.map((s) => s / sum);
}

/** The index of the shade for an opacity. @param {number} opacity */
export function shadeOf(opacity) {
  return Math.min(SHADES - 1, Math.floor((opacity / MOST) * SHADES));
}

/** The opacity of a shade. @param {number} shade */
export function opacityOfShade(shade) {
  return ((shade + 0.5) / SHADES) * MOST;
}

/**
 * Interpolates between the positions of the noise and of G(z).
 * @param {Float32Array} from @param {Float32Array} to @param {number} share of the way, from 0 to 1
 * @returns {Float32Array}
 */
export function morphed(from, to, share) {
  if (share >= 1) return to;
  const at = new Float32Array(to.length);
  for (let i = 0; i < at.length; i++) at[i] = from[i] + (to[i] - from[i]) * share;
  return at;
}

/**
 * Positions of noise in the plot: the first two coordinates of z (or the only one, on the horizontal axis), scaled so
 * that the largest almost reaches the edge of the window.
 * @param {Float32Array} z @param {number} zWidth @param {number} reach largest absolute coordinate of the noise
 * @param {[number, number, number, number]} window
 */
export function noiseInPlane(z, zWidth, reach, [l, r, b, t]) {
  const [cx, cy] = [(l + r) / 2, (b + t) / 2];
  const scale = (0.95 * Math.min(r - l, t - b)) / 2 / reach;
  const points = new Float32Array((2 * z.length) / zWidth);
  for (let i = 0; 2 * i < points.length; i++) {
    points[2 * i] = cx + scale * z[i * zWidth];
    points[2 * i + 1] = cy + (zWidth > 1 ? scale * z[i * zWidth + 1] : 0);
  }
  return points;
}

/**
 * The noise at the nodes of the manifold: all pairs of two coordinates, or the single coordinate.
 * @param {Float32Array} sheetZ @param {number} zWidth
 */
export function sheetNoise(sheetZ, zWidth) {
  if (zWidth === 1) return sheetZ;
  const side = sheetZ.length;
  const z = new Float32Array(2 * side * side);
  for (let k = 0; k < side * side; k++) {
    z[2 * k] = sheetZ[k % side];
    z[2 * k + 1] = sheetZ[Math.floor(k / side)];
  }
  return z;
}

/**
 * The largest absolute value of the first two coordinates of z.
 * @param {import("../../protocol.js").DensityFrame} scene
 */
export function reachOf({ z, zWidth, sheetZ }) {
  let most = 0;
  for (let i = 0; i < z.length; i++) if (i % zWidth < 2) most = Math.max(most, Math.abs(z[i]));
  for (const v of sheetZ) most = Math.max(most, Math.abs(v));
  return most || 1;
}
