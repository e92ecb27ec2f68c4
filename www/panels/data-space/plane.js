// Data space in 2-D: real and generated points over a map of D(x), with the other parts of a frame as layers. Three
// canvases: maps and axes; points and lines, set pixel by pixel; on top the selection, so that moving the pointer
// redraws nothing else.

import { context2d, onColourScheme, onResize, pictureOf, pixelRatio } from "../../browser.js";
import { planeFrame, axisTicks } from "../../draw/geometry.js";
import { mapOf, paintMap, rgbOf } from "./heat.js";
import { drawArrows, drawContour, drawField, drawSheet, drawTrails } from "./layers-drawn.js";
import { Raster, makeStamps } from "./raster.js";
import { morphed, noiseInPlane, reachOf, sheetNoise } from "./sheet.js";
import { drawWalk } from "./walk-overlay.js";

/** @import { DensityFrame } from "../../protocol.js" */
/** @import { Overlay } from "../../app/slow-motion.js" */
/** @import { Frame } from "../../draw/geometry.js" */
/** @import { Heat, Palette, Rgb, Scale } from "./heat.js" */
/** @typedef {"real" | "fake" | "arrows" | "sheet" | "trails" | "field"} Layer */
/** @typedef {{layers: Record<Layer, boolean>, heat: Heat, morph: number}} PlaneOptions layers, map, and the position of
 *   the generated points between z (0) and G(z) (1) */
/** @typedef {{text: string, muted: string, line: string, panel: string, real: string, generator: string, discriminator: string, palette: Palette}} Colours */
/** @typedef {{fake: number, mapped: {x: number, y: number} | null}} Selection index of a generated point or -1, and where a z maps to */

/** Radius of a point in pixels; smaller for many points or a small plane, so that they do not hide the map. */
const radiusOf = (/** @type {number} */ n, /** @type {number} */ width) =>
  (n <= 600 ? 3 : n <= 2500 ? 2.4 : 1.9) * Math.min(1, Math.max(0.6, width / 350));

