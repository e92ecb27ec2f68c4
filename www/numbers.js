// Numbers as text, the same way everywhere. Without Intl, which refuses some browsers' own language.

/** A number with so many decimals and a true minus sign, which is as wide as a plus. @param {number} v @param {number} digits */
export function signed(v, digits) {
  return v.toFixed(digits).replace("-", "−");
}

/** Thousands parted by commas; up to three decimals. @param {number} v */
export function grouped(v) {
  const [whole, decimals] = String(Math.round(v * 1000) / 1000).split(".");
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals ? `${parted}.${decimals}` : parted;
}

const UNITS = ["", "K", "M", "B", "T"];

/** Short: 1.5K, 20M, 3e16. @param {number} v */
export function compact(v) {
  let unit = 0;
  let scaled = v;
  // 999.95 and more would be rounded to a thousand.
  while (Math.abs(scaled) >= 999.95 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  if (Math.abs(scaled) >= 999.95) return v.toExponential(0).replace("+", "");
  return Number(scaled.toFixed(1)) + UNITS[unit];
}

/** The digits that count, and no more than four of them. @param {number} v */
export function significant(v) {
  return String(Number(v.toPrecision(4)));
}
