// What the page cannot do without, and how to say so.

/** @returns {string | null} what is missing, in words, or null */
export function missing() {
  if (typeof WebAssembly !== "object") return "This browser has WebAssembly switched off or does not know it. Counterfeit trains its networks in it.";
  if (!simd()) return "This browser's WebAssembly has no SIMD. Counterfeit needs it: Chrome 91, Firefox 89, Safari 16.4 or newer.";
  if (typeof Worker !== "function") return "This browser has no workers, where the training happens.";
  if (typeof DecompressionStream !== "function") return "This browser cannot unpack compressed data (DecompressionStream). Chrome 80, Firefox 113, Safari 16.4 or newer can.";
  return null;
}

/** The smallest module with a SIMD instruction: one function that makes a vector and drops it. */
function simd() {
  return WebAssembly.validate(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, // magic, version 1
    1, 4, 1, 96, 0, 0, // type: () -> ()
    3, 2, 1, 0, // one function of that type
    10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11, // i32.const 0; i8x16.splat; drop; end
  ]));
}
