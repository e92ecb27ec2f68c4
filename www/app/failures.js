// The notices of all kinds of failures: what happened, and what the visitor can do.

import { BROWSERS } from "../support.js";
import { listed } from "../words.js";

/** @import { Notice } from "./errors.js" */
/** @import { Divergence, SetId, ToyInfo } from "../protocol.js" */
/** @typedef {{letter: string, keep: () => void}} Survivor the other one of two runs */

/**
 * Settings in the address that were ignored.
 * @param {string[]} dropped each setting with the reason @returns {Notice}
 */
export function addressNotice(dropped) {
  return {
    kind: "address",
    tone: "note",
    text: `Part of the address was not understood and was left out. ${listed(dropped)}.`,
  };
}

/** Numbers in the address with a second common meaning. @param {string[]} notes @returns {Notice} */
export function readAsNotice(notes) {
  return { kind: "read-as", tone: "note", text: `Numbers in the address have two usual meanings. ${listed(notes)}.` };
}

/** An address whose data set the visitor has to draw first. @param {ToyInfo} toy @returns {Notice} */
export function undrawnNotice({ name, space, config }) {
  const how =
    space === "line"
      ? "Draw one: choose it among the data sets."
      : "Draw some: choose them among the data sets, or drop a file of points anywhere on this page.";
  return {
    kind: "undrawn",
    tone: "note",
    text: `The address asks for ${name} (data=${config.data}), but does not contain them. ${how} Until then other data is shown.`,
  };
}

/** @param {SetId} set @param {string} text @param {() => void} retry @returns {Notice} */
export function dataNotice(set, text, retry) {
  return { kind: `data-${set}`, text, actions: [{ label: "Try again", run: retry }] };
}

/**
 * What is no longer finite, and what it means if all parameters still are.
 * @type {Record<Divergence["what"], [string, string]>}
 */
const BROKEN = {
  loss: ["loss became", "a sum overflowed on the way to the loss"],
  gradient: ["gradient stopped being finite", "the gradient overflowed on its way"],
  weights: ["weights stopped being finite", "weight clipping hides it"],
  moments: ["optimizer moments overflowed", "but where a squared gradient overflowed, the weights no longer move"],
};

/**
 * A run with a gradient, weights or a loss that are not finite.
 * @param {Divergence} divergence @param {number} lower a lower learning rate to try
 * @param {() => void} restart restarts with it @param {Survivor} [survivor]
 * @returns {Notice}
 */
export function divergedNotice({ network, step, what, value, cause, breakdown }, lower, restart, survivor) {
  const [happened, meaning] = BROKEN[what];
  const parts = breakdown.map(
    (b) =>
      `${b.broken} of the ${b.of} parameter tensors of the ${b.network}, the first of them ${b.tensor.replace(".", ", ")}`,
  );
  const where =
    parts.length > 0 ? `Not finite are now ${parts.join("; and ")}.` : `All parameters are finite: ${meaning}.`;
  return {
    kind: "diverged",
    text: `The ${network}'s ${happened}${what === "loss" ? ` ${value}` : ""} at step ${step}: the run cannot go on. The curves up to there stay. ${where} It was the ${cause} that diverged, by its weights and learning rate; a learning rate that is too high is the usual reason.${survivor ? ` ${survivor.letter} can go on alone: press Play.` : ""}`,
    actions: [{ label: `Restart with a lower learning rate (${lower.toPrecision(2)})`, run: restart }],
  };
}

/**
 * An evaluation that failed; the run continues.
 * @param {string} text @param {() => void} retry
 * @param {import("../delivery.js").Cause | null} [cause] why a file did not arrive @returns {Notice}
 */
export function measureNotice(text, retry, cause = null) {
  // The server has another version of the page, so the file no longer exists.
  if (cause === "updated")
    return { kind: "measure", text, actions: [{ label: "Reload", run: () => location.reload() }] };
  return { kind: "measure", text, actions: [{ label: "Measure again", run: retry }] };
}

/** A worker that did not start. @param {string} message @param {() => void} again @returns {Notice} */
export function notStartedNotice(message, again) {
  return {
    kind: "crashed",
    // Browsers without module workers report the first `import` as a syntax error.
    text: `The training could not be started: ${message}. It runs as a module in a worker, which needs ${BROWSERS}, or newer.`,
    actions: [{ label: "Try again", run: again }],
  };
}

/** @typedef {import("../protocol.js").Event & {type: "crashed"}} Lost */

/** The reason why training ended, in a sentence. @param {Lost} lost */
function whatEnded({ kind, message }) {
  if (kind === "gpu-lost")
    return "The browser lost its connection to the GPU, and the run with it: drivers are reset or updated, computers sleep, other programs need the GPU.";
  if (kind === "memory")
    return "The training ran out of memory. A smaller batch, fewer channels or hidden units need less.";
  // A panic message has many lines; the first one says what happened.
  return `The training stopped with an error: ${message.split("\n")[0].replace(/\.$/, "")}.`;
}

/** @param {() => void} again @param {(() => void) | null} onCpu null if it was on the CPU @param {string} [both] */
const startAgain = (again, onCpu, both = "") => [
  { label: `Start ${both}again`, run: again },
  ...(onCpu ? [{ label: `Start ${both}again on the CPU`, run: onCpu }] : []),
];

/**
 * A worker that crashed or lost its GPU.
 * @param {Lost} lost @param {() => void} again @param {(() => void) | null} onCpu @param {boolean} playing
 * @returns {Notice}
 */
export function lostNotice(lost, again, onCpu, playing) {
  return {
    kind: "crashed",
    text: `${whatEnded(lost)} Settings and curves are kept; the run has to begin again${playing ? "" : ", although it was paused"}.`,
    actions: startAgain(again, onCpu),
  };
}

/**
 * A worker of a comparison that crashed.
 * @param {Lost} lost @param {() => void} again @param {() => void} onCpu @param {Survivor} spared @returns {Notice}
 */
export function lostOfTwoNotice(lost, again, onCpu, { letter, keep }) {
  return {
    kind: "crashed",
    text: `${whatEnded(lost)} ${letter} can go on alone: press Play. To be compared, both have to begin again. Two runs need twice the memory.`,
    actions: [
      ...startAgain(again, lost.kind === "gpu-lost" ? onCpu : null, "both "),
      { label: `End the comparison, keep ${letter}`, run: keep },
    ],
  };
}

/**
 * A device that was chosen but is not available. One that failed may work the next time.
 * @param {import("../protocol.js").DeviceChoice} device @param {() => void} again @returns {Notice}
 */
export function deviceNotice({ why, failed }, again) {
  const text = `WebGPU cannot be used. ${why}`;
  return { kind: "device", tone: "note", text, actions: failed ? [{ label: "Try the GPU again", run: again }] : [] };
}
