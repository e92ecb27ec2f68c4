// The numbers behind the plane's picture, each against an answer obtained another way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axisTicks, contour, frameOf, mapAt, nearestPoint, pointBeyond } from "../../draw/geometry.js";
import { colourAt, commonScale, mapOf, paintMap, rgbOf, scaleOfMap } from "./heat.js";
import { everyOf, usualLength } from "./layers-drawn.js";
import { aboutFake, aboutMapped, aboutPlace, factsOf, outside, tuple } from "./readout.js";
import {
  SHADES,
  cellArea,
  morphed,
  noiseInPlane,
  noiseShares,
  opacityOf,
  opacityOfShade,
  shadeOf,
  sheetNoise,
} from "./sheet.js";
import { Raster, coverage, makeStamps, packed } from "./raster.js";
import { generatorOf, madeUpScene } from "../../../tests/js/scene.js";

/** @type {import("../../draw/geometry.js").Window} */
const WINDOW = [-2, 2, -1, 1];
/** @type {import("./heat.js").Palette} */
const PALETTE = { fake: [240, 190, 150], middle: [255, 255, 255], real: [170, 200, 230], gap: [180, 150, 210] };
const [TILTED, SPACE] = [(/** @type {number} */ x, /** @type {number} */ y) => 2 * x - 3 * y + 0.25, 16];
/** The values of a function at the nodes of a map. @param {(x: number, y: number) => number} f @param {number} side @param {number[]} window */
const mapped = (f, side, [l, r, b, t]) =>
  Float32Array.from({ length: side * side }, (_, k) =>
    f(l + ((r - l) * ((k % side) + 0.5)) / side, b + ((t - b) * (Math.floor(k / side) + 0.5)) / side),
  );
const near = (/** @type {number} */ a, /** @type {number} */ b, within = 1e-5) =>
  assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

test("numbers become pixels and pixels numbers, up is up, and both axes have one scale", () => {
  const frame = frameOf(WINDOW, { left: 30, top: 10, width: 400, height: 400 });
  assert.deepEqual([frame.x(-2), frame.x(2), frame.y(0)], [30, 430, 210]);
  assert.ok(frame.y(1) < frame.y(-1));
  assert.deepEqual(frame.window, [-2, 2, -2, 2], "the window is widened to the frame");
  for (const v of [-1.3, 0, 0.77]) {
    near(frame.fromX(frame.x(v)), v);
    near(frame.fromY(frame.y(v)), v);
  }
});

test("axes have round numbers, about as many as wished", () => {
  assert.deepEqual(axisTicks(-2, 2, 5), { values: [-2, -1, 0, 1, 2], digits: 0 });
  assert.deepEqual(axisTicks(-0.31, 0.31, 4).digits, 1);
  for (const [low, high] of [
    [-1.8, 1.8],
    [0, 0.007],
    [-4000, 900],
    [3, 3.5],
  ]) {
    const { values, digits } = axisTicks(low, high, 5);
    assert.ok(values.length >= 2 && values.length <= 7, `${values}`);
    assert.ok(values.every((v) => v >= low - 1e-9 && v <= high + 1e-9));
    assert.equal(new Set(values.map((v) => v.toFixed(digits))).size, values.length, "no two read the same");
  }
});

test("the point that is meant is the nearest, as a search through all finds", () => {
  const random = generatorOf(3);
  const points = Float32Array.from({ length: 400 }, () => 4 * random() - 2);
  for (let k = 0; k < 50; k++) {
    const [x, y] = [4 * random() - 2, 4 * random() - 2];
    const all = Array.from({ length: 200 }, (_, i) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y));
    assert.equal(nearestPoint(points, x, y, 9), all.indexOf(Math.min(...all)));
  }
  assert.equal(nearestPoint(points, 50, 50, 1), -1);
  assert.equal(nearestPoint(Float32Array.from([NaN, NaN, 1, 1]), 1, 1, 0.1), 1, "what is no number is not meant");
});

test("arrow keys go the way they point, and come to an end", () => {
  const cross = Float32Array.from([0, 0, 1, 0.2, 2, 0, -1, 0, 0, 1, 0, 0]);
  assert.deepEqual(
    [
      pointBeyond(cross, 0, [1, 0]),
      pointBeyond(cross, 1, [1, 0]),
      pointBeyond(cross, 0, [-1, 0]),
      pointBeyond(cross, 0, [0, 1]),
    ],
    [1, 2, 3, 4],
  );
  assert.equal(pointBeyond(cross, 2, [1, 0]), 2, "nothing is beyond the last");
});

