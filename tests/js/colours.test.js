import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(import.meta.dirname, "..", "..", "www", "styles", "base.css"), "utf8");
const [light, dark] = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, body]) =>
  Object.fromEntries(
    [...body.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\s*;/g)].map(([, name, value]) => [name, value]),
  ),
);

/** Red, green and blue, linear in light. @param {string} hex */
function channels(hex) {
  const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join("") : hex.slice(1);
  return [0, 2, 4]
    .map((i) => parseInt(full.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
}

/** Relative luminance, WCAG 2.2. @param {string} hex */
function luminance(hex) {
  const [r, g, b] = channels(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

/** Euclidean in CIELAB: about 2 is just visible. @param {string} a @param {string} b */
function distance(a, b) {
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(...p.map((v, i) => v - q[i]));
}

/** @param {string} hex */
function lab(hex) {
  const [r, g, b] = channels(hex);
  const f = (/** @type {number} */ t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  // sRGB to XYZ, over the white point D65.
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const [name, colours] of Object.entries({ light, dark })) {
  test(`text reaches AA contrast in the ${name} scheme`, () => {
    const pairs = [
      ...["text", "muted", "generator", "discriminator", "real"].map((c) => [c, "panel"]),
      ["text", "ground"],
      ["muted", "ground"],
      ["text", "error-ground"],
      ["text", "note-ground"],
      ["error", "panel"],
      ["panel", "discriminator"],
    ];
    for (const [text, ground] of pairs) {
      const ratio = contrast(colours[text], colours[ground]);
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`points are seen on every colour of a map in the ${name} scheme`, () => {
    // WCAG 2.2, 1.4.11: what is not text needs 3:1; the two kinds have other shapes besides.
    for (const ground of ["panel", "heat-fake", "heat-real", "heat-gap"]) {
      for (const point of ["generator", "real", "text"]) {
        const ratio = contrast(colours[point], colours[ground]);
        assert.ok(ratio >= 3, `${point} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
    for (const [a, b] of [
      ["heat-fake", "heat-real"],
      ["heat-fake", "panel"],
      ["heat-real", "panel"],
      ["heat-gap", "panel"],
    ]) {
      assert.ok(distance(colours[a], colours[b]) > 15, `${a} and ${b}: ${distance(colours[a], colours[b]).toFixed(1)}`);
    }
  });

  test(`ten classes have ten colours that are seen and told apart in the ${name} scheme`, () => {
    const classes = Array.from({ length: 10 }, (_, i) => colours[`class-${i}`]);
    for (const [i, colour] of classes.entries()) {
      // WCAG 2.2, 1.4.11, for what is not text: a frame stands between the panel and a black picture.
      for (const ground of [colours.panel, "#000"])
        assert.ok(contrast(colour, ground) >= 3, `class ${i} on ${ground}: ${contrast(colour, ground).toFixed(2)}`);
      for (const other of classes.slice(0, i))
        assert.ok(distance(colour, other) > 20, `${colour} and ${other}: ${distance(colour, other).toFixed(1)}`);
    }
  });
}
