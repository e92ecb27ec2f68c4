// Sums over measurements.

/** @param {number[]} values */
export const sum = (values) => values.reduce((a, b) => a + b, 0);

/** NaN of nothing. @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** To three significant digits, or to a whole number above: more would be noise. @param {number} value */
export const rounded = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

/** Counts per step, to a hundredth. @param {Record<string, number>} counts @param {number} steps @returns {Record<string, number>} */
export const perStep = (counts, steps) =>
  Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, Math.round((100 * n) / steps) / 100]));
