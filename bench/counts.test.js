// Small GANs are bound by what happens around the arithmetic, so a count that grows is a step that gets slower.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { countsPerStep } from "./counts.mjs";

/** @type {Record<string, Record<string, number>>} */
const limits = JSON.parse(readFileSync(join(import.meta.dirname, "limits.json"), "utf8"));

test("a step asks no more of WebGPU than bench/limits.json allows", { timeout: 300_000 }, async (t) => {
  const counts = await countsPerStep();
  for (const [network, most] of Object.entries(limits)) {
    const found = counts[/** @type {keyof typeof counts} */ (network)];
    for (const [what, limit] of Object.entries(most)) {
      assert.ok(
        found[what] <= limit,
        `${network}: ${found[what]} ${what} a step, ${limit} allowed. If that has to be, raise it in bench/limits.json and say why.`,
      );
      if (found[what] < limit)
        t.diagnostic(`${network}: ${found[what]} ${what} a step, ${limit} allowed: bench/limits.json can be lowered`);
    }
  }
});
