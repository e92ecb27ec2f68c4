// Wires the panels of density runs: data space of one run or of two side by side, the selected point, the content of
// frames, and the metrics that need a known density. The body's data-space says which panels are visible.

import { inFrame } from "../../frames.js";
import { outputOf } from "../../app/output.js";
import { commonScale, mapOf, scaleOfMap } from "./heat.js";
import { MOST_TRAILS } from "./layers-drawn.js";
import { Latent } from "./latent.js";
import { Plane } from "./plane.js";
import { PlaneControls } from "./plane-controls.js";
import { watchPointing } from "./pointing.js";
import { NOTHING, Readout, aboutFake, aboutMapped, aboutPlace, factsOf } from "./readout.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */
/** @import { Run } from "../../app/run.js" */
/** @import { Aim } from "./pointing.js" */

/** Number of frames in a trail. */
const TRAIL = 20;
const NO_MAP = new Float32Array(0);

/** @implements {Panel} */
export class DataSpacePanel {
  #experiment;
  #byHand;
  #controls;
  #latent;
  #readout;
  /** Of the first run and of the second. @type {{figure: HTMLElement, plane: Plane}[]} */
  #figures;
  /** The point under the pointer, and in which plane. @type {{aim: Aim, of: number}} */
  #aim = { aim: null, of: 0 };
  /** The point chosen by a click, a tap or a key: shown while there is none under the pointer. @type {{aim: Aim, of: number}} */
  #kept = { aim: null, of: 0 };
  /** The z under the pointer in latent space. @type {Float32Array | null} */
  #askedZ = null;
  #questions = 0;
  /** Whether the last request for G(z) is still unanswered. */
  #waiting = false;
  /** The z of the last request, and of the last answer. @type {{sent: Float32Array | null, answered: Float32Array | null}} */
  #questioned = { sent: null, answered: null };
  /** Positions in the last frames of each run. @type {WeakMap<Run, {step: number, frames: Float32Array[]}>} */
  #trails = new WeakMap();

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, { experiment, byHand, save }) {
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.#experiment = experiment;
    this.#byHand = byHand;
    this.#figures = [...root.querySelectorAll("figure")].map((figure, i) => {
      const plane = new Plane(figure);
      watchPointing(/** @type {HTMLCanvasElement} */ (figure.querySelector(".over")), plane, (aim, kept) =>
        this.#point(aim, i, kept),
      );
      return { figure, plane };
    });
    this.#controls = new PlaneControls(root, (what) => {
      if (what === "frame") this.#forgetTrails();
      this.#requestFrames();
      this.#drawPlanes();
    });
    this.#latent = new Latent(/** @type {HTMLCanvasElement} */ (part("#latent")), (z) => this.#ask(z));
    this.#readout = new Readout(part("#readout"));
    part("#save-plane").onclick = async () =>
      save(await this.#figures[0].plane.toBlob(), `counterfeit-step-${experiment.run.step}.png`);
  }

  /** @param {PanelEvent} event */
  update(event) {
    if (event === "mapped") return this.#showMapped();
    if (event === "by-hand") return this.#highlight();
    if (event === "frame" || event === "past") return this.#draw();
    this.#begin();
    this.#highlight();
  }

  /** A run has begun, or the number of runs has changed. */
  #begin() {
    const { runs, other } = this.#experiment;
    this.#figures[1].figure.hidden = !other;
    // A run that continues with another setting keeps its points.
    if (runs.some((run) => !run.density.snapshot)) this.#forget();
    for (const run of runs) if (!run.density.snapshot) this.#trails.delete(run);
    this.#requestFrames();
    this.#draw();
  }

  /** Forgets the selection: another latent space, other points. */
  #forget() {
    this.#aim = this.#kept = { aim: null, of: 0 };
    this.#askedZ = null;
    this.#waiting = false;
    this.#questioned = { sent: null, answered: null };
    this.#latent.forget();
  }

  /** There is a new frame of a run, or another run. */
  #draw() {
    for (const run of this.#experiment.runs) this.#follow(run);
    this.#drawPlanes();
    if (this.#askedZ) this.#ask(this.#askedZ);
  }

  /** Highlights the stage of slow motion in the plane of the run in focus. */
  #highlight() {
    const { runs, focus } = this.#experiment;
    this.#figures.forEach(({ plane }, i) =>
      plane.highlight(runs[i] === focus ? this.#byHand.overlay : null, outputOf(focus).type === "probability"),
    );
  }

  /** An answer has come: G(z) of the z under the pointer. */
  #showMapped() {
    const stale = this.#experiment.run.density.mapped?.id !== this.#questions;
    if (stale) return;
    this.#questioned.answered = this.#questioned.sent;
    this.#waiting = false;
    if (this.#askedZ !== this.#questioned.sent) this.#ask(this.#askedZ);
    inFrame("marks", () => this.#drawSelection());
  }

  /** Requests frames with the content that the controls say, if it has changed. */
  #requestFrames() {
    for (const run of this.#experiment.runs) run.density.ask(this.#controls.frameRequest);
  }

  /** @param {Run} run */
  #follow(run) {
    const { snapshot } = run.density;
    if (!snapshot) return;
    const trail = this.#trails.get(run) ?? { step: -1, frames: [] };
    // The same step again, as after Pause, adds nothing to the trail.
    if (snapshot.step !== trail.step)
      trail.frames = [
        ...(snapshot.step > trail.step ? trail.frames.slice(-TRAIL) : []),
        snapshot.fake.slice(0, 2 * MOST_TRAILS),
      ];
    trail.step = snapshot.step;
    this.#trails.set(run, trail);
  }

  #forgetTrails() {
    for (const run of this.#experiment.runs) this.#trails.delete(run);
  }

  #drawPlanes() {
    this.#experiment.runs.forEach((_, i) => inFrame(`plane ${i}`, () => this.#drawPlane(i)));
    inFrame("marks", () => this.#drawSelection());
  }

  /** @param {number} i of the first run or of the second */
  #drawPlane(i) {
    const run = this.#experiment.runs[i];
    if (!run) return;
    const { figure, plane } = this.#figures[i];
    const snapshot = run.shownPoints;
    const { options } = this.#controls;
    const { runs } = this.#experiment;
    const shown = runs.flatMap((r) => r.shownPoints ?? []);
    const common = commonScale(shown, options.heat, runs.map(outputOf));
    const scale = common ?? scaleOfMap(snapshot ? mapOf(snapshot, options.heat) : NO_MAP, options.heat, outputOf(run));
    plane.update(snapshot, options, {
      scale,
      probability: outputOf(run).type === "probability",
      normal: run.running?.prior !== "uniform",
      trail: run.past === null ? (this.#trails.get(run)?.frames ?? []) : [],
    });
    figure.classList.toggle("empty", !snapshot);
    const facts = /** @type {HTMLElement} */ (figure.querySelector(".facts"));
    const said = snapshot ? factsOf(snapshot, options.layers.arrows && options.morph === 1) : "";
    // Set again, it would be laid out again.
    if (facts.textContent !== said) facts.textContent = said;
    if (i === 0)
      this.#controls.explain(
        common,
        shown.every((s) => s.dOptimal.length > 0),
      );
  }

  /** @param {Aim} aim @param {number} of which plane @param {boolean} kept */
  #point(aim, of, kept) {
    this.#aim = { aim, of };
    if (kept) this.#kept = { aim, of };
    inFrame("marks", () => this.#drawSelection());
  }

  /** Requests G(z) in each run. One request at a time: the next follows the answer, however fast the pointer moves. @param {Float32Array | null} z */
  #ask(z) {
    this.#askedZ = z;
    if (!z) this.#waiting = false;
    else if (!this.#waiting) {
      this.#waiting = true;
      this.#questioned.sent = z;
      this.#questions += 1;
      for (const run of this.#experiment.runs) run.density.map(z, this.#questions);
    }
    inFrame("marks", () => this.#drawSelection());
  }

  /** Shows the selection in data space, in latent space and in numbers. The same index is the same z in both runs. */
  #drawSelection() {
    const { runs, playing } = this.#experiment;
    this.#readout.speak(!playing);
    const { aim, of } = this.#aim.aim ? this.#aim : this.#kept;
    const fake = !this.#askedZ && aim && "fake" in aim ? aim.fake : -1;
    this.#figures.forEach(({ plane }, i) => {
      const answer = this.#askedZ && this.#questioned.answered ? runs[i]?.density.mapped : null;
      plane.select({ fake, mapped: answer ? { x: answer.points[0], y: answer.points[1] } : null });
    });
    const snapshot = (runs[of] ?? runs[0]).shownPoints;
    this.#latent.update(runs[0].shownPoints, fake);
    const letter = runs.length > 1 ? ` of ${"AB"[of]}` : "";
    if (this.#askedZ)
      this.#readout.show(
        aboutMapped(
          this.#questioned.answered ?? this.#askedZ,
          this.#questioned.answered && runs[0].density.mapped,
          runs.length > 1 ? " in A" : "",
        ),
      );
    else if (!snapshot || !aim) this.#readout.show(NOTHING);
    else if ("fake" in aim)
      this.#readout.show(aim.fake < snapshot.fakeScores.length ? aboutFake(snapshot, aim.fake, letter) : NOTHING);
    else this.#readout.show(aboutPlace(snapshot, ...aim.place, letter));
  }
}
