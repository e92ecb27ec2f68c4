// One download: watched for a stall, recognised by its first bytes, unpacked, and handed on as it arrives. Whatever
// goes wrong becomes a LoadError that says what this one source did; loader.js knows which other source is left.

/** A server that sends nothing for this long is given up. */
export const STALL_MS = 20_000;
/** Enough to tell gzip (2 bytes), IDX (4) and a Git LFS pointer (16) apart, however small the chunks are. */
const ENOUGH_BYTES = 16;

/** A failed download, in words for the user. `kind` is for programs. */
export class LoadError extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** A defect of ours on the way, not of the source: no other source would do better. */
class Defect extends Error {}

/** Aborts when nothing has happened for a while, or when the user cancels. */
export class Watch {
  #controller = new AbortController();
  #cancel;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stalled = false;
  /** Something has arrived. */
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

  /** Something has arrived. */
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

  /** Whatever still comes is not wanted. */
  done() {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /** What an aborted or failed fetch means. @param {unknown} error @param {string} where @returns {LoadError} */
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
 * Fetches an address; refuses every answer that cannot be the file.
 * @param {string} url @param {Watch} watch @param {RequestCache} [cache] @returns {Promise<{response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>}>} its body keeps the watch alive
 */
export async function ask(url, watch, cache = "default") {
  const response = await fetch(url, { signal: watch.signal, cache });
  const where = new URL(url).host;
  if (response.status === 404) throw new LoadError("not-found", `${where} does not have it (error 404).`);
  if (response.status !== 200) throw new LoadError("http", `${where} answered with error ${response.status}.`);
  // Hosts for single-page sites answer a missing file with their start page, and captive portals every file with their
  // own.
  if (response.headers.get("content-type")?.startsWith("text/html"))
    throw new LoadError("not-found", `${where} sent a web page instead of the file.`);
  if (!response.body) throw new LoadError("network", `${where} sent an empty answer.`);
  return { response, body: response.body.pipeThrough(each(() => watch.alive())) };
}

/** Calls with every chunk that passes. @param {(chunk: Uint8Array<ArrayBuffer>) => void} call @returns {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} */
export function each(call) {
  return new TransformStream({
    transform(chunk, controller) {
      call(chunk);
      controller.enqueue(chunk);
    },
  });
}

/** @typedef {{push: (bytes: Uint8Array) => void, finish: () => void}} FileSink both throw an error with a `kind` when the bytes cannot be right */

/** Hands bytes to the core: what it refuses has a `kind`; anything else is a defect of ours. @template T @param {() => T} call @returns {T} */
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
 * Sends a stream through the decompressor, if it is compressed, into the sink.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @param {string} name of the file @param {FileSink} sink
 */
export async function pour(body, name, sink) {
  const source = { failed: false };
  const [first, rest] = await peek(body, source);
  const form = formOf(first, name);
  const reader = (form === "gzip" ? rest.pipeThrough(new DecompressionStream("gzip")) : rest).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      // What the network did not cause, the file did.
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
 * gzip begins 1f 8b; IDX begins 00 00 08 (servers may have decompressed it already).
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
 * The first bytes, and a stream that still begins with them.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream @param {{failed: boolean}} source told when the stream itself breaks
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
