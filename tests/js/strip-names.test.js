// The bundles lose their function names and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutNames } from "../../scripts/strip-names.mjs";

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const TYPES = [1, 4, 1, 0x60, 0, 0];
const FUNCTIONS = [3, 2, 1, 0];
const EXPORTS = [7, 5, 1, 1, 0x66, 0, 0]; // "f"
const CODE = [10, 4, 1, 2, 0, 0x0b];

/** A custom section, its size written in as many bytes as asked. @param {string} name @param {number[]} body @param {number} sizeBytes */
function custom(name, body, sizeBytes = 1) {
  const content = [name.length, ...Buffer.from(name), ...body];
  const size = Array.from(
    { length: sizeBytes },
    (_, i) => ((content.length >> (7 * i)) & 0x7f) | (i + 1 < sizeBytes ? 0x80 : 0),
  );
  return [0, ...size, ...content];
}
const module = (/** @type {number[][]} */ ...sections) => Uint8Array.from([PREAMBLE, ...sections].flat());
const same = (/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) => assert.deepEqual([...a], [...b]);

test("the name section goes, the others stay in order and the module still runs", async () => {
  const names = custom("name", [0, 2, 1, 0x6d]);
  const other = custom("names", [1, 2, 3]);
  const stripped = withoutNames(module(TYPES, FUNCTIONS, EXPORTS, CODE, other, names, custom("producers", [9])));
  same(stripped, module(TYPES, FUNCTIONS, EXPORTS, CODE, other, custom("producers", [9])));
  const { instance } = await WebAssembly.instantiate(new Uint8Array(stripped));
  assert.equal(typeof instance.exports.f, "function");
});

test("a name section longer than 127 bytes, and one with a padded size, are found", () => {
  const long = Array.from({ length: 300 }, () => 7);
  same(withoutNames(module(custom("name", long, 2), TYPES)), module(TYPES));
  same(withoutNames(module(custom("name", [], 5), TYPES)), module(TYPES));
});

test("a module without names is unchanged, and stripping twice changes nothing", () => {
  same(withoutNames(module(TYPES, FUNCTIONS, CODE)), module(TYPES, FUNCTIONS, CODE));
  same(withoutNames(module()), module());
});

test("what is not a whole wasm file is refused", () => {
  assert.throws(() => withoutNames(new Uint8Array()), /not a wasm file/);
  assert.throws(() => withoutNames(Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0])), /not a wasm file/);
  assert.throws(() => withoutNames(module(TYPES).subarray(0, -1)), /cut short/);
  assert.throws(() => withoutNames(module([1, 0x80])), /no end/);
});
