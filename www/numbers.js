// Formats numbers as text, in the same way everywhere. Does not use Intl, which rejects the language that some browsers
// report.

/**
 * A number with a fixed number of decimals and a real minus sign, which is as wide as a plus sign.
 * @param {number} v @param {number} digits
 */
export function signed(v, digits) {
  return v.toFixed(digits).replace("-", "−");
}

/** A number with commas between thousands and up to three decimals. @param {number} v */
export function grouped(v) {
  const [whole, decimals] = String(Math.round(v * 1000) / 1000).split(".");
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals ? `${parted}.${decimals}` : parted;
}

const UNITS = ["", "K", "M", "B", "T"];

/** A number in short form, such as 1.5K, 20M or 3e16. @param {number} v */
export function compact(v) {
  let unit = 0;
  let scaled = v;
  // From 999.95 on, rounding to one decimal would give 1000 of this unit.
  while (Math.abs(scaled) >= 999.95 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  if (Math.abs(scaled) >= 999.95) return v.toExponential(0).replace("+", "");
  return Number(scaled.toFixed(1)) + UNITS[unit];
}

/** A number with at most four significant digits. @param {number} v */
export function significant(v) {
  return String(Number(v.toPrecision(4)));
}
