// The first images of a data set, which show what it is before it has been loaded.

/** @import { DataSetInfo } from "../protocol.js" */

/** Number of images in a preview. */
export const PREVIEWS = 12;

/** The previews that were asked for, by data set. @type {Map<string, Promise<Uint8Array | null>>} */
const asked = new Map();

/**
 * The first images of a data set, one byte a value: from the catalog if they are drawn by code, otherwise from a small file
 * that the build makes. Null if the file does not come.
 * @param {DataSetInfo} info
 */
export function previewOf(info) {
  const known = asked.get(info.id);
  if (known) return known;
  const found = read(info);
  asked.set(info.id, found);
  return found;
}

/** @param {DataSetInfo} info */
async function read({ id, preview, shape: { channels, height, width } }) {
  const pixels = preview.length > 0 ? Uint8Array.from(preview) : await fetchPreview(id);
  // Another length: the answer is not the preview, but a Git LFS pointer or an error page.
  if (pixels.length === PREVIEWS * channels * height * width) return pixels;
  asked.delete(id);
  return null;
}

/** @param {string} set */
async function fetchPreview(set) {
  const response = await fetch(new URL(`data/${set}/preview.bin`, document.baseURI)).catch(() => null);
  if (!response?.ok || response.headers.get("content-type")?.startsWith("text/html")) return new Uint8Array(0);
  return new Uint8Array(await response.arrayBuffer().catch(() => new ArrayBuffer(0)));
}
