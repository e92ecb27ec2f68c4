// The generator's manifold: a sheet of z, as warped as G maps it. A cell holds its share of the noise: the smaller G
// makes it, the denser is the place, and the stronger it is drawn.

/** Shades of cells: more could not be told apart, and each is one path to fill. */
export const SHADES = 8;
/** The strongest: what lies below is still seen. */
const MOST = 0.8;
/** Cells as dense as noise spread evenly over the window would be. */
const EVEN = 0.12;

/** Area of the cell whose first corner is node (i, j), also of one that is folded. @param {Float32Array} sheet @param {number} side @param {number} i @param {number} j */
export function cellArea(sheet, side, i, j) {
  const at = (/** @type {number} */ p, /** @type {number} */ q) => 2 * ((j + q) * side + i + p);
  const [a, b, c, d] = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
  // Two triangles: a folded cell covers both of them, and its signed area would be their difference.
  return triangle(sheet, a, b, c) + triangle(sheet, a, c, d);
}

/** @param {Float32Array} p @param {number} a @param {number} b @param {number} c */
function triangle(p, a, b, c) {
  return Math.abs((p[b] - p[a]) * (p[c + 1] - p[a + 1]) - (p[c] - p[a]) * (p[b + 1] - p[a + 1])) / 2;
}

/**
 * How strongly a cell is drawn: as the root of its density, beside that of noise spread evenly over the window.
 * @param {number} area of the cell, as a share of the window @param {number} share of the noise that it holds
 */
export function opacityOf(area, share) {
  if (!(area > 0)) return MOST;
  return Math.min(MOST, EVEN * Math.sqrt(share / area));
}

/** The share of noise between neighbouring nodes along one number of z. @param {Float32Array} sheetZ equal steps @param {boolean} normal N(0, 1), or U(-1, 1) @returns {number[]} */
export function noiseShares(sheetZ, normal) {
  const steps = Array.from({ length: Math.max(0, sheetZ.length - 1) }, (_, i) => {
    const [middle, step] = [(sheetZ[i] + sheetZ[i + 1]) / 2, sheetZ[i + 1] - sheetZ[i]];
    return normal ? (Math.exp(-(middle ** 2) / 2) / Math.sqrt(2 * Math.PI)) * step : step;
  });
  const sum = steps.reduce((a, b) => a + b, 0);
  return steps.map((s) => s / sum);
}

/** The same in steps, from 0. @param {number} opacity */
export function shadeOf(opacity) {
  return Math.min(SHADES - 1, Math.floor((opacity / MOST) * SHADES));
}

/** @param {number} shade */
export function opacityOfShade(shade) {
  return ((shade + 0.5) / SHADES) * MOST;
}

/** A point on its way from where its noise is to where G puts it. @param {Float32Array} from @param {Float32Array} to @param {number} share of the way @returns {Float32Array} */
export function morphed(from, to, share) {
  if (share >= 1) return to;
  const at = new Float32Array(to.length);
  for (let i = 0; i < at.length; i++) at[i] = from[i] + (to[i] - from[i]) * share;
  return at;
}

/**
 * Noise as points of the plane: its first two numbers (or its only one, along the middle), scaled so that the farthest reaches nearly
 * to the window's edge.
 * @param {Float32Array} z @param {number} zWidth @param {number} reach of the noise @param {[number, number, number, number]} window
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

/** The noise of the sheet's nodes, in its first two numbers; of one number, the line. @param {Float32Array} sheetZ @param {number} zWidth */
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

/** The farthest of the first two numbers of any z. @param {import("../protocol.js").DensityFrame} scene */
export function reachOf({ z, zWidth, sheetZ }) {
  let most = 0;
  for (let i = 0; i < z.length; i++) if (i % zWidth < 2) most = Math.max(most, Math.abs(z[i]));
  for (const v of sheetZ) most = Math.max(most, Math.abs(v));
  return most || 1;
}
