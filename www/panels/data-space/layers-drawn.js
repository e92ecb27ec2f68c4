// Draws the layers of the data space plot: contours, the generator manifold, gradients and trails. All functions are
// stateless.

import { contour } from "../../draw/geometry.js";
import { rgbOf } from "./heat.js";
import { packed } from "./raster.js";
import { SHADES, cellArea, noiseShares, opacityOf, opacityOfShade, shadeOf } from "./sheet.js";

/** @import { DensityFrame } from "../../protocol.js" */
/** @import { Frame } from "../../draw/geometry.js" */
/** @import { Raster } from "./raster.js" */
/**
 * @typedef {{raster: Raster, frame: Frame, ratio: number}} Paper the raster, its frame in CSS pixels, and the raster
 *   pixels per CSS pixel
 */

/**
 * Most arrows. With more points, every second, third, ... point has an arrow, because more arrows would hide each
 * other.
 */
export const MOST_ARROWS = 300;
/** Length in pixels of an arrow at the 90th percentile. */
const ARROW_PX = 26;
/** Most points with a trail. */
export const MOST_TRAILS = 80;

/**
 * The 90th percentile of the lengths of vectors, by which arrows are scaled so that an outlier does not make the others
 * invisible; 0 if no length is finite.
 * @param {Float32Array} vectors
 */
export function usualLength(vectors) {
  const lengths = new Float32Array(vectors.length / 2);
  let known = 0;
  for (let i = 0; i < vectors.length; i += 2) {
    const length = Math.sqrt(vectors[i] ** 2 + vectors[i + 1] ** 2);
    if (Number.isFinite(length)) lengths[known++] = length;
  }
  return known === 0 ? 0 : lengths.subarray(0, known).sort()[Math.floor(0.9 * (known - 1))];
}

/** Spacing of the points with arrows: 1 for all, 2 for every second. @param {number} points */
export function everyOf(points) {
  return Math.max(1, Math.ceil(points / MOST_ARROWS));
}

/**
 * Draws the contour of a map at a level.
 * @param {CanvasRenderingContext2D} ctx @param {Frame} frame
 * @param {{map: Float32Array, side: number, window: [number, number, number, number], level: number, colour: string}}
 *   of
 */
