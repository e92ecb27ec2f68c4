// Finds out why a file of the page did not arrive: no network, no server, another version of the page, or a wrong
// answer. Used by the page when the worker does not start, and by the worker when a later download fails.

import { isRight, looksRight } from "./authentic.js";

/** @import { Build, BuildFile } from "./authentic.js" */
/**
 * `offline`: this device has no network; `unreachable`: the server does not answer; `refused`: the server answers with
 * an error; `intercepted`: a proxy or login page answers in its place; `updated`: the server has another version of the
 * page; `broken`: files of this version arrive damaged; `intact`: all files arrive as built.
 * @typedef {"offline" | "unreachable" | "refused" | "intercepted" | "updated" | "broken" | "intact"} Cause
 */
/**
 * @typedef {{cause: Cause, host: string, detail: string}} Finding `detail`: the error, or the files that arrive damaged
 */

/** Time in milliseconds after which a server without an answer counts as unreachable. */
const PATIENCE_MS = 10_000;

/** Name of this script in the built page; undefined when the page is served without a build. */
const OWN = new URL(import.meta.url).pathname.match(/\/(assets\/[^/]+)$/)?.[1];

/** Prefix of every cache of the page's files, whichever version created it (service-worker.js). */
const CACHES = "counterfeit-page-";

/**
 * Requests the page and its files from the server, bypassing every cache, and returns why one did not arrive. Removes
 * damaged copies that the browser has cached.
 * @param {string} base address of the page @param {boolean} [large] whether to check the files on demand too
 * @returns {Promise<Finding>}
 */
export async function whyMissing(base, large = false) {
  const { host } = new URL(base);
  const page = await fresh(base);
  if (!page) return { cause: navigator.onLine ? "unreachable" : "offline", host, detail: "" };
  if (!page.ok) return { cause: "refused", host, detail: `error ${page.status}` };
  const text = await page.text().catch(() => "");
  if (!isOurs(text)) return { cause: "intercepted", host, detail: "" };
  const build = await publishedBuild(base);
  if (isUpdated(OWN, text, build)) return { cause: "updated", host, detail: "" };
  const wrong = build ? await wrongFiles(base, build, large) : [];
  return { cause: wrong.length > 0 ? "broken" : "intact", host, detail: wrong.join(", ") };
}

/** Describes a finding in words. @param {Finding} finding */
export function reason({ cause, host, detail }) {
  switch (cause) {
    case "offline":
      return "This device is offline.";
    case "unreachable":
      return `${host}, where this page came from, cannot be reached.`;
    case "refused":
      return `${host}, where this page came from, answers with ${detail}.`;
    case "intercepted":
      return `Something answers in the place of ${host}, perhaps the login page of this network.`;
    case "updated":
      return "This page was updated: the files of the version in this tab are gone from its server.";
    case "broken":
      return `${host} does not send the page as it was built: ${detail}.`;
    case "intact":
      return "";
  }
}

/** @param {string | URL} url @param {RequestCache} [cache] */
const fresh = (url, cache = "no-store") =>
  fetch(url, { cache, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);

/**
 * Whether an HTML page is some version of Counterfeit, and not, for example, the login page of a network.
 * @param {string} html
 */
export const isOurs = (html) => /<title>Counterfeit\b/.test(html) && /<script\b[^>]*\bsrc=/.test(html);

/**
 * Whether the server has another version of the page than the one that is running.
 * @param {string | undefined} own a script of this version @param {string} html the server's page
 * @param {Build | null} build its list of files
 */
export function isUpdated(own, html, build) {
  if (!own) return false;
  if (build) return ![...build.files, ...build.onDemand].some(({ name }) => name === own);
  // Versions before the list existed are recognised by their page: it names the main script, but not the worker's.
  return typeof document === "object" && !html.includes(own);
}

/**
 * The list of files that the build wrote (scripts/offline.mjs).
 * @param {string} base @returns {Promise<Build | null>}
 */
async function publishedBuild(base) {
  const response = await fresh(new URL("build.json", base));
  const build = response?.ok ? await response.json().catch(() => null) : null;
  return Array.isArray(build?.files) && Array.isArray(build.onDemand) ? build : null;
}

/**
 * Names of the files that the server sends damaged.
 * @param {string} base @param {Build} build @param {boolean} large @returns {Promise<string[]>}
 */
async function wrongFiles(base, { files, onDemand }, large) {
  const scripts = files.filter(({ name }) => name !== "index.html");
  const all = [...scripts, ...(large ? onDemand : [])];
  const wrong = await Promise.all(
    all.map(async (file) => {
      const address = new URL(file.name, base).href;
      await dropWrong(address, file);
      const response = await fresh(address, "reload");
      // Of a large file only the headers are checked.
      const right =
        response && (onDemand.includes(file) ? looksRight(response, file) : await isRight(response.clone(), file));
      if (onDemand.includes(file)) response?.body?.cancel().catch(() => {});
      return right ? [] : [`${file.name} (${sent(response, file)})`];
    }),
  );
  return wrong.flat();
}

/** Describes what arrived in place of a file. @param {Response | null} response @param {BuildFile} file */
function sent(response, file) {
  if (!response) return "cannot be reached";
  if (!response.ok) return `error ${response.status}`;
  return looksRight(response, file)
    ? "altered or cut off"
    : `sent as ${response.headers.get("content-type") ?? "nothing known"}`;
}

/** Deletes a damaged copy of a file from all caches of the page. @param {string} address @param {BuildFile} file */
async function dropWrong(address, file) {
  try {
    for (const name of await caches.keys()) {
      if (!name.startsWith(CACHES)) continue;
      const cache = await caches.open(name);
      const stored = await cache.match(address);
      if (stored && !(await isRight(stored, file))) await cache.delete(address);
    }
  } catch {
    // Without storage there is no damaged copy.
  }
}

/** Calls a function once, when the network is available again. @param {() => void} call */
export function whenOnline(call) {
  globalThis.addEventListener?.("online", call, { once: true });
}
