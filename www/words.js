// Shortens text of unknown length for notices: quotations and lists are truncated, and the truncation is visible.

import { grouped } from "./numbers.js";

/** Longest quotation, in characters. */
const MOST_QUOTED = 40;
/** Most items of a list. */
const MOST_LISTED = 5;

/** The first characters of a text. @param {string} text @param {number} [most] */
export function cut(text, most = MOST_QUOTED) {
  if (text.length <= most) return text;
  // Truncate by code points, because cutting a surrogate pair would give an invalid character.
  return `${[...text.slice(0, 2 * most)].slice(0, most).join("")}…`;
}

/** A text in quotation marks, truncated and on one line. @param {string} text @param {number} [most] */
export function quoted(text, most = MOST_QUOTED) {
  return `“${cut(text.trim().replace(/\s+/g, " "), most)}”`;
}

/**
 * The first items of a list, and the number of the others.
 * @param {string[]} items @param {string} [between] @param {number} [most]
 */
export function listed(items, between = "; ", most = MOST_LISTED) {
  const more = items.length - most;
  if (more <= 0) return items.join(between);
  return `${items.slice(0, most).join(between)}${between}and ${grouped(more)} more`;
}
