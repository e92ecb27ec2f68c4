import assert from "node:assert/strict";
import { test } from "node:test";
import { heightsOf } from "./batch.js";
import { isThin, sizeOf } from "./blocks.js";
import { choicesOf } from "./choice.js";
import * as facts from "./facts.js";
import { lastOf, rangeOf, thinned } from "./readings.js";
import { headOf, lineOf, routes } from "./routes.js";

/** @import { Catalog, Config, Sketch } from "../../protocol.js" */

const choice = (/** @type {string} */ key, /** @type {[string, string][]} */ ...options) => ({
  key,
  values: { type: "choice", options: options.map(([value, label]) => ({ value, label })) },
});
const catalog = /** @type {Catalog} */ (
  /** @type {any} */ ({
    fields: [
      choice(
        "objective",
        ["non-saturating", "non-saturating: −log D(G(z))"],
        ["pearson", "least squares, Pearson: −1, 1, 0"],
      ),
      choice("d_penalty", ["none", "none"], ["r1", "R1 (real samples)"]),
    ],
    toys: [
      ..."abcdefghi".split("").map((id) => ({ id, name: id, space: "plane", drawn: false })),
      { id: "drawn", name: "your own points", space: "plane", drawn: true },
      { id: "normal", name: "normal", space: "line", drawn: false },
    ],
    dataSets: [
      { id: "mnist", name: "MNIST", categories: 10, shape: { channels: 1, height: 28, width: 28 } },
      { id: "shapes", name: "Shapes", categories: 3, shape: { channels: 1, height: 16, width: 16 } },
    ],
  })
);
const config = (/** @type {Config} */ changes = {}) => ({
  data: "mnist",
  latent_dim: 64,
  condition: "none",
  objective: "non-saturating",
  d_penalty: "none",
  d_clip: 0,
  d_steps: 1,
  d_form: "verdict",
  ...changes,
});

test("the formulas say what each network receives", () => {
  const of = (/** @type {string} */ condition) => facts.formulasOf(facts.conditionOf(config({ condition }), catalog));
  assert.deepEqual(of("none"), { generated: "G(z)", real: "D(x)", fake: "D(G(z))" });
  assert.deepEqual(of("projection"), { generated: "G(z, y)", real: "D(x, y)", fake: "D(G(z, y), y)" });
  assert.deepEqual(of("auxiliary"), { generated: "G(z, y)", real: "D(x)", fake: "D(G(z, y))" });
  assert.deepEqual(of("codes"), { generated: "G(z, c)", real: "D(x)", fake: "D(G(z, c))" });
  assert.deepEqual(of("coupled"), { generated: "G(z)", real: "D(x)", fake: "D(G(z))" });
});

test("a condition names its values, and what D tells of them", () => {
  const codes = facts.conditionOf(config({ condition: "codes", code_continuous: 2 }), catalog);
  assert.deepEqual([codes?.name, codes?.facts, codes?.also], ["Code", "10 + 2", "and Q(c | x)"]);
  const classes = facts.conditionOf(config({ condition: "auxiliary", data: "shapes" }), catalog);
  assert.deepEqual([classes?.facts, classes?.toD, classes?.also], ["3", false, "and the class y"]);
  assert.equal(facts.noiseFacts(config(), null), "64 numbers");
  assert.equal(facts.noiseFacts(config({ latent_dim: 1 }), null), "1 number");
  assert.equal(facts.noiseFacts(config(), codes), "64", "beside a condition there is room for the number alone");
});

test("D is called what it is", () => {
  assert.equal(facts.nameOfD(config(), { type: "probability" }), "Discriminator");
  assert.equal(facts.nameOfD(config(), { type: "critic" }), "Critic");
  assert.equal(facts.nameOfD(config({ d_form: "autoencoder" }), { type: "critic" }), "Autoencoder");
});

/** @param {[string, number[], number][]} blocks @returns {Sketch} */
const sketch = (...blocks) => ({
  blocks: blocks.map(([label, shape, parameters]) => ({ label, shape, parameters })),
  parameters: blocks.reduce((sum, [, , n]) => sum + n, 0),
  controls: [],
});
const MLP = sketch(["z", [2], 0], ["fully connected", [32], 96], ["ReLU", [32], 0], ["fully connected", [2], 66]);
const CONVOLUTIONS = sketch(
  ["z", [64], 0],
  ["fully connected", [1568], 100],
  ["reshape", [32, 7, 7], 0],
  ["batch normalisation", [32, 7, 7], 64],
  ["transposed convolution, 4x4, stride 2", [16, 14, 14], 800],
  ["convolution, 3x3", [1, 28, 28], 36],
  ["flatten", [784], 0],
);

test("a network's shapes are its widths, or the ends, where images are images", () => {
  assert.equal(facts.chainOf(MLP, null), "2 → 32 → 2");
  assert.equal(facts.chainOf(CONVOLUTIONS, [1, 28, 28]), "64 → 1×28×28");
  const deep = sketch(...Array.from({ length: 7 }, () => /** @type {[string, number[], number]} */ (["", [9], 1])));
  assert.equal(facts.chainOf(deep, null), "9 → 9");
});

test("other numbers of parameters than the run's wait for a restart", () => {
  assert.deepEqual(facts.networkFacts(MLP, 162, null), { chain: "2 → 32 → 2", count: "162", waits: false });
  assert.equal(facts.networkFacts(MLP, 1218, null).waits, true);
  assert.deepEqual(facts.networkFacts(null, 1218, null), { chain: "", count: "1,218", waits: false });
  assert.equal(facts.networkFacts(MLP, null, null).waits, false, "before there is a run");
});

