// The types of gifenc 1.0.3 that are used: the package has none.
declare module "gifenc" {
  export type Palette = number[][];
  /** A palette of at most `most` colours for RGBA bytes. */
  export function quantize(rgba: Uint8ClampedArray | Uint8Array, most: number): Palette;
  /** The index in the palette of each pixel. */
  export function applyPalette(rgba: Uint8ClampedArray | Uint8Array, palette: Palette): Uint8Array;
  export function GIFEncoder(): {
    /** Adds a frame; `delay` in milliseconds. */
    writeFrame(index: Uint8Array, width: number, height: number, options: { palette: Palette; delay: number }): void;
    finish(): void;
    bytes(): Uint8Array;
  };
}
