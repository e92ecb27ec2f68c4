// Computes the vertical range of a chart without outliers, and counts these, so that the chart can report them.
// Otherwise a single loss of 5e7 at step 40 would flatten a thousand other values to a line.

/** @typedef {{range: [number, number], above: number, below: number, highest: number, lowest: number}} Robust */

/** Largest share of outliers at each end of the range. A larger share is part of the curve. */
const TAIL = 0.05;
/** Distance of an outlier from the rest, in widths of the rest. A spike of twice the width stays in the range. */
const FAR = 3;
/** Least number of values for which outliers are searched. */
const FEW = 20;

/** The quantile of sorted values at a share. @param {number[]} sorted @param {number} share */
function quantile(sorted, share) {
  return sorted[Math.round(share * (sorted.length - 1))];
}

/**
 * Returns a range without outliers, and the number of values above and below it. Null if no value is finite.
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
  // A flat curve gets a width of at least a hundredth of its own size.
  const width = Math.max(p - q, 0.01 * Math.max(Math.abs(p), Math.abs(q)), Number.MIN_VALUE);
  const inside = sorted.filter((v) => v >= q - FAR * width && v <= p + FAR * width);
  const [low, high] = [inside[0], inside[inside.length - 1]];
  const [above, below] = [sorted.filter((v) => v > high).length, sorted.filter((v) => v < low).length];
  return { range: [low, high], above, below, highest, lowest };
}

/**
 * Describes the values outside the range, as lines of text; empty if there are none.
 * @param {Robust | null} robust @param {(value: number) => string} text
 */
export function outsideText(robust, text) {
  if (!robust) return [];
  const { above, below, highest, lowest } = robust;
  const count = (/** @type {number} */ n) => `${n} value${n === 1 ? "" : "s"}`;
  return [
    ...(above > 0 ? [`▲ ${count(above)} above, up to ${text(highest)}`] : []),
    ...(below > 0 ? [`▼ ${count(below)} below, down to ${text(lowest)}`] : []),
  ];
}
