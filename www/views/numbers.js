// Numbers as text, the same way everywhere.

/** A number with so many decimals and a true minus sign, which is as wide as a plus. @param {number} v @param {number} digits */
export function signed(v, digits) {
  return v.toFixed(digits).replace("-", "−");
}
