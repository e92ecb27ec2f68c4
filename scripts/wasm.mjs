// Reads a wasm module as far as making it smaller needs: its sections, its functions and who calls whom.
// The format: https://webassembly.github.io/spec/core/binary/

/** "\0asm" and version 1, which begin every wasm file. */
export const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
export const SECTION = { custom: 0, import: 2, export: 7, start: 8, element: 9, code: 10 };

/**
 * @typedef {{id: number, start: number, body: number, end: number}} Section
 * @typedef {object} Module
 * @property {Uint8Array} bytes
 * @property {Section[]} sections
 * @property {number} imported functions that are imported: the module's own are counted from there
 * @property {{start: number, end: number}[]} bodies of the module's own functions, without their sizes
 * @property {Map<number, string>} names of functions
 * @property {Set<number>} roots functions that are called from outside or through the table
 */

/** Reads numbers and texts one after another. */
export class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number. */
  number() {
    for (let value = 0, shift = 0; this.at < this.bytes.length && shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error("not a whole wasm file: a number in it has no end");
  }

  text() {
    const length = this.number();
    return new TextDecoder().decode(this.bytes.subarray(this.at, (this.at += length)));
  }

  /** As many times as the next number says. @param {(i: number) => void} item */
  list(item) {
    for (let i = 0, n = this.number(); i < n; i++) item(i);
  }

  /** A signed number of any length: not needed, passed over. */
  signed() {
    while (this.byte() & 0x80);
  }
}

