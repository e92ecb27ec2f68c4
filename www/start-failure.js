// What is said when the worker could not be started, by what kept it from starting; and the starts that need nobody's
// click.

import { reason, whenOnline, whyMissing } from "./delivery.js";

/** @import { Action, Notice } from "./errors.js" */
/**
 * @typedef {object} Failure
 * @property {() => void} again
 * @property {boolean} gpu whether the files that only runs on a GPU need count
 * @property {() => boolean} stands whether nothing has been started since
 * @property {() => Notice} otherwise what to say when every file of the page arrives right: the browser, or the core, is the reason
 * @property {Action[]} [more] what else can be done
 */

/** A page whose files have proved right starts again by itself, but no more often than this. */
const AGAIN_MS = 60_000;
let startedAt = -Infinity;

/**
 * Finds out why the worker did not start. Once the reason is over, it is started again: at once where wrong copies in the browser's caches
 * were the reason, else when the network is back.
 * @param {Failure} failure @returns {Promise<Notice | null>} null where nothing is left to say
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

/** The code for the GPU could not be had, and a run that was to be there is on the CPU. @param {import("./protocol.js").DeviceChoice} device @param {() => void} again @returns {Promise<Notice>} */
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

const ADVICE = {
  offline: "It starts by itself once the connection is back.",
  unreachable: "Check the connection, or that the server is running, and try again.",
  refused: "Try again later.",
  intercepted: "Log in there, then try again.",
  updated: "Reload to go on: the settings stay in the address; a run, or points that were drawn, do not.",
  broken: "Nothing is wrong with this browser: try again later, or tell whoever publishes the page.",
};
