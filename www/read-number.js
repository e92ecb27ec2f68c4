// Parses numbers as people type them and programs write them: with a comma or a point as decimal mark, digits of any
// script, powers such as 2·10⁻⁴, and thousands separators.

/**
 * @typedef {{value: number, ambiguous: boolean}} Read `ambiguous`: the text has a second common meaning, so the page
 *   should say how it was read
 */

const SPACES_AND_MARKS = "[ '’_]";
/** 1 234,5 or 1'234.5: a space or an apostrophe between groups is never a decimal mark. */
const GROUPED = new RegExp(`^\\d{1,3}(?:(${SPACES_AND_MARKS})\\d{3})(?:\\1\\d{3})*(?:[.,]\\d*)?$`);
const COMMA_GROUPS = /^[1-9]\d{0,2}(?:,\d{3})+$/;
const POINT_GROUPS = /^[1-9]\d{0,2}(?:\.\d{3})+$/;
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/;
/** Powers of ten: 10^-4, 2·10^-4, 2 x 10^-4. */
const POWER = /^(?:(.+?)\s*[·⋅∙×*x]\s*|([+-]?))10\s*\^\s*([+-]?\d+)$/i;
/** Numbers as programs write them. The fast path, because a file may hold 200,000 numbers. */
const USUAL = /^[+-]?(?:\d+\.\d+|\d+)(?:e[+-]?\d+)?$/i;
/** An exponent after "e". In place of its plus sign there may be a space, because addresses decode "+" as a space. */
const EXPONENT = /^(.+?)\s*e\s*([+-]?\d+)$/i;

/**
 * Parses a number; null if the text is not one. The value may be Infinity if the text exceeds the range of a number.
 * @param {string} text
 * @param {boolean} [grouped] whether a single comma before exactly three digits separates thousands; otherwise it is
 *   the decimal mark
 * @returns {Read | null}
 */
export function readNumber(text, grouped = false) {
  if (USUAL.test(text) && !(grouped && AMBIGUOUS.test(text))) return { value: Number(text) || 0, ambiguous: false };
  const plain = inAscii(text);
  const power = POWER.exec(plain);
  if (power) return joined(power[1] ?? `${power[2]}1`, power[3], grouped);
  const exponent = EXPONENT.exec(plain);
  return exponent ? joined(exponent[1], exponent[2], grouped) : joined(plain, "", grouped);
}

/**
 * Converts digits of every script, full-width and superscript characters, and all minus signs to ASCII.
 * @param {string} text
 */
function inAscii(text) {
  return text
    .replace(/[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, "^$&")
    .normalize("NFKC")
    .replace(/\p{Nd}/gu, valueOfDigit)
    .replace(/[−–‐]/g, "-")
    .replace(/٫/g, ",")
    .replace(/٬/g, "'")
    .replace("**", "^")
    .trim();
}

/**
 * The ASCII digit for a digit of any script. Every script has its ten digits at consecutive code points.
 * @param {string} digit
 */
function valueOfDigit(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  if (code < 128) return digit;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

/** @param {string} mantissa @param {string} exponent @param {boolean} grouped @returns {Read | null} */
function joined(mantissa, exponent, grouped) {
  const [, sign, body] = /** @type {RegExpExecArray} */ (/^([+-]?)(.*)$/s.exec(mantissa.trim()));
  const decimal = decimalOf(body.trim(), grouped);
  if (decimal === null || !/^(?:\d+\.?\d*|\.\d+)$/.test(decimal)) return null;
  const value = Number(`${sign}${decimal}${exponent && `e${exponent}`}`);
  // Return 0 for minus zero.
  return { value: value === 0 ? 0 : value, ambiguous: AMBIGUOUS.test(body) && (grouped || body.includes(",")) };
}

/**
 * The digits with a point as decimal mark and without thousands separators; null if the marks are inconsistent.
 * @param {string} body @param {boolean} grouped
 */
function decimalOf(body, grouped) {
  if (GROUPED.test(body)) return body.replace(new RegExp(SPACES_AND_MARKS, "g"), "").replace(",", ".");
  const [commas, points] = [body.split(",").length - 1, body.split(".").length - 1];
  if (commas > 0 && points > 0) {
    const mark = body.lastIndexOf(",") > body.lastIndexOf(".") ? "," : ".";
    const whole = body.slice(0, body.lastIndexOf(mark));
    const groups = mark === "," ? POINT_GROUPS : COMMA_GROUPS;
    return groups.test(whole) ? `${whole.replace(/[.,]/g, "")}.${body.slice(whole.length + 1)}` : null;
  }
  if (commas > 1 || (commas === 1 && grouped && AMBIGUOUS.test(body)))
    return COMMA_GROUPS.test(body) ? body.replaceAll(",", "") : null;
  if (points > 1) return POINT_GROUPS.test(body) ? body.replaceAll(".", "") : null;
  return body.replace(",", ".");
}
