// Reads docs/glossary.md, which the page shows as its glossary. Its structure is fixed: a heading per term, followed by
// paragraphs, at most one line “Formula: `...`”, and one line “Source: ...”.

/** @typedef {{term: string, text: string[], formula: string, source: string}} Entry `text` in paragraphs; `formula` may be empty */

const FORMULA = /^Formula: `(.+)`$/;
const SOURCE = /^Source: (.+)$/;

/** The terms in their order in the file. @param {string} markdown @returns {Entry[]} */
export function parseGlossary(markdown) {
  const [, ...sections] = markdown.replaceAll("\r\n", "\n").split(/^## /m);
  return sections.map((section) => {
    const [term, ...blocks] = section
      .split(/\n\s*\n/)
      .map((block) => block.replaceAll("\n", " ").trim())
      .filter(Boolean);
    const one = (/** @type {RegExp} */ pattern) => blocks.map((block) => pattern.exec(block)?.[1]).find(Boolean) ?? "";
    return {
      term,
      text: blocks.filter((b) => !FORMULA.test(b) && !SOURCE.test(b)),
      formula: one(FORMULA),
      source: one(SOURCE),
    };
  });
}

/** A term's name without what is in parentheses. @param {string} term */
const plain = (term) => term.replace(/ \(.*\)$/, "").toLowerCase();

/** The entry of a term, whatever its case. @param {Entry[]} entries @param {string} name */
export const entryOf = (entries, name) => entries.find(({ term }) => plain(term) === plain(name));
