// A folder of PNG files as the four IDX files of a data set: see `SETS` in data.mjs.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

/** Channels of a pixel by the PNG's colour type: grey, RGB, grey with alpha, RGBA. @type {Record<number, number>} */
const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 };
/** One image of so many is for testing. */
const TEST_EVERY = 6;

/**
 * The values of a PNG of 8 bits without a palette, channel by channel; transparency is left out.
 * @param {Buffer} file @returns {{shape: number[], values: Uint8Array}} `shape`: channels, height, width
 */
export function decodePng(file) {
  if (file.toString("latin1", 1, 4) !== "PNG") throw new Error("This is not a PNG file.");
  const [width, height, bits, type, interlaced] = [16, 20]
    .map((at) => file.readUInt32BE(at))
    .concat([...file.subarray(24, 26)], file[28]);
  const depth = CHANNELS[type];
  if (bits !== 8 || !depth || interlaced)
    throw new Error("Save the PNG with 8 bits a channel, without palette and interlacing.");
  const parts = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const [lines, stride] = [inflateSync(Buffer.concat(parts)), width * depth];
  const channels = depth < 3 ? 1 : 3;
  const values = new Uint8Array(channels * height * width);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (stride + 1)];
    const line = Uint8Array.from(lines.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const [left, corner] = i < depth ? [0, 0] : [line[i - depth], above[i - depth]];
      line[i] += [0, left, above[i], (left + above[i]) >> 1, nearestOf(left, above[i], corner)][filter];
    }
    for (let i = 0; i < stride; i++)
      if (i % depth < channels) values[((i % depth) * height + y) * width + Math.floor(i / depth)] = line[i];
    above = line;
  }
  return { shape: [channels, height, width], values };
}

/**
 * PNG's predictor: which of three neighbours is nearest to left + above - corner.
 * @param {number} a left @param {number} b above @param {number} c corner
 */
function nearestOf(a, b, c) {
  const [da, db, dc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return da <= db && da <= dc ? a : db <= dc ? b : c;
}

/** An IDX file. @param {number[]} dims @param {Uint8Array[]} entries */
function idx(dims, entries) {
  const header = Buffer.from([0, 0, 8, dims.length, ...dims.flatMap((d) => [d >>> 24, d >>> 16, d >>> 8, d])]);
  return new Uint8Array(Buffer.concat([header, ...entries]));
}

/**
 * The files of a data set from PNG files of one size: each folder inside is a class, or all are in `folder` and have
 * none. Every sixth image of a class is for testing.
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
  const part = (/** @type {boolean} */ test) => found.filter((image) => image.test === test);
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
