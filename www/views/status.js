// The status line: step, speed, time, device and its reason, seed and sizes, each in a fixed place.

import { grouped } from "../numbers.js";

/** @import { Experiment } from "../app/experiment.js" */
/** @import { Run } from "../app/run.js" */

const NONE = "–";

export class StatusLine {
  /** @type {Record<string, HTMLElement>} */
  #parts = {};
  #why;

  /** @param {HTMLElement} root holds one element for each name in data-part @param {HTMLElement} why the reason for the device */
  constructor(root, why) {
    root.querySelectorAll("[data-part]").forEach((node) => {
      this.#parts[/** @type {HTMLElement} */ (node).dataset.part ?? ""] = /** @type {HTMLElement} */ (node);
    });
    this.#why = why;
  }

  /** @param {Experiment} experiment */
  update({ focus, runs, playing }) {
    const { step, speed, elapsedMs, device, info, running, growth } = focus;
    const memory = runs.reduce((sum, run) => sum + run.memory, 0);
    const fast = playing ? speed : null;
    this.#set("step", grouped(step));
    this.#set("speed", fast === null ? NONE : fast.toFixed(fast < 10 ? 1 : 0));
    this.#set("images", fast === null ? NONE : grouped(Math.round(fast * Number(running?.batch ?? 0))));
    this.#set("elapsed", clock(elapsedMs));
    this.#set("device", device?.name ?? "starting…");
    this.#set("seed", String(running?.seed ?? NONE));
    this.#set("sizes", info ? `G ${grouped(info.gParameters)}, D ${grouped(info.dParameters)}` : NONE);
    this.#set("memory", memory ? `${Math.round(memory / 2 ** 20)} MiB` : NONE);
    this.#set("phase", phase(focus, playing));
    this.#set("growth", resolution(growth));
    const shown = this.#parts.growth?.parentElement;
    if (shown) shown.hidden = growth === null;
    this.#why.textContent = device?.why ?? "";
  }

  /**
   * Sets a text if it has changed, so that nothing is announced or laid out twice.
   * @param {string} part @param {string} text
   */
  #set(part, text) {
    const node = this.#parts[part];
    if (node && node.textContent !== text) node.textContent = text;
  }
}

/** The resolution of progressively growing networks. @param {import("../protocol.js").Growth | null} growth */
export function resolution(growth) {
  if (!growth) return NONE;
  const size = `${growth.side}×${growth.side}`;
  return growth.alpha < 1 ? `${size}, ${Math.round(100 * growth.alpha)} % faded in` : size;
}

/** What stopped being finite. */
const NOT_FINITE = {
  loss: "a loss is not a number",
  gradient: "a gradient is not finite",
  weights: "a weight is not finite",
  moments: "a moment of the optimizer is not finite",
};

/** The phase of a run in words. @param {Run} run @param {boolean} playing */
export function phase({ catalog, info, waiting, divergence, lost, refusal, step, preparing, stepping }, playing) {
  if (lost !== null) return lost.kind === "gpu-lost" ? "stopped: the GPU was lost" : "stopped: the worker is gone";
  if (refusal !== null) return "refused: see the notice";
  if (!catalog || !info) return "starting";
  if (divergence) return `stopped: ${NOT_FINITE[divergence.what]}`;
  // Compiling takes longer than loading images, so it is reported first.
  if (preparing && step === 0)
    return preparing.asked === 0
      ? "compiling GPU programs"
      : `compiling GPU programs: ${preparing.compiled} of ${preparing.asked}`;
  if (waiting && playing) return "waiting for images";
  if (playing) return step === 0 ? "first step" : "training";
  if (stepping) return step === 0 ? "first step" : "stepping";
  return step === 0 ? "ready: press Play" : "paused";
}

/** @param {number} ms */
function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
