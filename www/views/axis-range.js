// The vertical range of a chart when a few values are far away from all others: those are left out, and counted, so
// that the chart can say so. One loss of 5e7 at step 40 would otherwise make a flat line of the other thousand.

/** @typedef {{range: [number, number], above: number, below: number, highest: number, lowest: number}} Robust */

/** Share of the values, at each end, that may lie outside: more are no outliers, they are the curve. */
const TAIL = 0.05;
/** A value is an outlier where it is further from the rest than so many times the rest is wide: a spike of twice the range is worth its place. */
const FAR = 3;
/** Below so many values nothing is an outlier yet. */
const FEW = 20;

/** The value below which a share of them lies. @param {number[]} sorted @param {number} share */
function quantile(sorted, share) {
  return sorted[Math.round(share * (sorted.length - 1))];
}

/**
 * A range for values, without outliers, and how many lie above and below it. Null where there is nothing finite.
 * @param {Iterable<number | null | undefined>} values @returns {Robust | null}
 */
export function robustRange(values) {
  const sorted = Array.from(values)
    .filter((v) => typeof v === "number" && Number.isFinite(v))
    .map(Number)
    .sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]];
  const [q, p] = sorted.length < FEW ? [lowest, highest] : [quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)];
  // Of a curve that has not moved a hundredth of its own size still is a width.
  const width = Math.max(p - q, 0.01 * Math.max(Math.abs(p), Math.abs(q)), Number.MIN_VALUE);
  const inside = sorted.filter((v) => v >= q - FAR * width && v <= p + FAR * width);
  const [low, high] = [inside[0], inside[inside.length - 1]];
  const [above, below] = [sorted.filter((v) => v > high).length, sorted.filter((v) => v < low).length];
  return { range: [low, high], above, below, highest, lowest };
}

/** What a chart says of the values that its range leaves out; empty where it leaves none out. @param {Robust | null} robust @param {(value: number) => string} text */
export function outsideText(robust, text) {
  if (!robust) return [];
  const { above, below, highest, lowest } = robust;
  const count = (/** @type {number} */ n) => `${n} value${n === 1 ? "" : "s"}`;
  return [
    ...(above > 0 ? [`▲ ${count(above)} above, up to ${text(highest)}`] : []),
    ...(below > 0 ? [`▼ ${count(below)} below, down to ${text(lowest)}`] : []),
  ];
}