test("a map is linear between its nodes, and unknown outside", () => {
  const map = mapped(TILTED, SPACE, WINDOW);
  for (const [x, y] of [
    [0, 0],
    [1.2, -0.5],
    [-1.7, 0.83],
  ])
    near(mapAt(map, SPACE, WINDOW, x, y), TILTED(x, y));
  assert.ok(Number.isNaN(mapAt(map, SPACE, WINDOW, 2.1, 0)));
  assert.ok(Number.isNaN(mapAt(new Float32Array(0), 0, WINDOW, 0, 0)));
});

test("the border lies where a map has its value: on a plane exactly, on a circle all around", () => {
  const side = 40;
  const square = [-2, 2, -2, 2];
  const at = (/** @type {number} */ node) => -2 + (4 * (node + 0.5)) / side;
  const straight = contour(mapped(TILTED, side, square), side, 0.6);
  assert.ok(straight.length > 0);
  for (let k = 0; k < straight.length; k += 2) near(TILTED(at(straight[k]), at(straight[k + 1])), 0.6, 1e-4);
  const round = contour(
    mapped((x, y) => Math.hypot(x, y), side, square),
    side,
    1.2,
  );
  let length = 0;
  for (let k = 0; k < round.length; k += 4)
    length += Math.hypot(round[k] - round[k + 2], round[k + 1] - round[k + 3]) * (4 / side);
  near(length, 2 * Math.PI * 1.2, 0.02);
  assert.deepEqual(contour(Float32Array.from([0, 1, NaN, 1]), 2, 0.5), [], "no border where a node is no number");
  assert.equal(contour(Float32Array.from([0, 1, 1, 0]), 2, 0.5).length, 8, "a saddle has two lines");
});

test("maps: real and generated at the ends, the border pale, a gap from nothing to much", () => {
  assert.deepEqual(rgbOf("#0a0"), [0, 170, 0]);
  assert.deepEqual(
    [0, 0.5, 1].map((v) => colourAt(v, "d", PALETTE)),
    [PALETTE.fake, PALETTE.middle, PALETTE.real],
  );
  assert.deepEqual(
    [0, 1].map((v) => colourAt(v, "gap", PALETTE)),
    [PALETTE.middle, PALETTE.gap],
  );
  const map = Float32Array.from([0, 1, NaN, 0.5]);
  const pixels = paintMap(map, 2, "d", { low: 0, middle: 0.5, high: 1, words: ["", "", ""] }, PALETTE);
  assert.deepEqual([...pixels.slice(8, 11)], PALETTE.fake, "the first row is the lowest");
  assert.deepEqual([...pixels.slice(12, 15)], PALETTE.real);
  assert.deepEqual([pixels[3], pixels[7]], [0, 255], "what is unknown is clear");
});

test("the scale of a map follows what D's output means", () => {
  const values = Float32Array.from([-3, 1, 4, NaN]);
  assert.deepEqual(scaleOfMap(values, "d", { type: "probability" }), {
    low: 0,
    middle: 0.5,
    high: 1,
    words: ["generated", "", "real"],
  });
  const score = scaleOfMap(values, "d", { type: "score", threshold: 0.5 });
  assert.deepEqual([score.low, score.middle, score.high], [-3, 0.5, 4], "the border is in the middle");
  const critic = scaleOfMap(values, "d", { type: "critic" });
  assert.deepEqual([critic.low, critic.middle, critic.high, critic.words[1]], [-3, null, 4, "more real →"]);
  const flat = scaleOfMap(new Float32Array(4), "d", { type: "critic" });
  assert.ok(flat.low < flat.high);
  const snapshot = madeUpScene();
  const gap = mapOf(snapshot, "gap");
  near(gap[1176], Math.abs(snapshot.dOutput[1176] - snapshot.dOptimal[1176]));
  assert.equal(mapOf({ ...snapshot, dOptimal: new Float32Array(0) }, "gap").length, 0);
  const [low, high] = [-3, 4].map((v) => ({ ...snapshot, dOutput: new Float32Array(4).fill(v) }));
  const common = commonScale([low, high], "d", [
    { type: "score", threshold: 0 },
    { type: "score", threshold: 0 },
  ]);
  assert.deepEqual([common?.low, common?.high], [-4, 4], "of two runs, one scale");
  assert.equal(
    commonScale([low, high], "d", [{ type: "critic" }, { type: "critic" }]),
    null,
    "what critics say cannot be compared",
  );
  assert.equal(commonScale([low], "d", [{ type: "critic" }])?.high, -2.5);
  assert.equal(commonScale([low, high], "d", [{ type: "critic" }, { type: "probability" }]), null);
});