/** A number as LEB128. @param {number} value */
export function number(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** @param {Uint8Array} bytes @returns {Section[]} */
export function sections(bytes) {
  if (PREAMBLE.some((byte, i) => bytes[i] !== byte)) throw new Error("not a wasm file");
  const found = [];
  for (let start = PREAMBLE.length; start < bytes.length; ) {
    const reader = new Reader(bytes, start + 1);
    const size = reader.number();
    const end = reader.at + size;
    if (end > bytes.length) throw new Error("not a whole wasm file: a section is cut short");
    found.push({ id: bytes[start], start, body: reader.at, end });
    start = end;
  }
  return found;
}

/** What a custom section is called. @param {Uint8Array} bytes @param {Section} section */
export const customName = (bytes, section) => new Reader(bytes, section.body).text();

/** @param {Uint8Array} bytes @returns {Module} */
export function readModule(bytes) {
  /** @type {Module} */
  const module = { bytes, sections: sections(bytes), imported: 0, bodies: [], names: new Map(), roots: new Set() };
  for (const section of module.sections) {
    const reader = new Reader(bytes, section.body);
    if (section.id === SECTION.import) reader.list(() => readImport(reader, module));
    if (section.id === SECTION.export) reader.list(() => readExport(reader, module));
    if (section.id === SECTION.start) module.roots.add(reader.number());
    if (section.id === SECTION.element) reader.list(() => readElements(reader, module));
    if (section.id === SECTION.code) {
      reader.list(() => {
        const size = reader.number();
        module.bodies.push({ start: reader.at, end: (reader.at += size) });
      });
    }
    if (section.id === SECTION.custom && customName(bytes, section) === "name") readNames(bytes, section, module);
  }
  return module;
}

const KIND = { function: 0, table: 1, memory: 2, global: 3 };

/** @param {Reader} reader */
function limits(reader) {
  if (reader.number() & 1) reader.number();
  reader.number();
}

/** @param {Reader} reader @param {Module} module */
function readImport(reader, module) {
  reader.text();
  reader.text();
  const kind = reader.byte();
  if (kind === KIND.function) {
    reader.number();
    module.imported++;
  } else if (kind === KIND.table) {
    reader.byte();
    limits(reader);
  } else if (kind === KIND.memory) limits(reader);
  else if (kind === KIND.global) reader.at += 2;
  else throw new Error(`an import of kind ${kind} is new to this script`);
}

/** @param {Reader} reader @param {Module} module */
function readExport(reader, module) {
  reader.text();
  const kind = reader.byte();
  const index = reader.number();
  if (kind === KIND.function) module.roots.add(index);
}

/** Functions in the table. Only the form that compilers make: active, in the first table. @param {Reader} reader @param {Module} module */
function readElements(reader, module) {
  const form = reader.number();
  const place = reader.byte(); // i32.const
  reader.signed();
  const end = reader.byte();
  if (form !== 0 || place !== 0x41 || end !== 0x0b) throw new Error("a table of this form is new to this script");
  reader.list(() => module.roots.add(reader.number()));
}

/** @param {Uint8Array} bytes @param {Section} section @param {Module} module */
function readNames(bytes, section, module) {
  const reader = new Reader(bytes, section.body);
  reader.text();
  while (reader.at < section.end) {
    const of = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (of === 1) reader.list(() => module.names.set(reader.number(), reader.text()));
    reader.at = end;
  }
}

/**
 * @typedef {object} Uses
 * @property {number[]} functions those that a body calls or takes the address of
 * @property {Set<number>} instructions those in it; those behind the prefix 0xfd as 0xfd00 and their number
 */

/** What a body is made of. @param {Uint8Array} bytes @param {{start: number, end: number}} body @returns {Uses} */
export function usesOf(bytes, { start, end }) {
  const reader = new Reader(bytes, start);
  /** @type {Uses} */
  const uses = { functions: [], instructions: new Set() };
  reader.list(() => {
    reader.number();
    reader.byte();
  });
  while (reader.at < end) instruction(reader, uses);
  return uses;
}

/** @param {Reader} r */
function address(r) {
  // Bit 6 of the alignment: which memory follows.
  if (r.number() & 0x40) r.number();
  r.number();
}

/** @param {Reader} r @param {Uses} uses */
function instruction(r, uses) {
  const op = r.byte();
  if (op !== 0xfd) uses.instructions.add(op);
  const within = (/** @type {number} */ from, /** @type {number} */ to) => op >= from && op <= to;
  if (op === 0x10 || op === 0x12 || op === 0xd2)
    uses.functions.push(r.number()); // call, return_call, ref.func
  else if (within(0x02, 0x04) || op === 0x41 || op === 0x42)
    r.signed(); // blocks, constants
  else if (op === 0x0c || op === 0x0d || within(0x20, 0x26))
    r.number(); // branches, variables, tables
  else if (op === 0x0e) {
    // br_table
    r.list(() => r.number());
    r.number();
  } else if (op === 0x11 || op === 0x13) {
    // calls through the table
    r.number();
    r.number();
  } else if (op === 0x1c)
    r.list(() => r.byte()); // select with types
  else if (within(0x28, 0x3e)) address(r);
  else if (op === 0x3f || op === 0x40 || op === 0xd0)
    r.at += 1; // memory.size, memory.grow, ref.null
  else if (op === 0x43) r.at += 4;
  else if (op === 0x44) r.at += 8;
  else if (op === 0xfc) bulk(r);
  else if (op === 0xfd) uses.instructions.add(0xfd00 + simd(r));
  else if (
    !(
      op <= 0x01 ||
      op === 0x05 ||
      op === 0x0b ||
      op === 0x0f ||
      op === 0x1a ||
      op === 0x1b ||
      within(0x45, 0xc4) ||
      op === 0xd1
    )
  ) {
    throw new Error(`instruction 0x${op.toString(16)} is new to this script`);
  }
}

/** Saturating conversions, memory and tables as a whole. @param {Reader} r */
function bulk(r) {
  const op = r.number();
  if (op <= 7) return;
  if (op > 17) throw new Error(`instruction 0xfc ${op} is new to this script`);
  r.number();
  if (op === 8 || op === 10 || op === 12 || op === 14) r.number();
}

/** @param {Reader} r @returns its number */
function simd(r) {
  const op = r.number();
  if (op <= 11 || op === 92 || op === 93) address(r);
  else if (op === 12 || op === 13)
    r.at += 16; // v128.const, i8x16.shuffle
  else if (op >= 21 && op <= 34)
    r.at += 1; // lanes
  else if (op >= 84 && op <= 91) {
    // lanes from and to memory
    address(r);
    r.at += 1;
  }
  return op;
}
