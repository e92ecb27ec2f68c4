// Numbers as people type and save them: a comma or a point as decimal mark, digits of any script, 2·10⁻⁴, thousands in
// groups.

/** @typedef {{value: number, ambiguous: boolean}} Read `ambiguous`: the text has another usual meaning, so the reading should be said */

const SPACES_AND_MARKS = "[ '’_]";
/** 1 234,5 or 1'234.5: the mark between groups is no decimal mark anywhere. */
const GROUPED = new RegExp(`^\\d{1,3}(?:(${SPACES_AND_MARKS})\\d{3})(?:\\1\\d{3})*(?:[.,]\\d*)?$`);
const COMMA_GROUPS = /^[1-9]\d{0,2}(?:,\d{3})+$/;
const POINT_GROUPS = /^[1-9]\d{0,2}(?:\.\d{3})+$/;
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/;
/** 10^-4, 2·10^-4, 2 x 10^-4. */
const POWER = /^(?:(.+?)\s*[·⋅∙×*x]\s*|([+-]?))10\s*\^\s*([+-]?\d+)$/i;
/** As programs write numbers: nothing to interpret, and a file has 200,000 of them. */
const USUAL = /^[+-]?(?:\d+\.\d+|\d+)(?:e[+-]?\d+)?$/i;
/** In an address a plus sign reads as a space. */
const EXPONENT = /^(.+?)\s*e\s*([+-]?\d+)$/i;

/**
 * Reads a number; null if the text is none. Infinity is possible: the text may be out of the range of a number.
 * @param {string} text
 * @param {boolean} [grouped] what one comma before exactly three digits is: a mark between thousands (true) or the decimal mark
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

/** Digits of every script, full-width and superscript characters, and the several minus signs, in ASCII. @param {string} text */
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

/** The digits of a script stand in a row, ten of them. @param {string} digit */
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
  // Minus zero is zero.
  return { value: value === 0 ? 0 : value, ambiguous: AMBIGUOUS.test(body) && (grouped || body.includes(",")) };
}

/** The digits with a point as decimal mark and nothing between thousands; null if the marks make no sense. @param {string} body @param {boolean} grouped */
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
