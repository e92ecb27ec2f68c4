// What the page knows of one run: its configuration as the core has confirmed it, its device, its curves and pictures,
// and why it stands still. It can be kept while another run takes its place.

import { History } from "./history.js";
import { Series } from "../series.js";

/** @import { Config, DeviceChoice, DevicePreference, Divergence, Frame, Growth, Marks, Metrics, RunInfo } from "../protocol.js" */
/** @import { DensityRun } from "./density-run.js" */
/** @import { Quality } from "./quality.js" */
/**
 * A request for a run: configuration, the visitor's drawing, device, and what the configuration came from.
 * @typedef {{config: Config, drawn: Float32Array | null, device: DevicePreference, avoid: string | null,
 *   origin: import("./origin.js").Origin | null}} Order
 */
/**
 * The page's data of a run that was replaced and can be resumed.
 * @typedef {{id: number, of: Pick<RunRecord, typeof OF_A_RUN[number]>, series: Series, quality: ReturnType<Quality["stash"]>,
 *   density: ReturnType<DensityRun["stash"]>}} Stashed
 */

export const CURVES = ["d_loss", "g_loss", "d_real", "d_fake", "information"];

/** The properties that belong to one run and are reset for the next. */
const OF_A_RUN = /** @type {const} */ ([
  "running",
  "drawn",
  "device",
  "choice",
  "info",
  "samples",
  "history",
  "growth",
  "step",
  "elapsedMs",
  "waiting",
  "divergence",
]);

export class RunRecord {
  /** Evaluations and diagnosis. @type {Quality} */
  quality = /** @type {any} */ (undefined);
  /** What only a density run has. @type {DensityRun} */
  density = /** @type {any} */ (undefined);
  /** The device of the run; null until the run is created. @type {DeviceChoice | null} */
  device = null;
  /** The device that was asked for, and the origin of the settings. @type {Pick<Order, "device" | "avoid" | "origin"> | null} */
  choice = null;
  /** The configuration of the run, as confirmed by the core. @type {Config | null} */
  running = null;
  /** The visitor's drawing on which it trains. @type {Float32Array | null} */
  drawn = null;
  /** @type {RunInfo | null} */
  info = null;
  series = new Series(CURVES);
  /** The latest frame of a run on images. @type {(Frame & {type: "images"} & {marks: Marks | null}) | null} */
  samples = null;
  /** Frames of the past. */
  history = new History();
  /** The step of the past that is shown; null for the present. @type {number | null} */
  past = null;
  step = 0;
  elapsedMs = 0;
  /** Resolution and fade-in of progressively growing networks. @type {Growth | null} */
  growth = null;
  /** The reason why the run waits for images; null if it does not. @type {string | null} */
  waiting = null;
  /** The value that is not finite; only a restart helps. @type {Divergence | null} */
  divergence = null;
  /**
   * The reason why there is no run: the core refused the request, and there was no previous run.
   * @type {string | null}
   */
  refusal = null;
  /** Progress of compiling GPU programs; null when done. @type {{compiled: number, asked: number} | null} */
  preparing = null;

  /** Whether training has diverged. */
  get broken() {
    return this.divergence !== null;
  }

  /** Whether the samples are points, not images. */
  get onPoints() {
    return this.info !== null && this.info.space !== "images";
  }

  /** Shows a frame of the past, or the present. @param {number | null} step of a frame */
  showPast(step) {
    this.past = this.history.pinned = step;
  }

  /** The frame of points that is shown: of the present, or of the past. */
  get shownPoints() {
    return this.past === null ? this.density.snapshot : (this.history.at(this.past)?.density ?? null);
  }

  /** The generated images that are shown: of the present, or of the past. */
  get shownImages() {
    return this.past === null ? (this.samples?.fake ?? null) : (this.history.at(this.past)?.images ?? null);
  }

  /** The step of the latest frame, if there is one. */
  get shownStep() {
    return (this.samples?.fake ?? this.density.snapshot)?.step;
  }

  /** Another run begins. */
  clear() {
    this.running =
      this.drawn =
      this.device =
      this.choice =
      this.info =
      this.samples =
      this.growth =
      this.refusal =
        null;
    this.series = new Series(CURVES);
    this.history = new History();
    this.past = null;
    this.step = this.elapsedMs = 0;
    this.waiting = this.divergence = this.preparing = null;
    this.density.forget();
    this.quality.forget();
  }

  /** The data of the run, to be kept while another run takes its place. @param {number} id @returns {Stashed} */
  stash(id) {
    const of = /** @type {Stashed["of"]} */ (Object.fromEntries(OF_A_RUN.map((key) => [key, this[key]])));
    return { id, of, series: this.series, quality: this.quality.stash(), density: this.density.stash() };
  }

  /** @param {Stashed} stashed */
  restore({ of, series, quality, density }) {
    Object.assign(this, of);
    this.past = null;
    this.series = series;
    this.quality.restore(quality);
    this.density.restore(density);
  }
}

/**
 * Adds steps to the curves of a run.
 * @param {Series} series @param {Metrics} metrics @param {RunInfo | null} info
 */
export function pushMetrics(series, metrics, info) {
  metrics.step.forEach((at, i) => {
    const entropy = metrics.entropy[i];
    // The mutual information between code and image: H(c) minus the conditional entropy (Chen et al. 2016).
    const information = entropy === null || !info ? null : info.codeEntropy - entropy;
    series.push(at, [metrics.dLoss[i], metrics.gLoss[i], metrics.dReal[i], metrics.dFake[i], information]);
  });
}
