// Quality of generated images: the tables made of bench/quality.json, whose keys crates/cli/src/evaluate.rs documents.

import { grouped } from "../../www/numbers.js";
import { fixed, groups, meanAndDeviation, provenance, seedValues, seedsOf, table } from "./table.mjs";

/** @import { Column, Group, Row } from "./table.mjs" */

/** Of the first table: heading, key, decimals. @type {[string, string, number][]} */
const METRICS = [
  ["MNIST score", "mnist_score", 2],
  ["Fréchet distance", "fd", 2],
  ["KID", "kid", 4],
  ["Precision", "precision", 2],
  ["Recall", "recall", 2],
  ["Density", "density", 2],
  ["Coverage", "coverage", 3],
];
/** Of a point of `curve`: heading, place, decimals. @type {[string, number, number][]} */
const CURVE = [
  ["MNIST score", 1, 2],
  ["Fréchet distance", 2, 2],
  ["KID", 3, 4],
  ["Coverage", 4, 3],
];
/** @type {Record<string, string>} */
const GENERATORS = { averaged: "EMA", raw: "without EMA" };
/** What the page's report card measured; all other rows are of the native program. */
const inBrowser = (/** @type {Row} */ row) => row.device.startsWith("tab");

/** @type {Column} */
const CONFIGURATION = ["Configuration", ({ first }) => [`\`${first.preset}\``, ...first.settings].join(" ")];

/**
 * The longest runs of the default configuration.
 * @param {Group[]} all @param {(key: string, digits: number) => string} reference
 */
function ofDefault(all, reference) {
  const longest = Math.max(...all.filter(({ first }) => first.preset === "dcgan").map(({ first }) => first.steps));
  const groups = all.filter(({ first }) => first.preset === "dcgan" && first.steps === longest);
  const rows = groups.map(({ first, runs }) => ({
    name: `${GENERATORS[first.generator]}, ${inBrowser(first) ? "browser" : "native"} CPU`,
    seeds: seedsOf({ runs }),
    /** @param {string} key @param {number} digits */
    cell: (key, digits) =>
      meanAndDeviation(
        runs.map((run) => run[key]),
        digits,
      ),
  }));
  const real = { name: "Real-data reference", seeds: "", cell: reference };
  /** @param {typeof METRICS[0]} metric @returns {Column} */
  const column = ([name, key, digits]) => [name, (r) => r.cell(key, digits)];
  const first = (/** @type {typeof METRICS} */ metrics) =>
    table([...rows, real], [["Generator", (r) => r.name], ["Seeds", (r) => r.seeds], ...metrics.map(column)]);
  const main = groups.find(({ first: run }) => run.generator === "averaged" && !inBrowser(run));
  const points = (main?.first.curve ?? []).map((/** @type {number[]} */ point, /** @type {number} */ i) => ({
    step: point[0],
    at: (/** @type {number} */ place) => main?.runs.map((r) => r.curve[i][place]) ?? [],
  }));
  /** @param {typeof CURVE[0]} metric @returns {Column} */
  const along = ([name, place, digits]) => [name, (r) => meanAndDeviation(r.at(place), digits)];
  const curve = table(points, [["Step", (r) => grouped(r.step)], ...CURVE.map(along)]);
  return `Preset \`dcgan\` after ${grouped(longest)} steps. Mean ± sample standard deviation over seeds.

${first(METRICS.slice(0, 3))}

${first(METRICS.slice(3))}

The EMA generator during training. These evaluations use 1,024 images, so that only KID compares with the tables above.

${curve}`;
}

/** @param {Group[]} members the EMA generators of native runs, each preset and length */
function ofMembers(members) {
  const quality = table(members, [
    CONFIGURATION,
    ["Steps", ({ first }) => grouped(first.steps)],
    ["Seeds", seedsOf],
    ["MNIST score", seedValues("mnist_score", 2)],
    ["Fréchet distance", seedValues("fd", 1)],
    ["Coverage", seedValues("coverage", 2)],
  ]);
  const more = table(members, [
    CONFIGURATION,
    ["KID", seedValues("kid", 3)],
    ["Precision", seedValues("precision", 2)],
    ["Recall", seedValues("recall", 2)],
    ["Least frequent class, %", seedValues("min_class_share", 1, 100)],
  ]);
  return `${quality}\n\nThe same runs:\n\n${more}`;
}

/** @param {Group[]} members */
function ofConditions(members) {
  const having = (/** @type {string} */ key) => members.filter(({ first }) => first[key] !== undefined);
  return [
    table(having("class_accuracy"), [
      CONFIGURATION,
      ["Images of the class asked for, %", seedValues("class_accuracy", 1, 100)],
    ]),
    table(having("code_purity"), [
      CONFIGURATION,
      ["Code purity", seedValues("code_purity", 3)],
      ["Mutual information, nats (at most ln 10 = 2.30)", seedValues("information", 2)],
    ]),
    table(having("pair_agreement"), [
      CONFIGURATION,
      ["Pixels of a pair that agree, %", seedValues("pair_agreement", 1, 100)],
      ["Unpaired baseline, %", seedValues("pair_agreement_shuffled", 1, 100)],
    ]),
  ].join("\n\n");
}

/** @param {Row[]} rows */
export function quality(rows) {
  const all = groups(rows, ["preset", "settings", "generator", "steps", "device"]);
  const members = all.filter(({ first }) => first.generator === "averaged" && !inBrowser(first));
  /** @param {string} key @param {number} digits */
  const reference = (key, digits) => fixed(rows[0][`${key}_floor`], digits);
  const real = `MNIST score ${reference("mnist_score", 2)}, Fréchet distance ${reference("fd", 2)}`;
  const [{ n, classifier }] = rows;
  return `## Quality of generated images

Source: \`bench/quality.json\`. Data: MNIST. Each run generates ${grouped(n)} images; version ${classifier} of the
shipped classifier gives the features and classes. EMA is the generator with exponentially averaged weights. The
real-data reference is the same metric of real test images against real training images. Precision, recall, density and
coverage use 2,000 of the images.

${provenance("cargo counterfeit evaluate", rows)}

### The default configuration

${ofDefault(all, reference)}

### Every member of the family

The EMA generator. Settings that differ from the preset follow its name. Values are in the order of the seeds; of more
than three seeds the smallest and the largest are given. Real-data reference: ${real},
KID ${reference("kid", 4)}, coverage ${reference("coverage", 2)}.

${ofMembers(members)}

### Classes, codes and pairs

The EMA generator of the runs above. The classifier decides what class an image is of.

${ofConditions(members)}`;
}
