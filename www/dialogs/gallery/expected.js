// How long an experiment takes until it looks like its thumbnail.

/** @typedef {{step: number, ms: number}} StepTime steps until the thumbnail, and milliseconds a step where it was made: on the CPU, in a tab */

/**
 * How much slower this device is than where the thumbnails were made, from the run that is here; null while it is not known.
 * @param {StepTime | undefined} made of the present experiment @param {{step: number, elapsedMs: number}} run
 */
export function slowness(made, { step, elapsedMs }) {
  // The first steps compile programs and fill caches.
  if (!made || step < 50) return null;
  return elapsedMs / step / made.ms;
}

/** @param {StepTime | undefined} made @param {number | null} factor as `slowness` gives it */
export function expectedTime(made, factor) {
  if (!made) return "";
  const seconds = (made.step * made.ms * (factor ?? 1)) / 1000;
  const time = seconds < 90 ? `${roundly(seconds)} s` : `${roundly(seconds / 60)} min`;
  return factor === null ? `about ${time} on a laptop` : `about ${time} here`;
}

/** To one significant digit, or in steps of five from ten on. @param {number} value */
function roundly(value) {
  return value < 10 ? Math.max(1, Math.round(value)) : 5 * Math.round(value / 5);
}
