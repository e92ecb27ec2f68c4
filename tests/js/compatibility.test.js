// Old links open what they opened: presets and addresses against what an earlier version made of them. The core's own
// test compares the recorded fields and presets with today's (crates/experiment/tests/compatibility.rs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHash, presetOf, toHash } from "../../www/app/state.js";

/** @import { Catalog, Config } from "../../www/protocol.js" */

const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../compatibility/${name}.json`, import.meta.url), "utf8"));

const recorded = read("catalog");
const changed = (/** @type {any} */ entry) => ({
  ...entry,
  config: /** @type {Config} */ ({ ...recorded.defaults, ...entry.changes }),
});
/** @type {Catalog} */
const catalog = { ...recorded, presets: recorded.presets.map(changed), toys: recorded.toys.map(changed) };

/** @typedef {{link: string, changes: Config, of_b: Config | null, dropped: string[], again: string}} Link */

/** What an address opens, as it was written down. @param {string} link @returns {Link} */
function opened(link) {
  const { config, other, dropped } = fromHash(link, catalog);
  const differing = (/** @type {Config} */ a, /** @type {Config} */ b) =>
    Object.fromEntries(Object.entries(a).filter(([key, value]) => b[key] !== value));
  return {
    link,
    changes: differing(config, catalog.defaults),
    of_b: other && differing(other, config),
    dropped,
    again: toHash(config, "auto", catalog, other ?? undefined),
  };
}

test("old links open what they opened", () => {
  /** @type {Link[]} */
  const links = read("links");
  assert.ok(links.length >= 20 + catalog.presets.length);
  for (const link of links) assert.deepEqual(opened(link.link), link);
});

test("the address of every preset opens it", () => {
  for (const preset of catalog.presets) {
    const address = toHash(preset.config, "auto", catalog);
    assert.deepEqual(fromHash(address, catalog).config, preset.config, preset.id);
    assert.equal(presetOf(fromHash(`preset=${preset.id}`, catalog).config, catalog)?.id, preset.id);
  }
});
