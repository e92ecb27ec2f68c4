// Checks whether an answer is the file that the build made, by its status, type and SHA-256. The build also prepends
// this file to the service worker, which is a plain script and cannot import it.

/**
 * @typedef {{name: string, type: string, sha256: string}} BuildFile a file of the page; `name`: its path relative to
 *   the page
 */
/**
 * @typedef {{id: string, files: BuildFile[], onDemand: BuildFile[]}} Build `files`: needed to start; `onDemand`: large
 *   files that only some visitors need
 */

/**
 * Content types that hosts use for the type that the build names. For all other types any answer but a web page is
 * accepted, because hosts disagree.
 */
const ALIKE = /** @type {Record<string, RegExp>} */ ({
  "text/html": /^text\/html\b/i,
  "text/css": /^text\/css\b/i,
  "text/javascript": /^(text|application)\/(x-)?(java|ecma)script\b/i,
});

/**
 * Whether the headers of an answer fit the file: complete, from this site, with its type.
 * @param {Response} response @param {BuildFile} file
 */
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

/** Whether an answer is the file. Reads the whole body. @param {Response} response @param {BuildFile} file */
export async function isRight(response, file) {
  if (!looksRight(response, file)) return false;
  try {
    const bytes = await response.arrayBuffer();
    // Without https there is no SHA-256, but no service worker either, so nothing is stored.
    if (!globalThis.crypto?.subtle) return true;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
  } catch {
    return false; // The connection was lost.
  }
}
