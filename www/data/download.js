// One download: aborted when it stalls, identified by its first bytes, decompressed, and passed on as it arrives. Every
// failure becomes a LoadError that describes this source; loader.js chooses the next source.

/** Time without data, in milliseconds, after which a download is aborted. */
export const STALL_MS = 20_000;
/** Bytes that identify a format: gzip needs 2, IDX 4 and a Git LFS pointer 16. Chunks may be smaller. */
const ENOUGH_BYTES = 16;

/** A failed download. The message is for the user, `kind` for programs. */
export class LoadError extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** An error in our own code, not in the source: another source would fail in the same way. */
class Defect extends Error {}

/** Aborts a download after STALL_MS without data, or when the user cancels. */
export class Watch {
  #controller = new AbortController();
  #cancel;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stalled = false;
  /** Whether any data has arrived. */
  #begun = false;

  /** @param {AbortSignal} cancel */
  constructor(cancel) {
    this.#cancel = cancel;
    cancel.addEventListener("abort", () => this.#controller.abort(), { once: true, signal: this.#controller.signal });
    if (cancel.aborted) this.#controller.abort();
    this.#wind();
  }

  get signal() {
    return this.#controller.signal;
  }

  /** Restarts the stall timer, because data has arrived. */
  alive() {
    this.#begun = true;
    this.#wind();
  }

  #wind() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#stalled = true;
      this.#controller.abort();
    }, STALL_MS);
  }

  /** Ends the download: aborts the request if it is still running. */
  done() {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /**
   * Translates an aborted or failed fetch into a LoadError.
   * @param {unknown} error @param {string} where @returns {LoadError}
   */
  explain(error, where) {
    if (this.#cancel.aborted) return new LoadError("cancelled", "The download was cancelled.");
    if (error instanceof Defect) throw error.cause;
    if (error instanceof LoadError) return error;
    if (this.#stalled) return new LoadError("timeout", `${where} has sent nothing for ${STALL_MS / 1000} seconds.`);
    if (!navigator.onLine)
      return new LoadError(
        "offline",
        "This device is offline and the data is not stored here yet. It is fetched once the connection is back.",
      );
    if (this.#begun) return new LoadError("network", `The connection to ${where} broke off in the middle of the file.`);
    return new LoadError("network", `${where} could not be reached.`);
  }
}

/**
 * Requests an address, and rejects every answer that cannot be the file.
 * @param {string} url @param {Watch} watch @param {RequestCache} [cache]
 * @returns {Promise<{response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>}>} every chunk of the body
 *   restarts the stall timer
 */
export async function ask(url, watch, cache = "default") {
  const response = await fetch(url, { signal: watch.signal, cache });
  const where = new URL(url).host;
  if (response.status === 404) throw new LoadError("not-found", `${where} does not have it (error 404).`);
  if (response.status !== 200) throw new LoadError("http", `${where} answered with error ${response.status}.`);
  // Hosts of single-page sites answer requests for missing files with their start page, and captive portals answer
  // every request with their login page.
  if (response.headers.get("content-type")?.startsWith("text/html"))
    throw new LoadError("not-found", `${where} sent a web page instead of the file.`);
  if (!response.body) throw new LoadError("network", `${where} sent an empty answer.`);
  return { response, body: response.body.pipeThrough(each(() => watch.alive())) };
}

/**
 * A stream that passes chunks on unchanged and calls a function with each.
 * @param {(chunk: Uint8Array<ArrayBuffer>) => void} call
 * @returns {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>}
 */
export function each(call) {
  return new TransformStream({
    transform(chunk, controller) {
      call(chunk);
      controller.enqueue(chunk);
    },
  });
}

/**
 * @typedef {{push: (bytes: Uint8Array) => void, finish: () => void}} FileSink both throw an error with a `kind` if the
 *   bytes are invalid
 */

/**
 * Calls the core with downloaded bytes. An error with a `kind` means that the core rejected the bytes; every other
 * error is a Defect.
 * @template T @param {() => T} call @returns {T}
 */
export function handing(call) {
  try {
    return call();
  } catch (error) {
    const { kind, message } = /** @type {{kind?: unknown, message?: string}} */ (error ?? {});
    if (typeof kind !== "string") throw new Defect("", { cause: error });
    throw new LoadError(kind, String(message));
  }
}

/**
 * Pipes a stream into the sink, through the decompressor if it is compressed.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @param {string} name of the file @param {FileSink} sink
 */
export async function pour(body, name, sink) {
  const source = { failed: false };
  const [first, rest] = await peek(body, source);
  const form = formOf(first, name);
  const reader = (form === "gzip" ? rest.pipeThrough(new DecompressionStream("gzip")) : rest).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      // The network did not fail, so the file itself is damaged.
      if (form === "gzip" && !source.failed)
        throw new LoadError("damaged", "The compressed file is damaged or was cut off on the way.");
      throw error;
    });
    if (done) break;
    handing(() => sink.push(value));
  }
  handing(() => sink.finish());
}

/**
 * Detects the format: gzip begins with 1f 8b, IDX with 00 00 08 (a server may have decompressed it already).
 * @param {Uint8Array} first @param {string} name
 */
function formOf(first, name) {
  if (first[0] === 0x1f && first[1] === 0x8b) return "gzip";
  if (first.length === 0 || (first[0] === 0 && (first[1] ?? 0) === 0)) return "idx";
  if (String.fromCharCode(...first.subarray(0, 16)) === "version https://") {
    throw new LoadError(
      "not-gzip",
      `What arrived as ${name} is a Git LFS pointer: the site was published without its large files.`,
    );
  }
  throw new LoadError(
    "not-gzip",
    `What arrived as ${name} is neither compressed (gzip) nor an MNIST file. The server sent something else.`,
  );
}

/**
 * Reads the first ENOUGH_BYTES bytes. Returns them, and a stream that still contains them.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @param {{failed: boolean}} source `failed` is set if the stream itself fails
 * @returns {Promise<[Uint8Array<ArrayBuffer>, ReadableStream<Uint8Array<ArrayBuffer>>]>}
 */
async function peek(stream, source) {
  const reader = stream.getReader();
  const next = () =>
    reader.read().catch((error) => {
      source.failed = true;
      throw error;
    });
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const begin = [];
  let length = 0;
  while (length < ENOUGH_BYTES) {
    const { done, value } = await next();
    if (done) break;
    begin.push(value);
    length += value.length;
  }
  const rest = new ReadableStream({
    start: (controller) => begin.forEach((chunk) => controller.enqueue(chunk)),
    async pull(controller) {
      const { done, value } = await next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return [new Uint8Array(await new Blob(begin).arrayBuffer()), rest];
}
