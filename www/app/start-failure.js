// The notice for a worker that did not start, by cause, and the restarts that need no click.

import { reason, whenOnline, whyMissing } from "../delivery.js";

/** @import { Action, Notice } from "./errors.js" */
/**
 * @typedef {object} Failure
 * @property {() => void} again
 * @property {boolean} gpu whether to check the files that only GPU runs need
 * @property {() => boolean} stands whether the failure is still current: nothing has been started since
 * @property {() => Notice} otherwise the notice if every file arrives as built, so that the browser or the core is the
 *   cause
 * @property {Action[]} [more] further actions in the notice
 */

/** Least time, in milliseconds, between two automatic restarts of a page whose files are all as built. */
const AGAIN_MS = 60_000;
let startedAt = -Infinity;

/**
 * Finds out why the worker did not start, and restarts it when the cause is gone: at once if damaged copies in the
 * browser's caches were the cause, otherwise when the network is available again.
 * @param {Failure} failure @returns {Promise<Notice | null>} null if no notice is needed
 */
export async function explainStart(failure) {
  const { again, gpu, stands, otherwise, more = [] } = failure;
  const found = await whyMissing(document.baseURI, gpu);
  if (!stands()) return null;
  if (found.cause === "intact") {
    if (performance.now() - startedAt < AGAIN_MS) return otherwise();
    startedAt = performance.now();
    again();
    return null;
  }
  if (found.cause === "offline") whenOnline(() => stands() && again());
  const reload = { label: "Reload", run: () => location.reload() };
  const text = `The training could not be started. ${reason(found)} ${ADVICE[found.cause]}`;
  return {
    kind: "crashed",
    text,
    actions: [found.cause === "updated" ? reload : { label: "Try again", run: again }, ...more],
  };
}

/**
 * The notice for a GPU run that runs on the CPU because the code for the GPU did not arrive.
 * @param {import("../protocol.js").DeviceChoice} device @param {() => void} again @returns {Promise<Notice>}
 */
export async function explainGpuCode({ why }, again) {
  const found = await whyMissing(document.baseURI, true);
  const text =
    found.cause === "intact"
      ? why
      : `The code for the GPU could not be loaded, so that the run is on the CPU. ${reason(found)}`;
  const action =
    found.cause === "updated" ? { label: "Reload", run: () => location.reload() } : { label: "Try again", run: again };
  return { kind: "device", tone: "note", text, actions: [action] };
}

/**
 * The notice for a part of the page whose code did not arrive when it was opened.
 * @param {string} title of the part @param {() => void} again @returns {Promise<Notice>}
 */
export async function explainPart(title, again) {
  const found = await whyMissing(document.baseURI);
  const tryAgain = { label: "Try again", run: again };
  const reload = { label: "Reload", run: () => location.reload() };
  return {
    kind: "part",
    text: `“${title}” could not be loaded; the training goes on. ${reason(found)}`,
    // A browser may keep a file that it did not get as failed until the page is loaded anew.
    actions: found.cause === "updated" ? [reload] : [tryAgain, reload],
  };
}

const ADVICE = {
  offline: "It starts by itself once the connection is back.",
  unreachable: "Check the connection, or that the server is running, and try again.",
  refused: "Try again later.",
  intercepted: "Log in there, then try again.",
  updated: "Reload to go on: the settings stay in the address; a run, or points that were drawn, do not.",
  broken: "Nothing is wrong with this browser: try again later, or tell whoever publishes the page.",
};