test("the loss is named with what differs from the plainest", () => {
  assert.equal(facts.lossFacts(config(), catalog), "non-saturating");
  const rich = config({ objective: "pearson", d_penalty: "r1", d_clip: 0.01, d_steps: 5 });
  assert.equal(facts.lossFacts(rich, catalog), "least squares · R1 · clipping · k = 5");
});

test("a reading is a few characters long", () => {
  assert.deepEqual([0.5, -0.123, 1234.5, -2e6, null, NaN].map(facts.reading), [
    "0.50",
    "−0.12",
    "1.2K",
    "−2M",
    "–",
    "–",
  ]);
});

test("gradients are the norm over a network, or the mean length over samples; widths go with their logarithm", () => {
  const layer = (/** @type {number} */ gradient) => ({ name: "", gradient, ratio: 0, size: 0 });
  assert.equal(facts.gradientNorm([layer(3), layer(4)]), 5);
  assert.equal(facts.gradientNorm([]), null);
  assert.equal(facts.gradientNorm([layer(Infinity)]), null);
  assert.equal(facts.meanLength(Float32Array.of(3, 4, 0, 1), 2), 3);
  assert.equal(facts.meanLength(Float32Array.of(3, -4), 1), 3.5);
  assert.equal(facts.meanLength(new Float32Array(0), 2), null);
  assert.deepEqual([0, 1e-3, 0.1, 10, 1e9].map(facts.widthOf), [1.5, 1.5, 3.75, 6, 6]);
});

test("at most eight data sets of one kind, the chosen one and the drawing among them", () => {
  const ids = (/** @type {string} */ chosen) =>
    choicesOf(catalog, chosen)
      .map((c) => c.id)
      .join(" ");
  assert.equal(ids("a"), "a b c d e f g drawn");
  assert.equal(ids("i"), "a b c d e f i drawn");
  assert.equal(ids("drawn"), "a b c d e f g drawn");
  assert.equal(ids("normal"), "normal");
  assert.equal(ids("shapes"), "mnist shapes");
});

test("a block is as high as its channels and as wide as its side, a fully connected layer is a bar", () => {
  const { blocks } = CONVOLUTIONS;
  const sizes = blocks.map((_, i) => sizeOf(blocks, i));
  assert.deepEqual(sizes[2], { height: 1, width: 11 });
  assert.deepEqual(sizes[4], { height: Math.SQRT1_2, width: 22 });
  assert.equal(sizes[5].width, 44);
  assert.deepEqual([sizes[1].height, sizes[1].width], [1, 8]);
  assert.equal(sizes[0].height, Math.sqrt(64 / 1568));
  assert.deepEqual(
    blocks.map(isThin),
    [false, false, true, true, false, false, true],
    "what keeps the layer's shape is a line",
  );
  const d = sketch(["image", [784], 0], ["reshape", [1, 28, 28], 0], ["convolution", [16, 14, 14], 9]).blocks;
  assert.equal(sizeOf(d, 0).width, 44, "an image that comes as a list is an image");
});

const box = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, width: 100, height: 40 });
const BESIDE = {
  data: box(0, 0),
  noise: box(0, 50),
  generator: box(150, 50),
  fake: box(300, 50),
  discriminator: { x: 450, y: 0, width: 100, height: 90 },
  loss: { x: 600, y: 0, width: 100, height: 90 },
};

test("wires run from part to part, and the gradients' way back under them", () => {
  const wires = routes(BESIDE, false);
  assert.deepEqual(
    wires.map((w) => w.name),
    ["noise", "generated", "real", "fake", "d-real", "d-fake", "to-discriminator", "to-generator"],
  );
  const [noise] = wires;
  assert.deepEqual([lineOf(noise), headOf(noise)], ["M100 70L143 70", "M150 70L143 66.5L143 73.5Z"]);
  const back = wires[wires.length - 1];
  assert.deepEqual(back.points.at(-1), [200, 90]);
  assert.ok(back.points[1][1] > 90, "below every part");
  assert.match(lineOf(wires[2]), /^M100 20C/);
});

test("a condition goes to G, and to D where D receives it", () => {
  const boxes = { ...BESIDE, condition: box(0, 70) };
  const names = (/** @type {boolean} */ toD) => routes(boxes, toD).map((w) => w.name);
  assert.ok(names(false).includes("condition") && !names(false).includes("condition-to-d"));
  assert.ok(names(true).includes("condition-to-d"));
});

test("in two rows there is no way back; without a part there is no wire", () => {
  const rows = {
    data: box(0, 0),
    loss: box(110, 0),
    noise: box(0, 60),
    generator: box(110, 60),
    discriminator: box(220, 60),
  };
  assert.deepEqual(
    routes(rows, false).map((w) => w.name),
    ["noise", "fake", "real", "d-real"],
  );
  assert.deepEqual(routes({ data: box(0, 0) }, false), []);
});

test("a sparkline keeps the last value, and leaves outliers out of its range", () => {
  assert.equal(lastOf([1, 2, null]), 2);
  assert.equal(lastOf([null]), null);
  assert.deepEqual(thinned([1, 2, 3, 4, 5], 2), [2, 5]);
  assert.deepEqual(thinned([1, 2], 2), [1, 2]);
  const values = [...Array.from({ length: 98 }, (_, i) => i), 1e6, null, -1e6];
  assert.deepEqual(rangeOf(values), [1, 96]);
  assert.deepEqual(rangeOf([]), [0, 1]);
  assert.deepEqual(rangeOf([3]), [2.5, 3.5]);
});

test("numbers become a histogram of their window", () => {
  assert.deepEqual(heightsOf(Float32Array.of(0.1, 0.2, 0.9, 7), [0, 1], 2), [1, 0.5]);
  assert.deepEqual(heightsOf(new Float32Array(0), [0, 1], 2), [0, 0]);
});
