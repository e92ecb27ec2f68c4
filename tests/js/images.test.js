// A folder of PNG files becomes the files of a data set.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { decodePng, idxOfFolder } from "../../scripts/images.mjs";

/** @param {number} channels @param {number} width @param {Uint8Array | Uint16Array} data pixel by pixel @param {object} [more] */
const png = (channels, width, data, more) =>
  encode({ width, height: data.length / (width * channels), data, channels, depth: 8, ...more });

const noise = (/** @type {number} */ n) =>
  Uint8Array.from({ length: n }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);

test("a PNG is read channel by channel", () => {
  const grey = noise(6 * 5);
  assert.deepEqual(decodePng(png(1, 6, grey)), { shape: [1, 5, 6], values: grey });
  for (const depth of [2, 4]) {
    const pixels = noise(6 * 5 * depth);
    const { shape, values } = decodePng(png(depth, 6, pixels));
    assert.deepEqual([shape, values.length], [[depth - 1, 5, 6], 30 * (depth - 1)], "without transparency");
    values.forEach((value, i) => assert.equal(value, pixels[depth * (i % 30) + Math.floor(i / 30)]));
  }
  assert.throws(() => decodePng(Buffer.from("<!doctype html>")), /signature/);
  assert.throws(() => decodePng(png(1, 2, new Uint16Array(4), { depth: 16, height: 2 })), /8 bits a channel/);
});

test("a folder of colour images becomes IDX files, with its folders as classes", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "images-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const pixels = noise(16 * 16 * 3);
  const images = { cats: pixels, dogs: pixels.map((v) => 255 - v) };
  const write = (/** @type {keyof typeof images} */ name, /** @type {number} */ i) =>
    writeFileSync(join(folder, name, `${i}.png`), png(3, 16, images[name]));
  for (const name of /** @type {(keyof typeof images)[]} */ (["cats", "dogs"])) {
    mkdirSync(join(folder, name));
    for (let i = 0; i < 7; i++) write(name, i);
  }
  const files = idxOfFolder(folder);
  assert.deepEqual(
    [...files["train-images"].subarray(0, 20)],
    [0, 0, 8, 4, 0, 0, 0, 10, 0, 0, 0, 3, 0, 0, 0, 16, 0, 0, 0, 16],
  );
  assert.equal(files["train-images"].length, 20 + 10 * 768);
  assert.deepEqual([...files["test-labels"]], [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]);
  // The classes alternate, in proportion, and each image keeps its label.
  for (let i = 7; i < 13; i++) write("dogs", i);
  const uneven = idxOfFolder(folder);
  const labels = [...uneven["train-labels"].subarray(8)];
  assert.deepEqual(labels, [1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1]);
  const first = [images.cats[0], images.dogs[0]];
  labels.forEach((label, i) => assert.equal(uneven["train-images"][20 + 768 * i], first[label]));
  const without = idxOfFolder(join(folder, "cats"));
  assert.deepEqual(Object.keys(without), ["train-images", "test-images"]);
  writeFileSync(join(folder, "cats", "z.png"), png(1, 16, noise(256)));
  assert.throws(() => idxOfFolder(folder), /z\.png has another size/);
});
