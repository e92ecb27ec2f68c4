// Whether an answer is the file that the build made: its status, its type, and its SHA-256. The build puts this text
// before the service worker's too, which is a script and imports nothing.

/** @typedef {{name: string, type: string, sha256: string}} BuildFile a file of the page; `name` from the page's address on */
/** @typedef {{id: string, files: BuildFile[], onDemand: BuildFile[]}} Build `files`: all that the page needs to start; `onDemand`: large, for some visitors only */

/** Types that stand for one another, by the one that the build names. Whatever else is not a web page may be binary: hosts disagree. */
const ALIKE = /** @type {Record<string, RegExp>} */ ({
  "text/html": /^text\/html\b/i,
  "text/css": /^text\/css\b/i,
  "text/javascript": /^(text|application)\/(x-)?(java|ecma)script\b/i,
});

/** Whether the head of an answer can be the file's: whole, from this site, of its type. @param {Response} response @param {BuildFile} file */
export function looksRight(response, { type }) {
  const { status, redirected } = response;
  const found = response.headers.get("content-type") ?? "";
  return (
    status === 200 &&
    !redirected &&
    response.type !== "opaque" &&
    (ALIKE[type] ? ALIKE[type].test(found) : !/^text\/html\b/i.test(found))
  );
}

/** Whether an answer is the file; reads it to its end. @param {Response} response @param {BuildFile} file */
export async function isRight(response, file) {
  if (!looksRight(response, file)) return false;
  try {
    const bytes = await response.arrayBuffer();
    // Not on plain http: there is no service worker there either, and nothing is stored.
    if (!globalThis.crypto?.subtle) return true;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
  } catch {
    return false; // The connection broke off.
  }
}
