// Discriminator outputs for real and for generated images, as two histograms on one axis.

import { grouped, signed } from "../../numbers.js";
import { WIDTH, drawing, path, round } from "../../draw/svg.js";

/** @import { ImageEvaluation, Output, OutputHistogram } from "../../protocol.js" */

const HEIGHT = 60;
/** Most ticks. More labels would touch each other on a phone. */
const MOST_TICKS = 7;

/**
 * SVG path of a histogram's outline, with equal bins over the full width.
 * @param {number[]} shares @param {number} tallest the share that fills the height
 */
export function stepsOf(shares, tallest) {
  const width = WIDTH / shares.length;
  const height = (/** @type {number} */ share) => round(HEIGHT * (1 - share / tallest));
  return `M0 ${HEIGHT}${shares.map((share, i) => `V${height(share)}H${round((i + 1) * width)}`).join("")}V${HEIGHT}Z`;
}

/** Round ticks of an axis, including 0 if it is in range. @param {number} low @param {number} high */
export function ticksOf(low, high) {
  const step = [0.1, 0.2, 0.5, 1, 2, 4, 5, 10, 20, 50, 100].find((s) => (high - low) / s < MOST_TICKS) ?? high - low;
  const first = Math.ceil(low / step);
  // Rounded to tenths, because multiples of 0.1 are not exact in binary.
  return Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, i) => Math.round(10 * (first + i) * step) / 10,
  );
}

/**
 * The overlap of two histograms: 1 if they are equal, 0 if they are disjoint.
 * @param {number[]} a @param {number[]} b
 */
export function overlap(a, b) {
  return a.reduce((sum, share, i) => sum + Math.min(share, b[i]), 0);
}

/**
 * The position of the median: the centre of its bin, or a bound if it lies in the first or last bin.
 * @param {OutputHistogram} spread @param {number[]} shares
 */
export function medianOf({ low, high }, shares) {
  let sum = 0;
  const bin = shares.findIndex((share) => (sum += share) >= 0.5);
  const at = (/** @type {number} */ i) => signed(low + (i * (high - low)) / shares.length, 1);
  if (bin === 0) return `below ${at(1)}`;
  return bin === shares.length - 1 ? `above ${at(bin)}` : `near ${at(bin + 0.5)}`;
}

/** D(x) = sigmoid(logit) in short form. @param {number} logit */
export function probability(logit) {
  const p = 1 / (1 + Math.exp(-logit));
  if (p === 0.5) return "1/2";
  if (p < 0.005 || p > 0.995) return p < 0.5 ? "≈ 0" : "≈ 1";
  return p.toFixed(2);
}

/** @type {OutputHistogram} */
const EMPTY = { low: -5, high: 5, real: [], fake: [], output: { type: "probability" } };

/** The decision threshold, if the output has one. @param {Output} output */
function borderOf(output) {
  if (output.type === "probability") return 0;
  return output.type === "score" ? output.threshold : null;
}

export class OutputsView {
  #root;
  #parts = { middle: path("middle"), real: path("real"), fake: path("fake") };
  #svg = drawing("histogram", HEIGHT, Object.values(this.#parts));

  /** @param {HTMLElement} root holds .plot, .axis and .reading */
  constructor(root) {
    this.#root = root;
    this.#find(".plot").replaceChildren(this.#svg);
    this.update(undefined, EMPTY.output);
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /**
   * @param {ImageEvaluation | undefined} last @param {Output} meaning of the run's outputs, before the first evaluation
   */
  update(last, meaning) {
    this.#root.classList.toggle("empty", !last);
    const { low, high, real, fake, output } = last?.outputs ?? { ...EMPTY, output: meaning };
    const at = (/** @type {number} */ value) => (value - low) / (high - low);
    const border = borderOf(output);
    const tallest = Math.max(...real, ...fake, Number.MIN_VALUE);
    this.#parts.real.setAttribute("d", real.length > 0 ? stepsOf(real, tallest) : "");
    this.#parts.fake.setAttribute("d", fake.length > 0 ? stepsOf(fake, tallest) : "");
    this.#parts.middle.setAttribute(
      "d",
      border !== null && low < border && high > border ? `M${round(WIDTH * at(border))} 0V${HEIGHT}` : "",
    );
    const logits = output.type === "probability";
    const ticks = ticksOf(low, high).map((value) => tick(value, logits ? probability(value) : "", at(value)));
    this.#find(".axis").replaceChildren(label(logits ? "logit" : "output", logits ? "D" : "", "units"), ...ticks);
    this.#say(last);
  }

  /** @param {ImageEvaluation | undefined} last */
  #say(last) {
    if (!last) {
      this.#svg.setAttribute("aria-label", "Histogram of D's outputs: not evaluated yet");
      this.#find(".reading").textContent = "Appears after the first evaluation.";
      return;
    }
    const { outputs, step } = last;
    const [real, fake] = [outputs.real, outputs.fake].map((shares) => medianOf(outputs, shares));
    const shared = `${Math.round(100 * overlap(outputs.real, outputs.fake))}\u00a0%`;
    this.#svg.setAttribute(
      "aria-label",
      `Histogram of D's outputs at step ${grouped(step)}: median of real images ${real}, of generated images ${fake}, ${shared} of the area in common`,
    );
    this.#find(".reading").textContent =
      `Step ${grouped(step)}: median of real ${real}, of generated ${fake}; ${shared} of the area in common.`;
  }
}

/** @param {number} value @param {string} below @param {number} at from 0 at the left to 1 */
function tick(value, below, at) {
  const node = label(signed(value, Number.isInteger(value) ? 0 : 1), below, "tick");
  node.style.setProperty("--at", at.toFixed(4));
  return node;
}

/** A label of two lines below the axis. @param {string} above @param {string} below @param {string} className */
function label(above, below, className) {
  const node = document.createElement("span");
  node.className = className;
  node.append(
    ...[above, below].map((text) => {
      const line = document.createElement("span");
      line.textContent = text;
      return line;
    }),
  );
  return node;
}
