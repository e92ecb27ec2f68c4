import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { fashionToIdx, imagesOfClass } from "../../www/data/fashion-idx.js";

const clothes = join(dirname(createRequire(import.meta.url).resolve("fashion-mnist/package.json")), "src", "clothes");
const site = join(import.meta.dirname, "..", "..", "www", "public", "data", "fashion");

test("every value of the package is in the files beside the page, exactly, once", () => {
  const test_ = gunzipSync(readFileSync(join(site, "t10k-images-idx3-ubyte.gzip")));
  const train = gunzipSync(readFileSync(join(site, "train-images-idx3-ubyte.gzip")));
  for (let label = 0; label < 10; label++) {
    const images = imagesOfClass(JSON.parse(readFileSync(join(clothes, `${label}.json`), "utf8")));
    assert.equal(images.length, 7000);
    images.forEach((pixels, i) => {
      const [file, at] = i < 1000 ? [test_, i] : [train, i - 1000];
      const start = 16 + (at * 10 + label) * 784;
      if (!file.subarray(start, start + 784).equals(Uint8Array.from(pixels)))
        assert.fail(`class ${label}, image ${i} differs`);
    });
  }
});

test("labels follow their images", () => {
  const labels = gunzipSync(readFileSync(join(site, "train-labels-idx1-ubyte.gzip")));
  assert.equal(labels.readUInt32BE(4), 60_000);
  assert.ok(labels.subarray(8).every((label, i) => label === i % 10));
});

test("a file that is not a class of images is refused", () => {
  assert.throws(() => imagesOfClass({}), /list named/);
  assert.throws(() => imagesOfClass({ data: [[1, 2, 3]] }), /784/);
  assert.throws(() => imagesOfClass({ data: [Array(784).fill(256)] }), /0 to 255/);
  assert.throws(() => imagesOfClass({ data: [Array(784).fill(0.5)] }), /whole numbers/);
  assert.equal(imagesOfClass({ data: [[], Array(784).fill(7)] }).length, 1);
  assert.throws(() => fashionToIdx(Array(10).fill([])), /7000/);
});
