// Finds the position of the first error in a JSON text, because browsers report it differently or not at all. A scanner
// of RFC 8259 without recursion, since brackets may be nested a million levels deep.

/**
 * @typedef {"value" | "first" | "key" | "firstKey" | "colon" | "next" | "end"} State the expected token; `first`: a
 *   value or the end of an empty list
 */

const TOKEN =
  /[[\]{}:,]|"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Index of the first character that is invalid in its place; the text's length if the text ends too early, -1 if it is
 * valid JSON.
 * @param {string} text
 */
export function jsonErrorAt(text) {
  /** Open brackets, `[` or `{`. @type {string[]} */
  const open = [];
  /** @type {State} */
  let state = "value";
  for (let at = 0; ; ) {
    at = endOf(SPACE, text, at);
    if (at === text.length) return state === "end" ? -1 : at;
    const end = endOf(TOKEN, text, at);
    /** @type {State | null} */
    const next = end < 0 ? null : after(state, text[at], open);
    if (next === null) return at;
    state = next;
    at = end;
  }
}

/**
 * End of a match that begins at `at`; -1 if there is none.
 * @param {RegExp} sticky @param {string} text @param {number} at
 */
function endOf(sticky, text, at) {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}

/**
 * The state after a token, which its first character identifies; null if the token is invalid in this state.
 * @param {State} state @param {string} token @param {string[]} open @returns {State | null}
 */
function after(state, token, open) {
  const done = () => (open.length === 0 ? "end" : "next");
  const inside = open.at(-1);
  if (state === "colon") return token === ":" ? "value" : null;
  if (state === "next" && token === ",") return inside === "[" ? "value" : "key";
  if ((state === "next" || state === "first" || state === "firstKey") && token === (inside === "[" ? "]" : "}")) {
    open.pop();
    return done();
  }
  if (state === "key" || state === "firstKey") return token === '"' ? "colon" : null;
  if (state === "next" || state === "end" || "]}:,".includes(token)) return null;
  if (token !== "[" && token !== "{") return done();
  open.push(token);
  return token === "[" ? "first" : "firstKey";
}
