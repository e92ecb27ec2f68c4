// Text of unknown length in notices: quoted text and lists are cut, and the cut is said.

import { grouped } from "./numbers.js";

/** Characters of a quoted text. */
const MOST_QUOTED = 40;
/** Items of a list. */
const MOST_LISTED = 5;

/** The first characters of a text. @param {string} text @param {number} [most] */
export function cut(text, most = MOST_QUOTED) {
  if (text.length <= most) return text;
  // By characters, so that none is cut in half.
  return `${[...text.slice(0, 2 * most)].slice(0, most).join("")}…`;
}

/** A text in quotation marks, cut, on one line. @param {string} text @param {number} [most] */
export function quoted(text, most = MOST_QUOTED) {
  return `“${cut(text.trim().replace(/\s+/g, " "), most)}”`;
}

/** The first items of a list, and how many more there are. @param {string[]} items @param {string} [between] @param {number} [most] */
export function listed(items, between = "; ", most = MOST_LISTED) {
  const more = items.length - most;
  if (more <= 0) return items.join(between);
  return `${items.slice(0, most).join(between)}${between}and ${grouped(more)} more`;
}
