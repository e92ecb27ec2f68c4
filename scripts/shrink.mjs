// Makes a built bundle smaller: `node scripts/shrink.mjs NAME FILE`. Takes out the code of functions that never run
// (unused.mjs) and of those that nothing names any more, and the names of functions. Indices stay: what is taken out is
// a trap of three bytes.
import { readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withoutNames } from "./strip-names.mjs";
import { UNUSED } from "./unused.mjs";
import { PREAMBLE, SECTION, number, readModule, usesOf } from "./wasm.mjs";

/** @import { Module } from "./wasm.mjs" */
/** @typedef {{pattern: RegExp, wide?: boolean}} Unused see unused.mjs */

/** No variables; unreachable; end. With its size before it. */
const TRAP = Buffer.from([3, 0x00, 0x00, 0x0b]);

/** A function's name as in the source, without the hash that tells apart what is compiled several times. @param {string} name */
const plain = (name) => name.replace(/::h[0-9a-f]{16}(\.llvm\.\d+)?$/, "").replace(/::\{\{closure\}\}.*$/, "");

/** Made for every type, and run for values that were never used. */
const CLEANING = /^core::ptr::drop_in_place</;

const F32_STORE = 0x38;
/** f64.store, i32.store16, i64.store16. */
const OTHER_STORES = [0x39, 0x3b, 0x3d];
/** f64x2.abs to f64x2.pmax, without the one that is not of them. */
const F64_LANES = Array.from({ length: 12 }, (_, i) => 0xfd00 + 236 + i).filter((op) => op !== 0xfd00 + 238);

/** Whether a function, which is there once for each type of number, is the one for f64 or for numbers of 16 bits. @param {Module} module @param {number} index */
function isWide(module, index) {
  const { instructions } = usesOf(module.bytes, module.bodies[index - module.imported]);
  return !instructions.has(F32_STORE) && [...OTHER_STORES, ...F64_LANES].some((op) => instructions.has(op));
}

/** The functions with such names. @param {Module} module @param {Unused} unused */
function matching(module, { pattern, wide }) {
  const fits = ([index = 0, name = ""]) =>
    index >= module.imported && pattern.test(plain(name)) && !CLEANING.test(name) && (!wide || isWide(module, index));
  return [...module.names].filter(fits).map(([index]) => index);
}

/** What can run, if none of `cut` does. @param {Module} module @param {Set<number>} cut */
function reached(module, cut) {
  /** @type {Set<number>} */
  const seen = new Set();
  const next = [...module.roots];
  for (let index = next.pop(); index !== undefined; index = next.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    if (index >= module.imported && !cut.has(index))
      next.push(...usesOf(module.bytes, module.bodies[index - module.imported]).functions);
  }
  return seen;
}

/** The same module with traps for some of its functions. @param {Module} module @param {(index: number) => boolean} isCut */
function withTraps(module, isCut) {
  const { bytes, bodies, imported } = module;
  const code = bodies.flatMap(({ start, end }, i) =>
    isCut(i + imported) ? [TRAP] : [number(end - start), bytes.subarray(start, end)],
  );
  const body = Buffer.concat([number(bodies.length), ...code]);
  const section = Buffer.concat([Buffer.from([SECTION.code]), number(body.length), body]);
  return Buffer.concat([
    Buffer.from(PREAMBLE),
    ...module.sections.map(({ id, start, end }) => (id === SECTION.code ? section : bytes.subarray(start, end))),
  ]);
}

/**
 * @param {Uint8Array} wasm with the names of its functions @param {Unused[]} unused
 * @returns {Uint8Array} without the names and without those functions
 */
export function shrunk(wasm, unused) {
  const module = readModule(wasm);
  const cut = new Set(
    unused.flatMap((one) => {
      const found = matching(module, one);
      if (!found.length) throw new Error(`no function is called ${one.pattern} any more: see scripts/unused.mjs`);
      return found;
    }),
  );
  const live = reached(module, cut);
  return withoutNames(withTraps(module, (index) => cut.has(index) || !live.has(index)));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name, path] = process.argv.slice(2);
  const wasm = readFileSync(path);
  const smaller = shrunk(
    wasm,
    UNUSED.filter((unused) => unused.in.includes(name)),
  );
  // Under another name first: a file that is there is whole.
  writeFileSync(`${path}.part`, smaller);
  renameSync(`${path}.part`, path);
  console.log(`${path}: ${wasm.length} bytes, ${smaller.length} without what never runs and without names`);
}
