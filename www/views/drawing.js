// Editor for points in 2-D: sprayed with a mouse, a finger, a pen or the keyboard, or read from a file that is chosen
// or dropped.

import { capturePointer, closeDialog, context2d, holdsPointer, onResize, openDialog, pixelRatio } from "../browser.js";
import { MOST_IN_ADDRESS } from "../data/drawn.js";
import { grouped } from "../numbers.js";
import { FEWEST, MOST, MOST_BYTES, PointsError, REACH, parsePoints, textOf } from "../data/points.js";
import { cut } from "../words.js";
import { coloursOf } from "../panels/data-space/plane.js";

/** Half of the width of the canvas in units of x: a little more than points from a file reach. */
const SPAN = 2;
/** Number of points per puff of the spray. */
const DROPS = 6;
/** Distance between two puffs along a stroke, in pixels. */
const PUFF_PX = 5;
/** Move of the cursor per arrow key, in units of x. */
const STEP = 0.1;
const HINT = "Draw here: hold and move. Keyboard: arrow keys move the cross, Space sprays.";

export class Drawing {
  #dialog;
  #canvas;
  #ctx;
  #done;
  #changed;
  /** The points, as strokes of x, y, x, y, ... in the order of drawing. @type {number[][]} */
  #strokes = [];
  /**
   * The strokes before each change, for Undo, which also restores what a file or Clear has replaced.
   * @type {number[][][]}
   */
  #past = [];
  /** Whether the editor holds a drawing that no run uses yet. */
  unsent = false;
  /** Position of the keyboard cursor, while the keyboard is used. @type {[number, number] | null} */
  #cursor = null;
  /** @type {[number, number] | null} */
  #last = null;

