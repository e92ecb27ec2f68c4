// What a visitor downloads for an engine: the files of its build that the browser asked for, compressed with Brotli.

import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { sum } from "./stats.mjs";

const compress = promisify(brotliCompress);
/** Above this the best quality takes a minute: three seconds a megabyte. */
const LARGE = 4e6;
/** What a quick run makes do with there: a tenth larger. */
const QUICK_QUALITY = 9;

/**
 * @param {string[]} files @param {boolean} quick
 * @returns {Promise<{brotli: number, plain: number, quality: number}>} `quality`: the lowest that was used
 */
export async function sizeOf(files, quick) {
  const each = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      const quality = quick && bytes.length > LARGE ? QUICK_QUALITY : constants.BROTLI_MAX_QUALITY;
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      return { brotli: (await compress(bytes, { params })).length, plain: bytes.length, quality };
    }),
  );
  return {
    brotli: sum(each.map((f) => f.brotli)),
    plain: sum(each.map((f) => f.plain)),
    quality: Math.min(...each.map((f) => f.quality)),
  };
}
