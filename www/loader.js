// Loads the files of a data set from Cache Storage, from the page's own host or from a public CDN, in this order. If
// one source fails, the next is tried; the load fails only when all have failed, and the error then says what each
// source did. This module does not know the IDX format: every chunk goes to a sink, which rejects invalid bytes.

import { LoadError, Watch, ask, each, pour } from "./download.js";
import { classFiles } from "./fashion-cdn.js";
import { dropKept, keep, takeKept } from "./kept.js";

export { LoadError, STALL_MS } from "./download.js";

/** @import { DataSetInfo, Fallback, FileInfo, Part } from "./protocol.js" */
/** @typedef {FileInfo & {url: string}} SiteFile a file and its address beside the page */
/**
 * @typedef {object} Sink
 * @property {(part: Part, bytes: Uint8Array) => void} push throws as soon as the bytes are certainly invalid
 * @property {(part: Part) => void} finish throws if the file is incomplete or its SHA-256 differs from the published
 *   one
 * @property {(part: Part) => boolean} has whether a file is already loaded and verified
 * @property {(part: Part) => void} restart discards what has arrived of a file
 * @property {(loaded: number, total: number, source: string) => void} progress called with the bytes received so far
 *   and in total
 */
/**
 * @typedef {object} Source
 * @property {string} name as the page shows it after "From"
 * @property {string} host
 * @property {(file: SiteFile) => Promise<void>} bring hands a file to the sink; throws a LoadError
 */

/** @type {Record<Part, string>} */
const NAMES = {
  "train-images": "The training images",
  "train-labels": "The training labels",
  "test-images": "The test images",
  "test-labels": "The test labels",
};

/**
 * Loads every missing file of a data set, training images first.
 * @param {DataSetInfo} info
 * @param {string} base address of the page
 * @param {Sink} sink
 * @param {AbortSignal} cancel
 */
export async function loadDataSet(info, base, sink, cancel) {
  const files = info.files.map((file) => ({ ...file, url: new URL(file.path, base).href }));
  const sources = [site(base, sink, cancel), ...(info.fallback ? [alternative(info.fallback, sink, cancel)] : [])];
  for (const file of files) {
    if (sink.has(file.part)) continue;
    sink.restart(file.part);
    if (!(await fromKept(file, sink))) await fromSources(file, sources, sink);
  }
}

/** @param {Fallback} fallback @param {Sink} sink @param {AbortSignal} cancel */
const alternative = (fallback, sink, cancel) =>
  fallback.format === "idx" ? cdn(fallback, sink, cancel) : classes(fallback, sink, cancel);

/** @param {SiteFile} file */
const cacheKey = (file) => `${file.url}?sha256=${file.sha256}`;

/** @param {SiteFile} file @param {Sink} sink */
const into = ({ part }, sink) => ({
  push: (/** @type {Uint8Array} */ bytes) => sink.push(part, bytes),
  finish: () => sink.finish(part),
});

/** @param {SiteFile} file @param {Sink} sink @returns {Promise<boolean>} */
async function fromKept(file, sink) {
  const hit = await takeKept(cacheKey(file));
  if (!hit?.body) return false;
  const total = Number(hit.headers.get("content-length"));
  let loaded = 0;
  const counted = hit.body.pipeThrough(
    each((chunk) => sink.progress((loaded += chunk.length), total, "this browser's storage")),
  );
  try {
    await pour(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (counted), file.path, into(file, sink));
    return true;
  } catch {
    await dropKept(cacheKey(file)); // The stored copy is damaged: download the file again.
    return false;
  }
}

/**
 * Loads a file from the first source that has the published version.
 * @param {SiteFile} file @param {Source[]} sources @param {Sink} sink
 */
async function fromSources(file, sources, sink) {
  /** @type {{source: Source, error: LoadError}[]} */
  const failures = [];
  for (const source of [...sources]) {
    sink.restart(file.part);
    try {
      return await source.bring(file);
    } catch (error) {
      if (!(error instanceof LoadError) || error.kind === "cancelled") throw error;
      failures.push({ source, error });
      // A source that timed out moves to the end of the list, so that the next files do not wait for it first.
      if (error.kind === "timeout") sources.push(...sources.splice(sources.indexOf(source), 1));
    }
  }
  throw allFailed(file, failures);
}

/** @param {SiteFile} file @param {{source: Source, error: LoadError}[]} failures */
function allFailed(file, failures) {
  if (failures.every(({ error }) => error.kind === "offline")) return failures[0].error;
  const reasons = failures.map(({ source, error }) => `From ${source.name} (${source.host}): ${error.message}`);
  const connection = failures.some(({ error }) => ["network", "timeout", "offline"].includes(error.kind));
  const advice = connection ? "Check the connection and try again." : "Try again later.";
  return new LoadError(
    failures[0].error.kind,
    `${NAMES[file.part]} could not be loaded. ${reasons.join(" ")} ${advice}`,
  );
}

/**
 * The source for the files beside the page, on its own host.
 * @param {string} base @param {Sink} sink @param {AbortSignal} cancel @returns {Source}
 */
function site(base, sink, cancel) {
  const name = "this site";
  return { name, host: new URL(base).host, bring: (file) => stream(file, file.url, name, sink, cancel) };
}

/**
 * The public CDN as a source, for data sets whose four IDX files are published there, under the names that the CDN
 * uses.
 * @param {Fallback} fallback @param {Sink} sink @param {AbortSignal} cancel @returns {Source}
 */
function cdn(fallback, sink, cancel) {
  const name = "a public CDN";
  const urlOf = (/** @type {SiteFile} */ file) =>
    fallback.base +
    file.path
      .split("/")
      .at(-1)
      ?.replace(/\.gzip$/, "");
  return { name, host: new URL(fallback.base).host, bring: (file) => stream(file, urlOf(file), name, sink, cancel) };
}

/**
 * The public CDN as a source, for data sets that are published as JSON, one file per class; the files are converted to
 * IDX.
 * @param {Fallback} fallback @param {Sink} sink @param {AbortSignal} cancel @returns {Source}
 */
function classes(fallback, sink, cancel) {
  const name = "a public CDN";
  const host = new URL(fallback.base).host;
  const converted = classFiles(fallback.base, cancel, (loaded, total) => sink.progress(loaded, total, name));
  return {
    name,
    host,
    async bring(file) {
      const bytes = (await converted())[file.part];
      const whole = new Response(bytes).body;
      if (whole)
        await pour(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (whole), file.path, into(file, sink));
      await keep(cacheKey(file), [bytes]);
    },
  };
}

/**
 * Downloads one file, passes it to the sink as it arrives, and stores it for the next visit once it is verified.
 * @param {SiteFile} file @param {string} url @param {string} source @param {Sink} sink @param {AbortSignal} cancel
 */
async function stream(file, url, source, sink, cancel) {
  const watch = new Watch(cancel);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const kept = [];
  try {
    const { response, body } = await ask(url, watch);
    // If the host compresses in transit, Content-Length is the compressed length, so the published length is used.
    const total = response.headers.has("content-encoding")
      ? file.bytes
      : Number(response.headers.get("content-length")) || file.bytes;
    let loaded = 0;
    const counted = body.pipeThrough(
      each((chunk) => {
        kept.push(chunk);
        sink.progress((loaded += chunk.length), total, source);
      }),
    );
    await pour(counted, file.path, into(file, sink));
  } catch (error) {
    throw watch.explain(error, new URL(url).host);
  } finally {
    watch.done();
  }
  await keep(cacheKey(file), kept);
}
