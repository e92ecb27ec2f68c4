// What is said when something fails, and what can be done about it: one notice for each kind of failure.

/** @import { Notice } from "./errors.js" */
/** @import { Divergence, SetId, Wish } from "./protocol.js" */
/** @typedef {{letter: string, keep: () => void}} Spared the other one of two runs */

/** Settings in the address that had to be left out. @param {string[]} dropped what, and why @returns {Notice} */
export function addressNotice(dropped) {
  return { kind: "address", tone: "note", text: `Part of the address was not understood and was left out. ${dropped.join("; ")}.` };
}

/** @param {SetId} set @param {string} text @param {() => void} retry @returns {Notice} */
export function dataNotice(set, text, retry) {
  return { kind: `data-${set}`, text, actions: [{ label: "Try again", run: retry }] };
}

/**
 * A loss that is no longer a number.
 * @param {Divergence} divergence @param {number} lower a learning rate to try @param {() => void} restart with it @param {Spared} [spared]
 * @returns {Notice}
 */
export function divergedNotice({ player, step, value, cause, breakdown }, lower, restart, spared) {
  const parts = breakdown.map((b) => `${b.broken} of the ${b.of} parameter tensors of the ${b.player}, the first of them ${b.tensor.replace(".", ", ")}`);
  const where = parts.length > 0 ? `Not finite are now ${parts.join("; and ")}.` : "All parameters are finite: a sum overflowed on the way to the loss.";
  return {
    kind: "diverged",
    text: `The ${player}'s loss became ${value} at step ${step}: the run cannot go on. The curves stay. ${where} The ${cause} was updated last before that; a learning rate that is too high is the usual reason.${spared ? ` ${spared.letter} can go on alone: press Play.` : ""}`,
    actions: [{ label: `Restart with a lower learning rate (${lower.toPrecision(2)})`, run: restart }],
  };
}

/**
 * A measurement that could not be taken; the run goes on.
 * @param {string} text @param {() => void} retry @param {import("./delivery.js").Cause | null} [cause] why a file did not come @returns {Notice}
 */
export function measureNotice(text, retry, cause = null) {
  // Its file is gone for good.
  if (cause === "updated") return { kind: "measure", text, actions: [{ label: "Reload", run: () => location.reload() }] };
  return { kind: "measure", text, actions: [{ label: "Measure again", run: retry }] };
}

/** The worker never got ready. @param {string} message @param {Wish} wish @param {(wish: Wish) => void} start @returns {Notice} */
export function notStartedNotice(message, wish, start) {
  return {
    kind: "crashed",
    // A browser from before module workers reports the first `import` as a syntax error.
    text: `The training could not be started: ${message}. It runs as a module in a worker; Chrome 80, Firefox 114, Safari 15 or newer can do that.`,
    actions: [{ label: "Try again", run: () => start(wish) }, { label: "Try the CPU", run: () => start("cpu") }],
  };
}

/** The worker broke down. @param {string} message @param {Wish} wish @param {boolean} gpu @param {(wish: Wish) => void} start @returns {Notice} */
export function crashedNotice(message, wish, gpu, start) {
  const again = { label: "Start again", run: () => start(wish) };
  const cpu = { label: "Start again on the CPU", run: () => start("cpu") };
  return {
    kind: "crashed",
    text: `The training stopped with an error: ${message}. Your settings are kept; the run has to begin again.`,
    actions: gpu ? [again, cpu] : [again],
  };
}

/** One of two workers broke down. @param {string} message @param {Wish} wish @param {(wish: Wish) => void} start @param {Spared} spared @returns {Notice} */
export function lostOfTwoNotice(message, wish, start, { letter, keep }) {
  return {
    kind: "crashed",
    text: `The training stopped with an error: ${message}. The settings are kept; ${letter} can go on alone, but to be compared both have to begin again. Two runs need twice the memory.`,
    actions: [{ label: "Start both again", run: () => start(wish) }, { label: `End the comparison, keep ${letter}`, run: keep }],
  };
}
