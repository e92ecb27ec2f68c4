// Modes of known densities: the tables made of bench/modes.json, whose keys crates/cli/src/modes.rs documents.

import { grouped } from "../../www/numbers.js";
import { WITHIN_THREE } from "../../www/results.js";
import { groups, provenance, seedValues, seedsOf, table } from "./table.mjs";

/** @import { Column, Group, Row } from "./table.mjs" */

/** What Lin et al. 2018, section 4.1, report after 400,000 steps: modes, high-quality samples in %, reverse KL. */
const PUBLISHED = /** @type {Record<string, string[]>} */ ({
  "pacgan-ring": ["6.3 ± 0.5", "98.2", "0.45"],
  "pacgan-ring-2": ["7.9 ± 0.1", "95.6", "0.07"],
  "pacgan-grid": ["17.3 ± 0.8", "94.8", "0.70"],
  "pacgan-grid-2": ["23.8 ± 0.7", "91.3", "0.13"],
});
/** Points of a run's curve that are listed. */
const LISTED = 10;

/** @type {Column} */
const PRESET = ["Preset", ({ first }) => `\`${first.preset}\``];
/** The values of all seeds. @param {string} key */
const each =
  (key) =>
  (/** @type {Row} */ { runs }) =>
    runs.map((/** @type {Row} */ run) => run[key]).join(", ");

/** @param {Group[]} runs */
function ofCures(runs) {
  const main = table(runs, [
    PRESET,
    ["Method", ({ first }) => first.method],
    ["Seeds", seedsOf],
    ["Modes captured", each("modes")],
    ["Modes covered", each("strict")],
    ["High-quality samples, %", seedValues("high_quality", 0, 100)],
    ["Reverse KL", seedValues("reverse_kl", 2)],
  ]);
  const more = table(runs, [
    PRESET,
    ["Jensen-Shannon divergence, nats", seedValues("js", 2)],
    ["Wasserstein-1 distance", seedValues("w1", 2)],
    ["Spread within modes (the data's is 0.974)", seedValues("spread", 2)],
  ]);
  return `${main}\n\n${more}`;
}

/** @param {Group[]} runs */
function ofPacGan(runs) {
  /** @param {number} i @returns {Column} */
  const published = (i) => ["published", ({ first }) => PUBLISHED[first.preset][i]];
  const final = table(runs, [
    PRESET,
    ["Seeds", seedsOf],
    ["Modes captured", (group) => `${each("modes")(group)} of ${group.first.of}`],
    published(0),
    ["High-quality samples, %", seedValues("high_quality", 0, 100)],
    published(1),
    ["Reverse KL", seedValues("reverse_kl", 2)],
    published(2),
  ]);
  const listed = (/** @type {Row} */ { curve }) => {
    const every = curve.length / LISTED;
    return curve.filter((/** @type {unknown} */ _, /** @type {number} */ i) => (i + 1) % every === 0);
  };
  const along = table(
    runs.flatMap((group) => group.runs),
    [
      ["Preset", (run) => `\`${run.preset}\``],
      ["Seed", (run) => run.seed],
      [
        `Modes captured, every ${grouped(runs[0].first.steps / LISTED)} steps`,
        (run) =>
          listed(run)
            .map((/** @type {number[]} */ point) => point[1])
            .join(" "),
      ],
    ],
  );
  return `${final}\n\n${along}`;
}

/** @param {Row[]} rows */
export function modes(rows) {
  const all = groups(rows, ["preset", "steps"]);
  const [cures, published] = [false, true].map((of) => all.filter(({ first }) => first.preset in PUBLISHED === of));
  const [ring, pacgan] = [cures[0].first, published[0].first];
  return `## Modes of known densities

Source: \`bench/modes.json\`. Each run generates 2,500 points. A sample is of high quality if it lies within three
standard deviations of a mode. A mode is captured if at least one high-quality sample belongs to it (Lin et al. 2018),
and covered if at least 20 % of its share of the samples does. Reverse KL is KL(generated || data) over modes, in nats.
A perfect sampler has ${WITHIN_THREE.toFixed(1)} % high-quality samples and a KL of 0.

${provenance("cargo counterfeit modes", rows)}

### One pair of networks, four cures of mode collapse

A ring of ${ring.of} Gaussians, ${grouped(ring.steps)} steps. Networks, learning rates and five D steps a G step are
the same in all rows.

${ofCures(cures)}

### The protocol of PacGAN

Networks, optimizer, data and metrics of Lin et al. 2018, section 4.1. Our runs end after
${grouped(pacgan.steps)} steps, the published ones after 400,000.

${ofPacGan(published)}`;
}
