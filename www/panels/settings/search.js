// Finds settings by words: of the label, the key, the options and the help.

/** @import { Field } from "../../protocol.js" */

/** Words of fewer letters must be whole words: "k" is not every word that has one. */
const SHORT = 3;

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);

/** Whether every word of a query is in a text. @param {string[]} query @param {string} text */
function has(query, text) {
  const words = wordsOf(text);
  return query.every((q) => words.some((word) => (q.length < SHORT ? word === q : word.includes(q))));
}

/**
 * How well a field answers a query: 0 by its label, 1 by its key or options, 2 by its help; null if it does not.
 * @param {Field} field @param {string} query @param {string} part the title of its section
 */
export function matchOf({ key, label, help, values }, query, part = "") {
  const asked = wordsOf(query).filter(Boolean);
  if (asked.length === 0) return null;
  const options = values.type === "choice" ? values.options.map((o) => `${o.value} ${o.label}`).join(" ") : "";
  const texts = [
    `${label} ${part}`,
    `${label} ${part} ${key} ${options}`,
    `${label} ${part} ${key} ${options} ${help}`,
  ];
  const rank = texts.findIndex((text) => has(asked, text));
  return rank < 0 ? null : rank;
}
