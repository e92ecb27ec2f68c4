// A folder of PNG files as the four IDX files of a data set: see `SETS` in data.mjs.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { convertIndexedToRgb, decode } from "fast-png";

/** One image of so many is for testing. */
const TEST_EVERY = 6;

/**
 * The values of a PNG of 8 bits a channel, channel by channel; transparency is left out, a palette is looked up.
 * @param {Uint8Array} file @returns {{shape: number[], values: Uint8Array}} `shape`: channels, height, width
 */
export function decodePng(file) {
  const png = decode(file);
  if (png.depth !== 8) throw new Error("Save the PNG with 8 bits a channel.");
  const { width, height } = png;
  const data = png.palette ? convertIndexedToRgb(png) : png.data;
  // Grey, grey with alpha, RGB, RGBA.
  const depth = data.length / (width * height);
  const channels = depth < 3 ? 1 : 3;
  const values = Uint8Array.from(
    { length: channels * height * width },
    (_, i) => data[(i % (width * height)) * depth + Math.floor(i / (width * height))],
  );
  return { shape: [channels, height, width], values };
}

/** An IDX file. @param {number[]} dims @param {Uint8Array[]} entries */
function idx(dims, entries) {
  const header = Buffer.from([0, 0, 8, dims.length, ...dims.flatMap((d) => [d >>> 24, d >>> 16, d >>> 8, d])]);
  return new Uint8Array(Buffer.concat([header, ...entries]));
}

/**
 * The images in an order in which every class is spread evenly over the list. The order matters: batches of the first
 * epoch are drawn at random from blocks of 5,000 images in the order of the file (crates/data/src/sampler.rs), and a
 * run on fewer images takes the first. Sorted by class, a run would begin with one class alone.
 * @template {{label: number}} T @param {T[]} images @returns {T[]}
 */
function spread(images) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  const ranked = images.map((image) => {
    const rank = counts.get(image.label) ?? 0;
    counts.set(image.label, rank + 1);
    return { image, rank };
  });
  const place = (/** @type {typeof ranked[0]} */ { image, rank }) => (rank + 0.5) / (counts.get(image.label) ?? 1);
  return ranked.sort((a, b) => place(a) - place(b)).map(({ image }) => image);
}

/**
 * The files of a data set from PNG files of one size: each folder inside is a class, or all are in `folder` and have
 * none. Every sixth image of a class is for testing. Classes alternate in the files.
 * @param {string} folder @returns {Record<string, Uint8Array>}
 */
export function idxOfFolder(folder) {
  const names = readdirSync(folder, { withFileTypes: true });
  const classes = names.filter((name) => name.isDirectory()).map(({ name }) => join(folder, name));
  const found = (classes.length > 0 ? classes : [folder]).sort().flatMap((from, label) =>
    readdirSync(from)
      .filter((name) => /\.png$/i.test(name))
      .sort()
      .map((name, i) => ({ ...decodePng(readFileSync(join(from, name))), name, label, test: i % TEST_EVERY === 0 })),
  );
  const { shape } = found[0] ?? {};
  if (!shape) throw new Error(`${folder} has no PNG files.`);
  const odd = found.find((image) => image.shape.join() !== shape.join());
  if (odd) throw new Error(`${odd.name} has another size or number of channels than ${found[0].name}.`);
  const part = (/** @type {boolean} */ test) => spread(found.filter((image) => image.test === test));
  const images = (/** @type {typeof found} */ of) =>
    idx(
      [of.length, ...shape.slice(shape[0] === 1 ? 1 : 0)],
      of.map(({ values }) => values),
    );
  const labels = (/** @type {typeof found} */ of) =>
    idx(
      [of.length],
      of.map(({ label }) => Uint8Array.of(label)),
    );
  return {
    "train-images": images(part(false)),
    "test-images": images(part(true)),
    ...(classes.length > 0 && { "train-labels": labels(part(false)), "test-labels": labels(part(true)) }),
  };
}
