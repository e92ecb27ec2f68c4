// Brings a data set's files: from Cache Storage, from beside the page, or from a public CDN. Whatever is wrong with one
// source, the next is tried; only when none is left does a load fail, and then it says what each of them did. Knows
// nothing of IDX: each chunk goes to a sink, which refuses what is not right.

import { LoadError, Watch, ask, each, pour } from "./download.js";
import { classFiles } from "./fashion-cdn.js";
import { dropKept, keep, takeKept } from "./kept.js";

export { LoadError, STALL_MS } from "./download.js";

/** @import { DataSetInfo, FileInfo, Part } from "./protocol.js" */
/** @typedef {FileInfo & {url: string}} SiteFile a file and its address beside the page */
/**
 * @typedef {object} Sink
 * @property {(part: Part, bytes: Uint8Array) => void} push throws when the bytes cannot be right
 * @property {(part: Part) => void} finish throws when the file is not whole or not the published one
 * @property {(part: Part) => boolean} has whether a file is here already, found right
 * @property {(part: Part) => void} restart forgets a file
 * @property {(loaded: number, total: number, source: string) => void} progress bytes as they come over the network
 */
/**
 * @typedef {object} Source
 * @property {string} name as it stands after "From"
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
 * Loads every file of a set that is missing, training images first.
 * @param {DataSetInfo} info
 * @param {string} base address of the page
 * @param {Sink} sink
 * @param {AbortSignal} cancel
 */
export async function loadDataSet(info, base, sink, cancel) {
  const files = info.files.map((file) => ({ ...file, url: new URL(file.path, base).href }));
  const sources = [
    site(base, sink, cancel),
    info.fallback.format === "idx" ? cdn(info, sink, cancel) : classes(info, sink, cancel),
  ];
  for (const file of files) {
    if (sink.has(file.part)) continue;
    sink.restart(file.part);
    if (!(await fromKept(file, sink))) await fromSources(file, sources, sink);
  }
}

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
    await dropKept(cacheKey(file)); // Damaged on disk: fetch it again.
    return false;
  }
}

/** The first source that has the file as it was published. @param {SiteFile} file @param {Source[]} sources @param {Sink} sink */
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
      // The files that follow need not wait as long for it again.
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

/** The files beside the page. @param {string} base @param {Sink} sink @param {AbortSignal} cancel @returns {Source} */
function site(base, sink, cancel) {
  const name = "this site";
  return { name, host: new URL(base).host, bring: (file) => stream(file, file.url, name, sink, cancel) };
}

/** The four files on a public CDN, under their own names. @param {DataSetInfo} info @param {Sink} sink @param {AbortSignal} cancel @returns {Source} */
function cdn({ fallback }, sink, cancel) {
  const name = "a public CDN";
  const urlOf = (/** @type {SiteFile} */ file) =>
    fallback.base +
    file.path
      .split("/")
      .at(-1)
      ?.replace(/\.gzip$/, "");
  return { name, host: new URL(fallback.base).host, bring: (file) => stream(file, urlOf(file), name, sink, cancel) };
}

/** Files of another form on a public CDN, converted. @param {DataSetInfo} info @param {Sink} sink @param {AbortSignal} cancel @returns {Source} */
function classes({ fallback }, sink, cancel) {
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
 * Fetches one file, hands it to the sink as it arrives, and keeps it for the next visit once it has proved right.
 * @param {SiteFile} file @param {string} url @param {string} source @param {Sink} sink @param {AbortSignal} cancel
 */
async function stream(file, url, source, sink, cancel) {
  const watch = new Watch(cancel);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const kept = [];
  try {
    const { response, body } = await ask(url, watch);
    // A host that compresses in transit tells the length of something else.
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
