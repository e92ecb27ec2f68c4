// What a server may do instead of answering with a file: for `site.faults` (site.js), and for what a test answers in
// place of the CDN.

/** @import { Fault } from "./site.js" */

/** @param {number} code @returns {Fault} */
export const status = (code) => (response) => {
  response.writeHead(code).end();
};

/** Under any name a web page, as captive portals and hosts of single-page sites send it. @param {Record<string, string>} [headers] @returns {Fault} */
export const html =
  (headers = {}) =>
  (response) => {
    response
      .writeHead(200, { "content-type": "text/html", ...headers })
      .end("<!doctype html><title>Welcome</title><p>Accept our terms to go on.");
  };

/** @param {Uint8Array | string} bytes @param {string} [type] @returns {Fault} */
export const bytes =
  (bytes, type = "application/octet-stream") =>
  (response) => {
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(bytes) }).end(bytes);
  };

/** The connection ends before an answer. @type {Fault} */
export const reset = (response) => {
  response.socket?.destroy();
};

/** Nothing ever comes. @type {Fault} */
export const silence = () => {};

/** The connection ends in the middle. @param {Uint8Array} whole @param {number} at @param {string} [type] @returns {Fault} */
export const cut =
  (whole, at, type = "application/octet-stream") =>
  (response) => {
    response.writeHead(200, { "content-type": type, "content-length": whole.length });
    response.write(whole.subarray(0, at), () => response.socket?.destroy());
  };

/** The file in pieces: the first bytes one by one, each alone on its way, then the rest. @param {Uint8Array} whole @param {number} [alone] @returns {Fault} */
export const firstBytesAlone =
  (whole, alone = 1) =>
  async (response) => {
    response.socket?.setNoDelay();
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": whole.length });
    for (let i = 0; i < alone; i++) {
      response.write(whole.subarray(i, i + 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    response.end(whole.subarray(alone));
  };

/** What lies in a repository whose large files were not fetched. @type {Fault} */
export const lfsPointer = bytes(
  "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 9912422\n",
  "text/plain",
);
