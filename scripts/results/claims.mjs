// Claims of presets on images: the tables made of bench/claims.json, whose keys crates/cli/src/claims.rs documents.

import { groups, provenance, table } from "./table.mjs";

/** @import { Row } from "./table.mjs" */

/** @param {number} v */
const threeDigits = (v) => String(Number(v.toPrecision(3)));

/** @param {Row[]} rows */
export function claims(rows) {
  const own = groups(
    rows.filter((row) => !row.cured),
    ["claim"],
  );
  const requirements = own.flatMap(({ first }) =>
    first.inequalities.map((/** @type {string} */ text) => ({ ...first, text })),
  );
  const figures = groups(rows, ["claim", "preset", "cured", "changes"]).flatMap(({ first, runs }) =>
    first.figures.map((/** @type {Row} */ { quantity }, /** @type {number} */ i) => ({
      ...first,
      quantity,
      values: runs.map((run) => run.figures[i].value),
      shown: runs.filter((run) => run.shown).length,
    })),
  );
  const changes = (/** @type {Row} */ row) =>
    Object.entries(row.changes)
      .map(([key, v]) => `${key}=${v}`)
      .join(" ");
  return `## Claims of presets on images

Source: \`bench/claims.json\`. A preset that announces a failure mode has to show it on four of five seeds. A run with
the cure must not show it. Runs of presets on densities are short: \`tests/claims.rs\` makes them in each test.

${provenance("cargo counterfeit claims", rows)}

${table(requirements, [
  ["Failure mode", (r) => r.claim],
  ["Preset", (r) => `\`${r.preset}\``],
  ["Claim", (r) => r.text],
])}

Values are in the order of the seeds, at the step that decides the claim.

${table(figures, [
  ["Run", (r) => `\`${r.preset}\`${r.cured ? ` ${changes(r)}, cured` : ""}`],
  ["Quantity", (r) => r.quantity],
  ["Seeds 1 to 5", (r) => r.values.map(threeDigits).join(", ")],
  ["Claim shown", (r) => `${r.shown} of ${r.values.length}`],
])}`;
}
