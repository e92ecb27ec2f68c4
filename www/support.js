// Checks the browser features that the page requires. The oldest browsers that have them are named only here; README.md
// repeats the sentence, and tests/js/documents.test.js compares the two.

/**
 * The oldest supported browsers. Chrome and Edge are limited by `color-mix()` in the styles, Firefox by `:has()`, and
 * Safari by WebAssembly SIMD and `DecompressionStream`. All other features are older: module workers in Chrome 80,
 * Firefox 114 and Safari 15, container queries in Chrome 105, `AbortSignal.timeout()` in Chrome 103,
 * `Array.prototype.at()` in Chrome 92.
 */
export const BROWSERS = "Chrome or Edge 111, Firefox 121, or Safari 16.4";

/** @returns {string | null} the missing feature in words, or null */
export function missing() {
  const lack = whatIsMissing();
  return lack && `${lack} Counterfeit needs ${BROWSERS}, or newer.`;
}

function whatIsMissing() {
  if (typeof WebAssembly !== "object")
    return "This browser has WebAssembly switched off or does not know it; the networks are trained in it.";
  if (!simd()) return "This browser's WebAssembly has no SIMD.";
  if (typeof Worker !== "function") return "This browser has no workers, where the training happens.";
  if (typeof DecompressionStream !== "function")
    return "This browser cannot unpack compressed data (DecompressionStream).";
  return null;
}

/** The smallest module with a SIMD instruction: a function that creates a vector and drops it. */
function simd() {
  return WebAssembly.validate(
    new Uint8Array([
      0,
      97,
      115,
      109,
      1,
      0,
      0,
      0, // magic, version 1
      1,
      4,
      1,
      96,
      0,
      0, // type: () -> ()
      3,
      2,
      1,
      0, // one function of that type
      10,
      9,
      1,
      7,
      0,
      65,
      0,
      253,
      15,
      26,
      11, // i32.const 0; i8x16.splat; drop; end
    ]),
  );
}
