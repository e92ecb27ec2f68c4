// Latent space, small: the fixed noise as points, with a ring around the z of the selected point. Hovering here
// requests G(z).

import { context2d, onColourScheme, onResize, pixelRatio } from "../../browser.js";
import { reachOf } from "./sheet.js";
import { coloursOf } from "./plane.js";

/** @import { DensityFrame } from "../../protocol.js" */

/** Room for the rim. */
const MARGIN = 6;
/** A step of an arrow key, as a share of the space. */
const STEP = 0.04;
/** More points would be a surface. */
const MOST = 800;

export class Latent {
  #canvas;
  #ctx;
  #asked;
  /** @type {DensityFrame | null} */
  #snapshot = null;
  #selected = -1;
  /** The position under the pointer, from -1 to 1 on both axes. @type {[number, number] | null} */
  #at = null;

  /** @param {HTMLCanvasElement} canvas @param {(z: Float32Array | null) => void} asked null: no z is under the pointer */
  constructor(canvas, asked) {
    this.#canvas = canvas;
    this.#ctx = context2d(canvas);
    this.#asked = asked;
    canvas.onpointermove = canvas.onpointerdown = (event) => {
      // What is inside the rim is from -1 to 1, as it is drawn.
      const { width, height } = canvas.getBoundingClientRect();
      const to = (/** @type {number} */ px, /** @type {number} */ size) =>
        Math.max(-1, Math.min(1, (px - size / 2) / (size / 2 - MARGIN)));
      this.#point([to(event.offsetX, width), -to(event.offsetY, height)]);
    };
    canvas.onpointerleave = (event) => {
      // A finger that was lifted has chosen.
      if (event.pointerType !== "touch") this.#point(null);
    };
    canvas.onblur = () => this.#point(null);
    canvas.onkeydown = (event) => this.#key(event);
    onResize(canvas, () => this.draw());
    onColourScheme(() => this.draw());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") return this.#point(null);
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, STEP],
      ArrowDown: [0, -STEP],
      Home: [0, 0],
    };
    const by = moves[event.key];
    if (!by) return;
    event.preventDefault();
    const [x, y] = event.key === "Home" ? [0, 0] : (this.#at ?? [0, 0]);
    this.#point(/** @type {[number, number]} */ ([x + by[0], y + by[1]].map((v) => Math.max(-1, Math.min(1, v)))));
  }

  /** @param {[number, number] | null} at */
  #point(at) {
    if (!this.#snapshot || (at === null && this.#at === null)) return;
    this.#at = at && this.#snapshot.zWidth === 1 ? [at[0], 0] : at;
    this.draw();
    if (!this.#at) return this.#asked(null);
    const reach = reachOf(this.#snapshot);
    const z = new Float32Array(this.#snapshot.zWidth);
    z.set(this.#at.slice(0, Math.min(2, z.length)).map((v) => v * reach));
    this.#asked(z);
  }

  /** Forgets the position: another run begins. */
  forget() {
    this.#at = null;
    this.draw();
  }

  /** @param {DensityFrame | null} snapshot @param {number} selected a generated point or -1 */
  update(snapshot, selected) {
    // What is pointed at changes more often than what is drawn here.
    if (snapshot?.z === this.#snapshot?.z && selected === this.#selected) return void (this.#snapshot = snapshot);
    [this.#snapshot, this.#selected] = [snapshot, selected];
    this.draw();
  }

  draw() {
    const canvas = this.#canvas;
    const ratio = pixelRatio();
    const [w, h] = [canvas.clientWidth, canvas.clientHeight];
    if (w === 0) return;
    if (canvas.width !== Math.round(w * ratio))
      [canvas.width, canvas.height] = [Math.round(w * ratio), Math.round(h * ratio)];
    const ctx = this.#ctx;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, w, h);
    const colours = coloursOf();
    ctx.strokeStyle = colours.line;
    ctx.lineWidth = 1;
    ctx.strokeRect(MARGIN - 0.5, MARGIN - 0.5, w - 2 * MARGIN + 1, h - 2 * MARGIN + 1);
    ctx.beginPath();
    ctx.moveTo(w / 2, MARGIN);
    ctx.lineTo(w / 2, h - MARGIN);
    ctx.moveTo(MARGIN, h / 2);
    ctx.lineTo(w - MARGIN, h / 2);
    ctx.stroke();
    const snapshot = this.#snapshot;
    if (!snapshot) return;
    const reach = reachOf(snapshot);
    const place = (/** @type {number} */ x, /** @type {number} */ y) => [
      w / 2 + x * (w / 2 - MARGIN),
      h / 2 - y * (h / 2 - MARGIN),
    ];
    const of = (/** @type {number} */ i) =>
      place(
        snapshot.z[i * snapshot.zWidth] / reach,
        snapshot.zWidth > 1 ? snapshot.z[i * snapshot.zWidth + 1] / reach : 0,
      );
    ctx.fillStyle = colours.generator;
    const count = snapshot.z.length / snapshot.zWidth;
    for (let i = 0; i < count; i += Math.ceil(count / MOST)) {
      const [x, y] = of(i);
      ctx.fillRect(x - 1, y - 1, 2, 2);
    }
    if (this.#selected >= 0 && this.#selected < count) ring(ctx, of(this.#selected), colours);
    if (this.#at) cross(ctx, place(...this.#at), colours);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number[]} at @param {import("./plane.js").Colours} colours */
function ring(ctx, [x, y], { panel, text }) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([
    [panel, 4],
    [text, 2],
  ])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.arc(x, y, 6, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {number[]} at @param {import("./plane.js").Colours} colours */
function cross(ctx, [x, y], { panel, text }) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([
    [panel, 4],
    [text, 2],
  ])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(x - 8, y);
    ctx.lineTo(x + 8, y);
    ctx.moveTo(x, y - 8);
    ctx.lineTo(x, y + 8);
    ctx.stroke();
  }
}