  /**
   * @param {HTMLDialogElement} dialog @param {(points: Float32Array) => void} done
   * @param {() => void} changed called when `unsent` may have changed
   */
  constructor(dialog, done, changed) {
    this.#dialog = dialog;
    this.#changed = changed;
    dialog.addEventListener("close", changed);
    this.#done = done;
    this.#canvas = /** @type {HTMLCanvasElement} */ (dialog.querySelector("canvas"));
    this.#ctx = context2d(this.#canvas);
    this.#watchPaper();
    this.#button(".undo").onclick = () => this.#change(this.#past.pop() ?? []);
    this.#button(".clear").onclick = () => {
      this.#remember();
      this.#change([]);
    };
    this.#button(".cancel").onclick = () => {
      this.unsent = false;
      closeDialog(dialog);
    };
    this.#button(".done").onclick = () => this.#finish();
    const file = /** @type {HTMLInputElement} */ (dialog.querySelector(".file"));
    file.onchange = () => {
      void this.#readFiles([...(file.files ?? [])]);
      // Without this, choosing the same file again after correcting it would have no effect.
      file.value = "";
    };
    onResize(this.#canvas, () => this.#draw());
  }

  /** Takes files that were dropped on the page. @param {File[]} files */
  takeFiles(files) {
    this.#openForDrop();
    void this.#readFiles(files);
  }

  /** Takes text that was dropped on the page, if it contains points. @param {string} text */
  takeText(text) {
    try {
      this.#take(text, "Dropped text");
    } catch (error) {
      // Other text is ignored while the editor is closed: it was probably dropped by accident.
      if (error instanceof PointsError && this.#dialog.open) this.#say(`Dropped text: ${error.message}`, true);
    }
  }

  /** Opens the editor for a drop. Only one dialog is open at a time, so the others are closed. */
  #openForDrop() {
    if (this.#dialog.open) return;
    for (const other of document.querySelectorAll("dialog")) if (other.open) closeDialog(other);
    this.open(null);
  }

  /** @param {string} selector */
  #button(selector) {
    return /** @type {HTMLButtonElement} */ (this.#dialog.querySelector(selector));
  }

  /**
   * Opens the editor. A drawing that no run uses yet is kept.
   * @param {Float32Array | null} points an earlier drawing to continue
   */
  open(points) {
    if (!this.unsent) {
      this.#strokes = points && points.length > 0 ? [Array.from(points)] : [];
      this.#past = [];
    }
    this.#cursor = null;
    this.#say(HINT);
    openDialog(this.#dialog);
    this.#draw();
    this.#canvas.focus();
  }

  #watchPaper() {
    const canvas = this.#canvas;
    canvas.onpointerdown = (event) => {
      if (event.button !== 0) return;
      capturePointer(canvas, event);
      this.#cursor = null;
      this.#begin();
      this.#last = null;
      this.#stroke(event);
    };
    canvas.onpointermove = (event) => {
      if (!holdsPointer(canvas, event)) return;
      // Include the events between two animation frames, so that a fast stroke has no gaps.
      const events = event.getCoalescedEvents?.() ?? [];
      for (const e of events.length > 0 ? events : [event]) this.#stroke(e);
    };
    canvas.onpointerup = canvas.onpointercancel = () => this.#change();
    canvas.onkeydown = (event) => this.#key(event);
    canvas.onblur = () => {
      this.#cursor = null;
      this.#draw();
    };
  }

  /** @param {PointerEvent} event */
  #stroke({ offsetX, offsetY, pressure, pointerType }) {
    const [from, to] = [this.#last ?? [offsetX, offsetY], [offsetX, offsetY]];
    const puffs = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]) / PUFF_PX));
    if (this.#last && Math.hypot(to[0] - from[0], to[1] - from[1]) < PUFF_PX) return;
    const scale = (2 * SPAN) / this.#canvas.clientWidth;
    // A pen with more pressure sprays more points.
    const drops = pointerType === "pen" ? Math.max(1, Math.round(2 * DROPS * pressure)) : DROPS;
    for (let k = 1; k <= puffs; k++) {
      const [px, py] = [0, 1].map((axis) => from[axis] + ((to[axis] - from[axis]) * k) / puffs);
      this.#spray(px * scale - SPAN, SPAN - py * scale, drops);
    }
    this.#last = [offsetX, offsetY];
    this.#draw();
  }

  /** @param {number} x @param {number} y @param {number} drops */
  #spray(x, y, drops) {
    const width = Number(/** @type {HTMLInputElement} */ (this.#dialog.querySelector(".spread")).value);
    const stroke = this.#strokes.at(-1);
    for (let k = 0; stroke && k < drops && this.#count < MOST; k++) {
      const [r, angle] = [width * Math.sqrt(-2 * Math.log(1 - Math.random())), 2 * Math.PI * Math.random()];
      const inside = (/** @type {number} */ v) => Math.max(-SPAN, Math.min(SPAN, v));
      stroke.push(inside(x + r * Math.cos(angle)), inside(y + r * Math.sin(angle)));
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    const by = moves[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    const [x, y] = this.#cursor ?? [0, 0];
    if (by)
      this.#cursor = /** @type {[number, number]} */ (
        [x + by[0], y + by[1]].map((v) => Math.max(-SPAN, Math.min(SPAN, v)))
      );
    else {
      this.#cursor = [x, y];
      this.#begin();
      this.#spray(x, y, 2 * DROPS);
    }
    this.#change();
  }

  /** @param {File[]} files */
  async #readFiles(files) {
    const [file] = files;
    if (!file) return;
    const name = cut(file.name, 60);
    try {
      if (file.size > MOST_BYTES)
        throw new PointsError(
          `The file has ${Math.round(file.size / 2 ** 20)} MiB. Up to ${MOST_BYTES / 2 ** 20} MiB are read: keep every tenth line, for example.`,
        );
      this.#take(
        textOf(new Uint8Array(await file.arrayBuffer())),
        files.length > 1 ? `The first of ${files.length} files, ${name}` : name,
      );
    } catch (error) {
      // All other errors come from the browser: a folder, or a file that is deleted or locked.
      const why =
        error instanceof PointsError
          ? error.message
          : "It could not be read. Choose a file, not a folder, and close it where else it is open.";
      this.#say(`${name}: ${why}`, true);
    }
  }

  /** Replaces the drawing with the points of a text. @param {string} text @param {string} from */
  #take(text, from) {
    const { points, note } = parsePoints(text);
    this.#openForDrop();
    this.#remember();
    this.#change([Array.from(points)]);
    this.#say(`${from}: ${note}`);
  }

  #remember() {
    this.#past.push([...this.#strokes]);
    this.unsent = true;
  }

  /** Begins a stroke, which Undo removes as a whole. */
  #begin() {
    this.#remember();
    this.#strokes.push([]);
  }

  get #count() {
    return this.#strokes.reduce((sum, s) => sum + s.length / 2, 0);
  }

  /** Replaces the strokes and updates the view. @param {number[][]} [strokes] */
  #change(strokes = this.#strokes) {
    this.#strokes = strokes.filter((s) => s.length > 0);
    if (this.#strokes.length === 0) this.unsent = false;
    this.#say(HINT);
    this.#draw();
    this.#changed();
  }

  /** @param {string} text @param {boolean} [problem] */
  #say(text, problem = false) {
    const node = /** @type {HTMLElement} */ (this.#dialog.querySelector(".message"));
    node.textContent = text;
    node.classList.toggle("problem", problem);
  }

  #finish() {
    const points = Float32Array.from(this.#strokes.flat());
    this.unsent = false;
    closeDialog(this.#dialog);
    this.#done(points);
  }

  #draw() {
    const [canvas, ctx] = [this.#canvas, this.#ctx];
    const size = canvas.clientWidth;
    if (size === 0) return;
    const ratio = pixelRatio();
    if (canvas.width !== Math.round(size * ratio)) canvas.width = canvas.height = Math.round(size * ratio);
    const colours = coloursOf();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, size, size);
    const at = (/** @type {number} */ v) => ((v + SPAN) / (2 * SPAN)) * size;
    ctx.strokeStyle = colours.line;
    ctx.beginPath();
    for (const v of [-REACH, 0, REACH]) {
      ctx.moveTo(at(v), 0);
      ctx.lineTo(at(v), size);
      ctx.moveTo(0, at(v));
      ctx.lineTo(size, at(v));
    }
    ctx.stroke();
    ctx.fillStyle = colours.real;
    for (const stroke of this.#strokes)
      for (let i = 0; i < stroke.length; i += 2) ctx.fillRect(at(stroke[i]) - 1.5, at(-stroke[i + 1]) - 1.5, 3, 3);
    if (this.#cursor) {
      const [x, y] = [at(this.#cursor[0]), at(-this.#cursor[1])];
      ctx.strokeStyle = colours.text;
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.moveTo(x - 10, y);
      ctx.lineTo(x + 10, y);
      ctx.moveTo(x, y - 10);
      ctx.lineTo(x, y + 10);
      ctx.stroke();
      ctx.lineWidth = 1;
    }
    const count = this.#count;
    const said = `${grouped(count)} points${count < FEWEST ? `; at least ${FEWEST} are needed` : count >= MOST ? ", the most there can be" : count > MOST_IN_ADDRESS ? `; more than ${grouped(MOST_IN_ADDRESS)} do not fit into the address` : ""}`;
    const node = /** @type {HTMLElement} */ (this.#dialog.querySelector(".count"));
    if (node.textContent !== said) node.textContent = said;
    this.#button(".done").disabled = count < FEWEST;
    this.#button(".undo").disabled = this.#past.length === 0;
    this.#button(".clear").disabled = count === 0;
  }
}