export class Plane {
  #base;
  #over;
  #ctx;
  #top;
  #points;
  #raster;
  #heat = document.createElement("canvas");
  /** @type {DensityFrame | null} */
  #snapshot = null;
  /** @type {PlaneOptions} */
  #options = {
    layers: { real: true, fake: true, arrows: false, sheet: false, trails: false, field: false },
    heat: "d",
    morph: 1,
  };
  /** @type {Scale} */
  #scale = { low: 0, middle: 0.5, high: 1, words: ["", "", ""] };
  /** Generated points of the last frames, oldest first. @type {Float32Array[]} */
  #trail = [];
  /** Whether D's output is one. */
  #probability = true;
  /** Whether z is N(0, 1), and not U(-1, 1). */
  #normal = true;
  /** @type {Selection} */
  #selected = { fake: -1, mapped: null };
  /** @type {Overlay | null} */
  #overlay = null;
  /** @type {Colours} */
  #colours = coloursOf();
  #stampsFor = "";
  /** @type {Record<"real" | "fake", import("./raster.js").Stamp[]>} */
  #stamps = { real: [], fake: [] };
  /** The real points as they were drawn last, of which, with what, and how large.
   * @type {{pixels: Int32Array, of: Float32Array, stamps: import("./raster.js").Stamp[], scale: number}} */
  #real = { pixels: new Int32Array(0), of: new Float32Array(0), stamps: this.#stamps.real, scale: 0 };
  /** Where the generated points are drawn: on their way, in units of x. @type {Float32Array} */
  at = new Float32Array(0);
  /** @type {Frame | null} */
  frame = null;
  /** The pixels of the screen for one of the page that the canvases were made for. */
  #fitted = 0;

  /** @param {HTMLElement} root holds the canvases .base, .points-layer and .over */
  constructor(root) {
    this.#base = /** @type {HTMLCanvasElement} */ (root.querySelector(".base"));
    this.#points = /** @type {HTMLCanvasElement} */ (root.querySelector(".points-layer"));
    this.#raster = new Raster(this.#points);
    this.#over = /** @type {HTMLCanvasElement} */ (root.querySelector(".over"));
    this.#ctx = context2d(this.#base);
    this.#top = context2d(this.#over);
    onResize(this.#base, () => this.#fit());
    onColourScheme(() => {
      this.#colours = coloursOf();
      this.draw();
    });
  }

  /** Pixels of the screen for one of the page. */
  get #ratio() {
    return pixelRatio();
  }

  #fit() {
    const ratio = this.#ratio;
    const [width, height] = [this.#base.clientWidth, this.#base.clientHeight].map((v) => Math.round(v * ratio));
    this.#fitted = ratio;
    if (width === 0 || (width === this.#base.width && height === this.#base.height)) return;
    for (const canvas of [this.#base, this.#over]) [canvas.width, canvas.height] = [width, height];
    this.draw();
  }

  /** @param {DensityFrame | null} snapshot @param {PlaneOptions} options @param {{scale: Scale, probability: boolean, normal: boolean, trail: Float32Array[]}} of the map's scale; whether D's output is a probability, and z normal; trails */
  update(snapshot, options, { scale, probability, normal, trail }) {
    [this.#snapshot, this.#options, this.#scale, this.#probability, this.#normal, this.#trail] = [
      snapshot,
      options,
      scale,
      probability,
      normal,
      trail,
    ];
    this.draw();
  }

  /** Highlights a stage of slow motion. @param {Overlay | null} overlay @param {boolean} probability whether D's output is one */
  highlight(overlay, probability) {
    [this.#overlay, this.#probability] = [overlay, probability];
    this.#drawSelection();
  }

  /** @param {Selection} selected */
  select(selected) {
    this.#selected = selected;
    this.#drawSelection();
  }

  draw() {
    // On another screen than before a pixel may be of another size: this comes back here.
    if (this.#fitted !== this.#ratio) return this.#fit();
    const ctx = this.#ctx;
    const { width, height } = this.#base;
    const ratio = this.#ratio;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const snapshot = this.#snapshot;
    if (!snapshot || width === 0 || snapshot.width !== 2) {
      this.#raster.clear(width, height);
      this.#raster.show();
      return this.#drawSelection();
    }
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = planeFrame(snapshot.window, width / ratio, height / ratio);
    this.frame = frame;
    const { layers, morph } = this.#options;
    const reach = morph < 1 ? reachOf(snapshot) : 1;
    this.at =
      morph < 1
        ? morphed(noiseInPlane(snapshot.z, snapshot.zWidth, reach, snapshot.window), snapshot.fake, morph)
        : snapshot.fake;
    this.#drawHeat(frame, snapshot);
    this.#drawAxes(frame);
    ctx.save();
    ctx.beginPath();
    ctx.rect(frame.left, frame.top, frame.width, frame.height);
    ctx.clip();
    const c = this.#colours;
    if (layers.sheet) {
      const noise =
        morph < 1
          ? noiseInPlane(
              sheetNoise(snapshot.sheetZ, snapshot.zWidth),
              Math.min(snapshot.zWidth, 2),
              reach,
              snapshot.window,
            )
          : snapshot.sheet;
      drawSheet(ctx, frame, morphed(noise, snapshot.sheet, morph), {
        zWidth: snapshot.zWidth,
        sheetZ: snapshot.sheetZ,
        normal: this.#normal,
        colour: c.generator,
      });
    }
    ctx.restore();
    this.#raster.clear(width, height);
    const paper = { raster: this.#raster, frame, ratio };
    this.#makeStamps(Math.max(snapshot.real.length, this.at.length) / 2, frame.width);
    if (layers.real) this.#drawReal(frame, snapshot);
    if (layers.field) drawField(paper, snapshot, c.muted);
    if (layers.trails && morph === 1) drawTrails(paper, this.#trail, c.generator);
    if (layers.fake) this.#stampAll(frame, this.at, this.#stamps.fake);
    if (layers.arrows && morph === 1) drawArrows(paper, snapshot, c);
    this.#raster.show();
    this.#drawSelection();
  }

  /** @param {Frame} frame @param {DensityFrame} snapshot */
  #drawHeat(frame, snapshot) {
    const { heat } = this.#options;
    const map = mapOf(snapshot, heat);
    if (map.length === 0) return;
    const {
      side,
      window: [l, r, b, t],
    } = snapshot;
    const scale = this.#scale;
    if (this.#heat.width !== side) this.#heat.width = this.#heat.height = side;
    const image = new ImageData(side, side);
    paintMap(map, side, heat, scale, this.#colours.palette, image.data);
    context2d(this.#heat).putImageData(image, 0, 0);
    this.#ctx.imageSmoothingEnabled = true;
    this.#ctx.drawImage(this.#heat, frame.x(l), frame.y(t), (r - l) * frame.scale, (t - b) * frame.scale);
    if (scale.middle !== null)
      drawContour(this.#ctx, frame, {
        map,
        side,
        window: snapshot.window,
        level: scale.middle,
        colour: this.#colours.text,
      });
  }

  /** @param {Frame} frame */
  #drawAxes({ left, top, width, height, window: [l, r, b, t], x, y }) {
    const ctx = this.#ctx;
    const { muted } = this.#colours;
    ctx.strokeStyle = this.#colours.line;
    ctx.lineWidth = 1;
    ctx.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
    ctx.fillStyle = ctx.strokeStyle = muted;
    ctx.font = "11px system-ui, sans-serif";
    const wished = Math.max(4, Math.round(width / 80));
    const [across, up] = [axisTicks(l, r, wished), axisTicks(b, t, wished)];
    const text = (/** @type {number} */ v, /** @type {number} */ digits) =>
      (Math.abs(v) < 1e-9 ? 0 : v).toFixed(digits).replace("-", "−");
    ctx.beginPath();
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    for (const v of across.values) {
      ctx.moveTo(x(v), top + height);
      ctx.lineTo(x(v), top + height + 4);
      ctx.fillText(text(v, across.digits), x(v), top + height + 7);
    }
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    for (const v of up.values) {
      ctx.moveTo(left - 4, y(v));
      ctx.lineTo(left, y(v));
      ctx.fillText(text(v, up.digits), left - 7, y(v));
    }
    ctx.stroke();
  }

  /** Draws the real points. They do not change between frames, so their pixels are copied. @param {Frame} frame @param {DensityFrame} scene */
  #drawReal(frame, { real }) {
    const { pixels, of, stamps, scale } = this.#real;
    const { length } = this.#raster.pixels;
    if (stamps === this.#stamps.real && pixels.length === length && scale === frame.scale && sameAs(of, real))
      return this.#raster.paste(pixels);
    this.#stampAll(frame, real, this.#stamps.real);
    this.#real = { pixels: this.#raster.copy(), of: real, stamps: this.#stamps.real, scale: frame.scale };
  }

  /** @param {Frame} frame @param {Float32Array} points @param {import("./raster.js").Stamp[]} stamps */
  #stampAll(frame, points, stamps) {
    const ratio = this.#ratio;
    const [l, r, b, t] = frame.window;
    for (let i = 0; i < points.length; i += 2) {
      const px = points[i];
      const py = points[i + 1];
      // Also false for what is no number.
      if (px >= l && px <= r && py >= b && py <= t)
        this.#raster.stamp(stamps, frame.x(px) * ratio, frame.y(py) * ratio);
    }
  }

  /** When their size or colours have changed. @param {number} count @param {number} width of the plane */
  #makeStamps(count, width) {
    const { real, generator, panel } = this.#colours;
    const radius = radiusOf(count, width) * this.#ratio;
    const key = [radius, real, generator, panel].join();
    if (key === this.#stampsFor) return;
    this.#stampsFor = key;
    const rim = 0.8 * this.#ratio;
    this.#stamps = {
      real: makeStamps("disc", radius * 0.9, 0, rgbOf(real), rgbOf(panel)),
      fake: makeStamps("diamond", radius, rim, rgbOf(generator), rgbOf(panel)),
    };
  }

  /** Draws the selection: a ring around the selected generated point, a cross at G(z) of the z under the pointer. */
  #drawSelection() {
    const ctx = this.#top;
    const ratio = this.#ratio;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.#over.width, this.#over.height);
    const { frame } = this;
    const { fake, mapped } = this.#selected;
    if (!frame || !this.#snapshot) return;
    if (this.#overlay)
      drawWalk(ctx, frame, this.#overlay, { colours: this.#colours, box: frame, probability: this.#probability });
    const rings = (/** @type {() => void} */ shape) => {
      for (const [colour, width] of /** @type {[string, number][]} */ ([
        [this.#colours.panel, 5],
        [this.#colours.text, 2],
      ])) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = width;
        ctx.beginPath();
        shape();
        ctx.stroke();
      }
    };
    if (fake >= 0 && 2 * fake < this.at.length) {
      const [x, y] = [frame.x(this.at[2 * fake]), frame.y(this.at[2 * fake + 1])];
      rings(() => ctx.arc(x, y, 8, 0, 2 * Math.PI));
    }
    if (mapped) {
      const [x, y] = [frame.x(mapped.x), frame.y(mapped.y)];
      rings(() => {
        ctx.moveTo(x - 9, y);
        ctx.lineTo(x + 9, y);
        ctx.moveTo(x, y - 9);
        ctx.lineTo(x, y + 9);
        ctx.moveTo(x + 5, y);
        ctx.arc(x, y, 5, 0, 2 * Math.PI);
      });
    }
  }

  /** The plane with its axes, as a picture. @returns {Promise<Blob | null>} */
  toBlob() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.#base.width, this.#base.height];
    const ctx = context2d(canvas);
    ctx.fillStyle = this.#colours.panel;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.drawImage(this.#base, 0, 0);
    ctx.drawImage(this.#points, 0, 0);
    return pictureOf(canvas);
  }
}

/** @param {Float32Array} a @param {Float32Array} b */
function sameAs(a, b) {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The page's colours, as they are now. @returns {Colours} */
export function coloursOf() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const rgb = (/** @type {string} */ name) => /** @type {Rgb} */ (rgbOf(of(name)));
  return {
    text: of("--text"),
    muted: of("--muted"),
    line: of("--line"),
    panel: of("--panel"),
    real: of("--real"),
    generator: of("--generator"),
    discriminator: of("--discriminator"),
    palette: { fake: rgb("--heat-fake"), middle: rgb("--panel"), real: rgb("--heat-real"), gap: rgb("--heat-gap") },
  };
}