export function drawContour(ctx, frame, { map, side, window: [l, r, b, t], level, colour }) {
  const pieces = contour(map, side, level);
  const x = (/** @type {number} */ i) => frame.x(l + ((i + 0.5) / side) * (r - l));
  const y = (/** @type {number} */ j) => frame.y(b + ((j + 0.5) / side) * (t - b));
  ctx.beginPath();
  for (let k = 0; k < pieces.length; k += 4) {
    ctx.moveTo(x(pieces[k]), y(pieces[k + 1]));
    ctx.lineTo(x(pieces[k + 2]), y(pieces[k + 3]));
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.55;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * Draws the generator manifold.
 * @param {CanvasRenderingContext2D} ctx @param {Frame} frame @param {Float32Array} sheet positions of its nodes
 * @param {{zWidth: number, sheetZ: Float32Array, normal: boolean, colour: string}} of `normal`: whether z is N(0, 1);
 *   otherwise it is U(-1, 1)
 */
export function drawSheet(ctx, frame, sheet, { zWidth, sheetZ, normal, colour }) {
  const side = sheetZ.length;
  const shares = noiseShares(sheetZ, normal);
  const [l, r, b, t] = frame.window;
  ctx.fillStyle = ctx.strokeStyle = colour;
  if (zWidth === 1) return drawLine(ctx, frame, sheet, shares, r - l);
  /** Indices of the cells of each shade. @type {number[][]} */
  const shades = Array.from({ length: SHADES }, () => []);
  for (let j = 0; j + 1 < side; j++) {
    for (let i = 0; i + 1 < side; i++) {
      const area = cellArea(sheet, side, i, j) / ((r - l) * (t - b));
      if (!Number.isNaN(area)) shades[shadeOf(opacityOf(area, shares[i] * shares[j]))].push(2 * (j * side + i));
    }
  }
  ctx.lineWidth = 0.7;
  shades.forEach((cells, shade) => {
    ctx.beginPath();
    for (const at of cells) {
      [at, at + 2, at + 2 * side + 2, at + 2 * side].forEach((k, n) => {
        const [x, y] = [frame.x(sheet[k]), frame.y(sheet[k + 1])];
        if (n === 0) ctx.moveTo(x, y);
        else ctx.lineTo(x, y);
      });
      ctx.closePath();
    }
    ctx.globalAlpha = opacityOfShade(shade);
    ctx.fill();
    ctx.globalAlpha = 0.5;
    ctx.stroke();
  });
  ctx.globalAlpha = 1;
}

/**
 * Draws the manifold of a one-dimensional z: a line, more opaque where more probability lies per length.
 * @param {CanvasRenderingContext2D} ctx @param {Frame} frame @param {Float32Array} sheet @param {number[]} shares
 * @param {number} width of the window
 */
function drawLine(ctx, frame, sheet, shares, width) {
  ctx.lineWidth = 3;
  ctx.lineCap = "round";
  shares.forEach((share, i) => {
    const [ax, ay, bx, by] = sheet.subarray(2 * i, 2 * i + 4);
    ctx.globalAlpha = Math.max(0.25, opacityOf((Math.hypot(bx - ax, by - ay) / width) ** 2, share ** 2));
    ctx.beginPath();
    ctx.moveTo(frame.x(ax), frame.y(ay));
    ctx.lineTo(frame.x(bx), frame.y(by));
    ctx.stroke();
  });
  ctx.globalAlpha = 1;
  ctx.lineCap = "butt";
}

/**
 * Draws -dL_G/dx at the generated points: the direction in which G's loss falls fastest.
 * @param {Paper} paper @param {DensityFrame} scene @param {{text: string, panel: string}} colours
 */
export function drawArrows(paper, { fake, arrows }, { text, panel }) {
  const unit = usualLength(arrows);
  if (unit === 0) return;
  const every = everyOf(fake.length / 2);
  // With an outline, to be visible on points and on any background.
  for (const [colour, thick] of /** @type {[number, number][]} */ ([
    [packed(rgbOf(panel), 150), 3],
    [packed(rgbOf(text), 255), 1.3],
  ])) {
    for (let i = 0; i < fake.length / 2; i += every) {
      arrow(
        paper,
        [fake[2 * i], fake[2 * i + 1], arrows[2 * i] / unit, arrows[2 * i + 1] / unit],
        ARROW_PX,
        thick,
        colour,
      );
    }
  }
}

/** Draws -dL_G/dx on a grid. @param {Paper} paper @param {DensityFrame} scene @param {string} colour */
export function drawField(paper, { field, fieldSide, window: [l, r, b, t] }, colour) {
  const unit = usualLength(field);
  if (unit === 0) return;
  const cell = (r - l) / fieldSide;
  for (let k = 0; k < fieldSide * fieldSide; k++) {
    const [i, j] = [k % fieldSide, Math.floor(k / fieldSide)];
    const [x, y] = [l + (i + 0.5) * cell, b + ((j + 0.5) / fieldSide) * (t - b)];
    arrow(
      paper,
      [x, y, field[2 * k] / unit, field[2 * k + 1] / unit],
      0.8 * cell * paper.frame.scale,
      1.2,
      packed(rgbOf(colour), 255),
    );
  }
}

/**
 * Draws an arrow.
 * @param {Paper} paper @param {[number, number, number, number]} at position and vector
 * @param {number} unit length in pixels of a unit vector; arrows are at most 1.5 units long @param {number} thick
 * @param {number} colour
 */
function arrow({ raster, frame, ratio }, [x, y, dx, dy], unit, thick, colour) {
  const length = Math.hypot(dx, dy);
  // Skip vectors that are too short for a visible direction, and NaN.
  if (!(length * unit > 1.5)) return;
  const [l, r, b, t] = frame.window;
  if (!(x >= l && x <= r && y >= b && y <= t)) return;
  const shown = Math.min(length, 1.5) * unit;
  const [ux, uy] = [dx / length, -dy / length];
  const [fx, fy] = [frame.x(x), frame.y(y)];
  // Clip at the frame, so that no arrow crosses the axes.
  const inside = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ size) =>
    Math.min(Math.max(v, low), low + size);
  const [tx, ty] = [inside(fx + ux * shown, frame.left, frame.width), inside(fy + uy * shown, frame.top, frame.height)];
  const head = Math.min(5, 0.45 * shown);
  const line = (/** @type {number} */ px, /** @type {number} */ py) =>
    raster.line(px * ratio, py * ratio, tx * ratio, ty * ratio, thick * ratio, colour);
  line(fx, fy);
  line(tx - head * (ux - 0.6 * uy), ty - head * (uy + 0.6 * ux));
  line(tx - head * (ux + 0.6 * uy), ty - head * (uy - 0.6 * ux));
}

/**
 * Draws the positions of the first points in the last frames; older ones are paler.
 * @param {Paper} paper @param {Float32Array[]} trail @param {string} colour
 */
export function drawTrails({ raster, frame, ratio }, trail, colour) {
  const [l, r, b, t] = frame.window;
  const inside = (/** @type {number} */ x, /** @type {number} */ y) => x >= l && x <= r && y >= b && y <= t;
  for (let k = 1; k < trail.length; k++) {
    const [before, after] = [trail[k - 1], trail[k]];
    const packedColour = packed(rgbOf(colour), 20 + 200 * (k / trail.length) ** 2);
    for (let i = 0; i < Math.min(before.length, after.length); i += 2) {
      if (!inside(before[i], before[i + 1]) || !inside(after[i], after[i + 1])) continue;
      raster.line(
        frame.x(before[i]) * ratio,
        frame.y(before[i + 1]) * ratio,
        frame.x(after[i]) * ratio,
        frame.y(after[i + 1]) * ratio,
        1.3 * ratio,
        packedColour,
      );
    }
  }
}
