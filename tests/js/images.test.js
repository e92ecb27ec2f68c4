// A folder of PNG files becomes the files of a data set.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { decodePng, idxOfFolder } from "../../scripts/images.mjs";

/**
 * A PNG whose lines use these filters in turn.
 * @param {number} type colour type @param {number} depth @param {number} width
 * @param {Uint8Array} pixels @param {number[]} filters
 */
function png(type, depth, width, pixels, filters) {
  const [stride, height] = [width * depth, pixels.length / (width * depth)];
  const at = (/** @type {number} */ x, /** @type {number} */ y) => (x < 0 || y < 0 ? 0 : pixels[y * stride + x]);
  const lines = Array.from({ length: height }, (_, y) => {
    const filter = filters[y % filters.length];
    const line = Array.from({ length: stride }, (_, x) => {
      const [a, b, c] = [at(x - depth, y), at(x, y - 1), x < depth ? 0 : at(x - depth, y - 1)];
      const p = a + b - c;
      const nearest = [a, b, c].reduce((best, v) => (Math.abs(p - v) < Math.abs(p - best) ? v : best));
      return at(x, y) - [0, a, b, Math.floor((a + b) / 2), nearest][filter];
    });
    return [filter, ...line];
  });
  const chunk = (/** @type {string} */ name, /** @type {Buffer} */ body) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, Buffer.from(name), body, Buffer.alloc(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, type], 8);
  const data = deflateSync(Uint8Array.from(lines.flat()));
  return Buffer.concat([
    Buffer.from([0x89, ...Buffer.from("PNG\r\n\x1a\n")]),
    chunk("IHDR", head),
    chunk("IDAT", data.subarray(0, 7)),
    chunk("IDAT", data.subarray(7)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const noise = (/** @type {number} */ n) =>
  Uint8Array.from({ length: n }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);

test("a PNG is read channel by channel, whatever its filters", () => {
  const grey = noise(6 * 5);
  for (const filters of [[0], [1], [2], [3], [4], [4, 3, 2, 1, 0]])
    assert.deepEqual(decodePng(png(0, 1, 6, grey, filters)), { shape: [1, 5, 6], values: grey }, String(filters));
  const rgba = noise(6 * 5 * 4);
  const { shape, values } = decodePng(png(6, 4, 6, rgba, [4, 1]));
  assert.deepEqual([shape, values.length], [[3, 5, 6], 90]);
  for (let i = 0; i < 90; i++) assert.equal(values[i], rgba[4 * (i % 30) + Math.floor(i / 30)]);
  assert.throws(() => decodePng(Buffer.from("<!doctype html>")), /not a PNG/);
  assert.throws(() => decodePng(png(3, 1, 6, grey, [0])), /without palette/);
});

test("a folder of colour images becomes IDX files, with its folders as classes", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "images-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const pixels = noise(16 * 16 * 3);
  for (const name of ["cats", "dogs"]) {
    mkdirSync(join(folder, name));
    for (let i = 0; i < 7; i++) writeFileSync(join(folder, name, `${i}.png`), png(2, 3, 16, pixels, [i % 5]));
  }
  const files = idxOfFolder(folder);
  assert.deepEqual(
    [...files["train-images"].subarray(0, 20)],
    [0, 0, 8, 4, 0, 0, 0, 10, 0, 0, 0, 3, 0, 0, 0, 16, 0, 0, 0, 16],
  );
  assert.equal(files["train-images"].length, 20 + 10 * 768);
  assert.deepEqual([...files["test-labels"]], [0, 0, 8, 1, 0, 0, 0, 4, 0, 0, 1, 1]);
  const without = idxOfFolder(join(folder, "cats"));
  assert.deepEqual(Object.keys(without), ["train-images", "test-images"]);
  writeFileSync(join(folder, "cats", "z.png"), png(0, 1, 16, noise(256), [0]));
  assert.throws(() => idxOfFolder(folder), /z\.png has another size/);
});
