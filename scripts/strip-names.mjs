// Takes the function names out of built wasm files: `node scripts/strip-names.mjs FILE...`. They are 4 MB of the GPU bundle and serve
// only a stack trace's readability. rustc's `strip = true` would take what wasm-bindgen reads as well, and wasm-pack has no setting.
import { readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** "\0asm" and version 1, which begin every wasm file. */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM_SECTION = 0;

/** The unsigned LEB128 number at `at`, and where the next byte is. @param {Uint8Array} bytes @param {number} at */
function readNumber(bytes, at) {
  for (let value = 0, shift = 0; at < bytes.length && shift < 35; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at };
  }
  throw new Error("not a whole wasm file: a number in it has no end");
}

/** The same module without the custom section called "name"; every other section, in its order. @param {Uint8Array} wasm @returns {Uint8Array} */
export function withoutNames(wasm) {
  if (PREAMBLE.some((byte, i) => wasm[i] !== byte)) throw new Error("not a wasm file");
  const kept = [wasm.subarray(0, PREAMBLE.length)];
  for (let at = PREAMBLE.length; at < wasm.length; ) {
    const start = at;
    const { value: size, next: body } = readNumber(wasm, at + 1);
    at = body + size;
    if (at > wasm.length) throw new Error("not a whole wasm file: a section is cut short");
    if (wasm[start] !== CUSTOM_SECTION || customName(wasm.subarray(body, at)) !== "name") kept.push(wasm.subarray(start, at));
  }
  return Buffer.concat(kept);
}

/** @param {Uint8Array} body of a custom section */
function customName(body) {
  const { value: length, next } = readNumber(body, 0);
  return new TextDecoder().decode(body.subarray(next, next + length));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const path of process.argv.slice(2)) {
    const wasm = readFileSync(path);
    const smaller = withoutNames(wasm);
    // Under another name first: a file that is there is whole.
    writeFileSync(`${path}.part`, smaller);
    renameSync(`${path}.part`, path);
    console.log(`${path}: ${wasm.length} bytes, ${smaller.length} without function names`);
  }
}