test("a cell's area, also of a folded one, and its strength by density", () => {
  const square = Float32Array.from([0, 0, 2, 0, 0, 3, 2, 3]);
  near(cellArea(square, 2, 0, 0), 6);
  const folded = Float32Array.from([0, 0, 2, 0, 2, 3, 0, 3]);
  near(cellArea(folded, 2, 0, 0), 6);
  assert.ok(
    opacityOf(0.001, 0.01) > opacityOf(0.01, 0.01) && opacityOf(0.01, 0.01) > opacityOf(0.1, 0.01),
    "smaller is denser",
  );
  near(opacityOf(0.01, 0.04) / opacityOf(0.01, 0.01), 2, 1e-9);
  assert.equal(opacityOf(0, 0.01), opacityOf(1e-12, 0.01), "a cell without area is as dense as can be");
  for (const o of [0.01, 0.2, 0.5, 0.79]) near(opacityOfShade(shadeOf(o)), o, 0.51 / SHADES);
  const z = Float32Array.from({ length: 21 }, (_, i) => (i - 10) / 4);
  const shares = noiseShares(z, true);
  near(
    shares.reduce((a, b) => a + b, 0),
    1,
    1e-9,
  );
  // Of a normal within 2.5 deviations, 0.0987 of 0.98758 lies between 0 and 0.25.
  near(shares[10], 0.09871 / 0.98758, 3e-4);
  assert.ok(noiseShares(z, false).every((s) => Math.abs(s - 0.05) < 1e-9));
});

test("points go from noise to output on straight lines", () => {
  const [from, to] = [Float32Array.from([0, 0, 1, 1]), Float32Array.from([2, 4, 1, NaN])];
  assert.deepEqual([...morphed(from, to, 0.5)], [1, 2, 1, NaN]);
  assert.equal(morphed(from, to, 1), to);
  assert.deepEqual([...morphed(from, to, 0).slice(0, 3)], [0, 0, 1]);
  const z = Float32Array.from([3, -3, 9, 0, 1, 9]);
  assert.deepEqual(
    [...noiseInPlane(z, 3, 3, [-2, 2, -2, 2])].map((v) => Math.round(v * 1e3) / 1e3),
    [1.9, -1.9, 0, 0.633],
    "the first two numbers of three",
  );
  assert.deepEqual(
    [...noiseInPlane(Float32Array.from([1, -1]), 1, 1, [-1, 3, 0, 4])].map((v) => Math.round(v * 1e3) / 1e3),
    [2.9, 2, -0.9, 2],
    "one number along the middle",
  );
  assert.deepEqual(
    [...sheetNoise(Float32Array.from([-1, 1]), 2)],
    [-1, -1, 1, -1, -1, 1, 1, 1],
    "the first number changes fastest",
  );
});

test("arrows are as long as most of them, whatever one outlier does, and not on every point", () => {
  const vectors = new Float32Array(200).fill(0.03);
  vectors.set([1e6, NaN, 1e6, 1e6], 0);
  near(usualLength(vectors), Math.hypot(0.03, 0.03));
  assert.equal(usualLength(new Float32Array(0)), 0);
  assert.deepEqual([everyOf(10), everyOf(300), everyOf(5000)], [1, 1, 17]);
});

