// Takes the function names out of wasm files. They are 4 MB of the GPU bundle and serve only a stack trace's
// readability. rustc's `strip = true` would take what wasm-bindgen reads as well, and wasm-pack has no setting.
import { PREAMBLE, SECTION, customName, sections } from "./wasm.mjs";

/** The same module without the custom section called "name"; every other section, in its order. @param {Uint8Array} wasm @returns {Uint8Array} */
export function withoutNames(wasm) {
  const kept = sections(wasm).filter((s) => s.id !== SECTION.custom || customName(wasm, s) !== "name");
  return Buffer.concat([Buffer.from(PREAMBLE), ...kept.map(({ start, end }) => wasm.subarray(start, end))]);
}
