// Where a text stops being JSON. Browsers say it each in their own words, or not at all, so that it is found here: a
// scan by RFC 8259, without recursion, since brackets can be nested a million deep.

/** @typedef {"value" | "first" | "key" | "firstKey" | "colon" | "next" | "end"} State what may come; `first`: or the end of an empty list */

const TOKEN =
  /[[\]{}:,]|"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Index of the first character that JSON does not allow where it stands; the text's length if it ends too early, -1 if it is JSON.
 * @param {string} text
 */
export function jsonErrorAt(text) {
  /** What is open, `[` or `{`. @type {string[]} */
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

/** Where a match that begins at `at` ends; -1 if there is none. @param {RegExp} sticky @param {string} text @param {number} at */
function endOf(sticky, text, at) {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}

/** What may come after a token, which its first character tells; null if it may not stand there. @param {State} state @param {string} token @param {string[]} open @returns {State | null} */
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
