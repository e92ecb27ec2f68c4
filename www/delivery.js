// Why a file of the page could not be had: no network, no server, another version of the page, or a wrong answer. For
// the page, when its worker does not start, and for the worker, when a file that it fetches later fails.

import { isRight, looksRight } from "./authentic.js";

/** @import { Build, BuildFile } from "./authentic.js" */
/**
 * `offline`: this device is; `unreachable`: the server is; `refused`: it answers with an error; `intercepted`: something answers in its
 * place; `updated`: it has another version of the page; `broken`: files of this version arrive wrong; `intact`: all of them arrive right.
 * @typedef {"offline" | "unreachable" | "refused" | "intercepted" | "updated" | "broken" | "intact"} Cause
 */
/** @typedef {{cause: Cause, host: string, detail: string}} Finding `detail`: the error, or what arrives wrong */

/** A server that has not begun to answer by then is not there. */
const PATIENCE_MS = 10_000;

/** What this script is called in the build; undefined where nothing is built. */
const OWN = new URL(import.meta.url).pathname.match(/\/(assets\/[^/]+)$/)?.[1];

/** What every cache of the page's files is called, whichever version made it (service-worker.js). */
const CACHES = "counterfeit-page-";

/**
 * Asks the server for this page and its files, past every cache. Wrong copies of them that the browser has stored are gone afterwards.
 * @param {string} base address of the page @param {boolean} [large] whether the files that only some visitors need count
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

/** In words. @param {Finding} finding */
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

/** Whether a page is this one in any version, and not the login page of some network. @param {string} html */
export const isOurs = (html) => /<title>Counterfeit\b/.test(html) && /<script\b[^>]*\bsrc=/.test(html);

/**
 * Whether the server has another version of the page than the one that asks.
 * @param {string | undefined} own a script of this version @param {string} html the server's page @param {Build | null} build its list of files
 */
export function isUpdated(own, html, build) {
  if (!own) return false;
  if (build) return ![...build.files, ...build.onDemand].some(({ name }) => name === own);
  // An older version has no list. Its page names its main script, though not the worker's.
  return typeof document === "object" && !html.includes(own);
}

/** The list that the build wrote (scripts/offline.mjs). @param {string} base @returns {Promise<Build | null>} */
async function publishedBuild(base) {
  const response = await fresh(new URL("build.json", base));
  const build = response?.ok ? await response.json().catch(() => null) : null;
  return Array.isArray(build?.files) && Array.isArray(build.onDemand) ? build : null;
}

/** What the server sends wrong. @param {string} base @param {Build} build @param {boolean} large @returns {Promise<string[]>} */
async function wrongFiles(base, { files, onDemand }, large) {
  const scripts = files.filter(({ name }) => name !== "index.html");
  const all = [...scripts, ...(large ? onDemand : [])];
  const wrong = await Promise.all(
    all.map(async (file) => {
      const address = new URL(file.name, base).href;
      await dropWrong(address, file);
      const response = await fresh(address, "reload");
      // Of a large one the head is enough to know.
      const right =
        response && (onDemand.includes(file) ? looksRight(response, file) : await isRight(response.clone(), file));
      if (onDemand.includes(file)) response?.body?.cancel().catch(() => {});
      return right ? [] : [`${file.name} (${sent(response, file)})`];
    }),
  );
  return wrong.flat();
}

/** What came instead. @param {Response | null} response @param {BuildFile} file */
function sent(response, file) {
  if (!response) return "cannot be reached";
  if (!response.ok) return `error ${response.status}`;
  return looksRight(response, file)
    ? "altered or cut off"
    : `sent as ${response.headers.get("content-type") ?? "nothing known"}`;
}

/** Takes a wrong copy from the page's caches, whoever stored it. @param {string} address @param {BuildFile} file */
async function dropWrong(address, file) {
  try {
    for (const name of await caches.keys()) {
      if (!name.startsWith(CACHES)) continue;
      const cache = await caches.open(name);
      const stored = await cache.match(address);
      if (stored && !(await isRight(stored, file))) await cache.delete(address);
    }
  } catch {
    // No storage, nothing wrong in it.
  }
}

/** Calls once, when the network is back. @param {() => void} call */
export function whenOnline(call) {
  globalThis.addEventListener?.("online", call, { once: true });
}
