// What never runs is taken out of the bundles, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shrunk } from "../../scripts/shrink.mjs";
import { readModule, usesOf } from "../../scripts/wasm.mjs";

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** @param {number} id @param {number[]} body */
const section = (id, body) => [id, body.length, ...body];
/** @param {number[]} code */
const body = (code) => [code.length + 2, 0, ...code, 0x0b];
const I32 = 0x7f;
const CONST = 0x41,
  CALL = 0x10,
  ADD = 0x6a;
const NAMES = ["main", "crate::cast::h0123456789abcdef", "crate::helper", "crate::kept", "crate::forecast"];

/** main() = kept() + forecast() + 1; cast() = helper() + 2 is called by nobody. `byTable`: functions in the table. */
function module({ byTable = /** @type {number[]} */ ([]) } = {}) {
  const names = [NAMES.length, ...NAMES.flatMap((name, i) => [i, name.length, ...Buffer.from(name)])];
  return Uint8Array.from([
    ...PREAMBLE,
    ...section(1, [1, 0x60, 0, 1, I32]),
    ...section(3, [5, 0, 0, 0, 0, 0]),
    ...section(4, [1, 0x70, 0, 4]),
    ...section(7, [1, 4, ...Buffer.from("main"), 0, 0]),
    ...(byTable.length ? section(9, [1, 0, CONST, 0, 0x0b, byTable.length, ...byTable]) : []),
    ...section(10, [
      5,
      ...body([CALL, 3, CALL, 4, ADD, CONST, 1, ADD]),
      ...body([CALL, 2, CONST, 2, ADD]),
      ...body([CONST, 7]),
      ...body([CONST, 20]),
      ...body([CONST, 21]),
    ]),
    ...section(0, [4, ...Buffer.from("name"), 1, names.length, ...names]),
  ]);
}

/** How long each function is. @param {Uint8Array} wasm */
const lengths = (wasm) => readModule(wasm).bodies.map(({ start, end }) => end - start);

test("what a pattern names and what only it calls become traps, the rest still runs", async () => {
  const small = shrunk(module(), [{ pattern: /::cast$/ }]);
  assert.deepEqual(lengths(small), [10, 3, 3, 4, 4]);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(small));
  assert.equal(/** @type {() => number} */ (instance.exports.main)(), 42);
  assert.equal(readModule(small).names.size, 0);
});

test("what is in the table may be called from anywhere, so it stays, unless a pattern names it", () => {
  assert.deepEqual(lengths(shrunk(module({ byTable: [2] }), [{ pattern: /::cast$/ }])), [10, 3, 4, 4, 4]);
  assert.deepEqual(lengths(shrunk(module({ byTable: [1] }), [{ pattern: /::forecast$/ }])), [10, 7, 4, 4, 3]);
});

test("a function that was taken out stops the program", async () => {
  const { instance } = await WebAssembly.instantiate(new Uint8Array(shrunk(module(), [{ pattern: /kept/ }])));
  assert.throws(() => /** @type {() => number} */ (instance.exports.main)(), WebAssembly.RuntimeError);
});

test("a pattern that fits nothing is refused", () => {
  assert.throws(() => shrunk(module(), [{ pattern: /::cats$/ }]), /no function is called/);
});

test("an instruction or a table of a form that is not known is refused, and not passed over", () => {
  const unknown = Uint8Array.from([0, 0xff, 0x0b]);
  assert.throws(() => usesOf(unknown, { start: 0, end: 3 }), /0xff is new/);
  assert.throws(() => readModule(Uint8Array.from([...PREAMBLE, ...section(9, [1, 1, 0, 1, 0])])), /new to this script/);
});

test("of functions with one name only those for other types than f32 go, where that is asked for", () => {
  const names = [2, 0, 4, ...Buffer.from("zip1"), 1, 4, ...Buffer.from("zip2")];
  const stores = (/** @type {number[]} */ value, /** @type {number} */ store) =>
    body([CONST, 0, ...value, store, 0, 0]);
  const F32 = [0x43, 0, 0, 0, 0],
    F64 = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
  const wasm = Uint8Array.from([
    ...PREAMBLE,
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [2, 0, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, 1, 97, 0, 0, 1, 98, 0, 1]),
    ...section(10, [2, ...stores(F32, 0x38), ...stores(F64, 0x39)]),
    ...section(0, [4, ...Buffer.from("name"), 1, names.length, ...names]),
  ]);
  assert.ok(WebAssembly.validate(wasm));
  assert.deepEqual(lengths(shrunk(wasm, [{ pattern: /^zip/, wide: true }])), [12, 3]);
});
