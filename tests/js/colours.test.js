import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(import.meta.dirname, "..", "..", "www", "style.css"), "utf8");
const [light, dark] = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, body]) =>
  Object.fromEntries([...body.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{3,6})\s*;/g)].map(([, name, value]) => [name, value])));

/** Relative luminance, WCAG 2.2. @param {string} hex */
function luminance(hex) {
  const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join("") : hex.slice(1);
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

for (const [name, colours] of Object.entries({ light, dark })) {
  test(`text reaches AA contrast in the ${name} scheme`, () => {
    const pairs = [
      ...["text", "muted", "generator", "discriminator", "real"].map((c) => [c, "panel"]),
      ["text", "ground"], ["muted", "ground"], ["text", "error-ground"], ["text", "note-ground"], ["error", "panel"], ["panel", "discriminator"],
    ];
    for (const [text, ground] of pairs) {
      const ratio = contrast(colours[text], colours[ground]);
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });
}