test("a shape covers what its area says, and stamps blend as paint does", () => {
  for (const [shape, area] of /** @type {const} */ ([
    ["disc", Math.PI * 9],
    ["diamond", 2 * (1.35 * 3) ** 2],
  ])) {
    let sum = 0;
    for (let y = -8; y <= 8; y++) for (let x = -8; x <= 8; x++) sum += coverage(shape, x, y, 3);
    near(sum, area, 1.3);
  }
  const raster = new Raster(null);
  raster.clear(10, 10);
  const { pixels } = raster;
  raster.stamp(makeStamps("disc", 2, 0, [200, 100, 50], [0, 0, 0]), 5, 5);
  assert.equal(pixels[55] >>> 0, 0xff3264c8, "opaque, blue above green above red");
  assert.equal(pixels[0], 0);
  raster.stamp(makeStamps("disc", 2, 2, [1, 2, 3], [90, 90, 90]), -3, 12);
  raster.line(0, 5, 9, 5, 1, packed([0, 0, 0], 128));
  assert.equal(pixels[55] >>> 24, 255);
  near(pixels[55] & 255, 100, 1);
  assert.deepEqual(
    [pixels[50] >>> 24, pixels[59] >>> 24, pixels[40]],
    [128, 128, 0],
    "from end to end, and as thick as a pixel",
  );
});

test("a line covers its length times its width, whichever way it goes, and what is outside is left out", () => {
  for (const [x, y] of [
    [40, 7],
    [7, 40],
    [-40, 21],
    [-20, -40],
    [30, 30],
  ]) {
    const raster = new Raster(null);
    raster.clear(100, 100);
    raster.line(50, 50, 50 + x, 50 + y, 2, packed([0, 0, 0], 255));
    const sum = raster.pixels.reduce((all, p) => all + (p >>> 24) / 255, 0);
    near(sum / (2 * Math.hypot(x, y)), 1, 0.06);
  }
  const raster = new Raster(null);
  raster.clear(10, 10);
  raster.line(-500, -500, -20, -3, 2, packed([0, 0, 0], 255));
  raster.line(NaN, 0, 5, 5, 2, packed([0, 0, 0], 255));
  raster.line(2, 3, Infinity, 5, 2, packed([0, 0, 0], 255));
  assert.ok(raster.pixels.every((p) => p === 0));
});

test("the read-out says the scene's own numbers", () => {
  const snapshot = madeUpScene({ points: 20 });
  const lines = aboutFake(snapshot, 3);
  assert.equal(lines.title, "Generated point 4");
  assert.equal(lines.x, tuple(snapshot.fake.subarray(6, 8)));
  assert.equal(lines.z, tuple(snapshot.z.subarray(6, 8)));
  assert.equal(
    lines.score,
    snapshot.fakeScores[3] < 0.001
      ? snapshot.fakeScores[3].toExponential(1).replace("-", "−")
      : snapshot.fakeScores[3].toFixed(3),
  );
  assert.match(lines.arrow, /^\(.*\), length 0\.\d+$/);
  assert.match(aboutPlace(snapshot, 1.4, 0).score, /^0\.\d{3}; D\* 0\.\d{3}$/);
  assert.match(aboutPlace(snapshot, 1.9, 1.9).score, /D\* undefined, no points here$/);
  assert.equal(
    aboutPlace({ ...snapshot, dOptimal: new Float32Array(0) }, 0, 0).score,
    tuple([snapshot.dOutput[24 * 48 + 24]]),
  );
  assert.equal(aboutMapped(Float32Array.from([1, -2]), null).z, "(1.000, −2.000)");
  assert.equal(tuple([1, 2, 3, 4, 5]), "(1.000, 2.000, 3.000, 4.000, …)");
  assert.equal(tuple([NaN]), "not a number");
});

test("a scene in a sentence: gap, value with its optimum, and what a picture would hide", () => {
  const snapshot = { ...madeUpScene({ points: 4 }), fake: Float32Array.from([0, 0, 9, 0, NaN, 1, 1, 1]) };
  assert.deepEqual(outside(snapshot), { beyond: 1, broken: 1 });
  const text = factsOf(snapshot);
  // 2 JS - log 4.
  assert.match(
    text,
    /differs from D\* by 0\.123.*V\(D, G\) −1\.200; with D\* it would be −0\.986, in equilibrium −log 4 = −1\.386/,
  );
  assert.match(text, /1 of 4 generated points lie outside.*1 of 4 generated points are not finite/);
  assert.match(
    factsOf(madeUpScene({ points: 900 }), true),
    /One point in 3 has an arrow; nine tenths of the gradients are shorter than 0\.\d{3}\./,
  );
  assert.doesNotMatch(factsOf({ ...snapshot, gap: NaN, value: NaN }), /V\(D|D\*/);
});
