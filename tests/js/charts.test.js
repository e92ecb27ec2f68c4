import assert from "node:assert/strict";
import { test } from "node:test";
import { outsideText, robustRange } from "../../www/draw/axis-range.js";
import { axisTexts } from "../../www/draw/curves.js";
import { comparison } from "../../www/panels/samples/inspector.js";
import { aboutLines } from "../../www/panels/losses/lines.js";
import { medianOf, overlap, probability, stepsOf, ticksOf } from "../../www/panels/outputs/outputs.js";
import { PROBABILITY, aboutMarks, scoreLabel, markerOf, scoreSentence, realismMark } from "../../www/views/marks.js";
import { SIGNALS, medianRatio, norm, short } from "../../www/panels/signals/signals.js";
import { place, scaleOf, trendOf } from "../../www/draw/sparkline.js";
import { lineThrough } from "../../www/draw/svg.js";
import { Trail } from "../../www/draw/trail.js";

/** @import { ImageEvaluation, LayerGradientStats, Samples } from "../../www/protocol.js" */

/** @param {string} name @param {number} gradient @param {number} ratio @returns {LayerGradientStats} */
const pull = (name, gradient, ratio) => ({ name, size: 1, gradient, ratio });
/** @param {number} step @returns {ImageEvaluation} */
const measured = (step, gradient = 1) =>
  /** @type {any} */ ({
    step,
    accuracy: { training: 0.9, heldOut: 0.8, fake: 0.7 },
    signals: {
      generator: [pull("0.weight", gradient, 1e-3)],
      discriminator: [pull("0.weight", 3, 1e-3), pull("0.bias", 4, 9)],
    },
  });

test("a line lifts its pen over gaps", () => {
  assert.equal(lineThrough([[0, 1], [2, 3], null, [4, 5.126]]), "M0 1L2 3M4 5.13");
  assert.equal(lineThrough([]), "");
  assert.equal(lineThrough([null, [1, 1]]), "M1 1");
});

test("a logarithmic scale spans at least a factor of ten, reaches its reference, and has no place for zero", () => {
  const scale = scaleOf([0.02, null, 0.02, 0], { log: true });
  assert.ok(Math.abs(scale.high / scale.low - 10) < 1e-9);
  assert.ok(Math.abs(Number(place(0.02, scale)) - 0.5) < 1e-9);
  assert.deepEqual([place(0, scale), place(null, scale), place(NaN, scale)], [null, null, null]);
  const wide = scaleOf([0.1, 1], { log: true, reach: [1e-3] });
  assert.deepEqual([place(1e-3, wide), place(1, wide)], [0, 1]);
  assert.ok(Math.abs(Number(place(0.1, wide)) - 2 / 3) < 1e-9, "decades are equally far apart");
});

test("a linear scale and what lies beyond it", () => {
  assert.deepEqual(scaleOf([2, 6]), { low: 2, high: 6, log: false });
  const scale = { low: 0, high: 1, log: false };
  assert.deepEqual(
    [0.25, -1, 2].map((v) => place(v, scale)),
    [0.25, 0, 1],
  );
  assert.deepEqual(scaleOf([3, 3]), { low: 3, high: 4, log: false });
  assert.deepEqual(scaleOf([], { log: true }), { low: 0.1, high: 1, log: true });
});

test("a trend is what can be seen", () => {
  assert.equal(trendOf([0.5]), "one measurement");
  assert.equal(trendOf([0, 0.2, 0.9, 1]), "rising");
  assert.equal(trendOf([1, null, 0.5, 0]), "falling");
  assert.equal(trendOf([0.5, 0.55, 0.45, 0.5]), "steady");
});

test("the norm is over all layers; the ratio is the median of weights, whatever biases do", () => {
  const pulls = [pull("0.weight", 3, 1e-3), pull("0.bias", 4, 50), pull("2.weight", 0, 3e-3)];
  assert.equal(norm(pulls), 5);
  assert.equal(medianRatio(pulls), 2e-3);
  assert.equal(medianRatio([...pulls, pull("4.weight", 0, 9)]), 3e-3);
  const values = SIGNALS.map((s) => s.value(measured(1)));
  assert.deepEqual(values, [1, 5, 1e-3, 1e-3, 0.9, 0.8, 0.7]);
});

test("a signal's value is as short as it reads well", () => {
  assert.deepEqual([0, 0.7731, 0.001, 12.3, 123.4, 5.31e-8, 1234].map(short), [
    "0",
    "0.77",
    "0.001",
    "12",
    "120",
    "5.3e-8",
    "1.2e+3",
  ]);
});

test("a trail takes what is new, and begins anew with another run", () => {
  const trail = new Trail(["g"], (m) => [norm(m.signals.generator)], 4);
  const history = [measured(100, 1)];
  trail.follow(history);
  history.push(measured(200, 2));
  trail.follow(history);
  trail.follow(history);
  assert.deepEqual(
    [trail.series.steps(), trail.series.column(0, "mean")],
    [
      [100, 200],
      [1, 2],
    ],
  );
  assert.deepEqual(trail.follow([measured(50, 7)]).column(0, "mean"), [7]);
});

test("a histogram's outline has its area, the tallest bin at the top", () => {
  assert.equal(stepsOf([0.25, 0.5, 0, 0.25], 0.5), "M0 60V30H25V0H50V60H75V30H100V60Z");
  assert.equal(stepsOf([1], 2), "M0 60V30H100V60Z");
});

test("ticks are round, few, and hold the zero", () => {
  assert.deepEqual(ticksOf(-2.5, 3), [-2, -1, 0, 1, 2, 3]);
  for (const [low, high] of [
    [-8, 8],
    [-20, 20],
    [-3.3, 11.7],
    [-90, 4],
  ]) {
    const ticks = ticksOf(low, high);
    assert.ok(ticks.length >= 3 && ticks.length <= 8 && ticks.includes(0), `${low} to ${high}: ${ticks}`);
    assert.ok(ticks.every((t) => t >= low && t <= high));
  }
  assert.ok(ticksOf(2.5, 6).every((t) => t >= 2.5));
});

test("overlap, medians and probabilities of two histograms", () => {
  assert.equal(overlap([0.5, 0.5, 0], [0, 0.5, 0.5]), 0.5);
  assert.equal(overlap([1, 0], [0, 1]), 0);
  const spread = { low: -2, high: 2, real: [0, 0, 0.25, 0.75], fake: [0.6, 0.4, 0, 0], output: PROBABILITY };
  assert.deepEqual(
    [spread.real, spread.fake, [0, 1, 0, 0]].map((shares) => medianOf(spread, shares)),
    ["above 1.0", "below −1.0", "near −0.5"],
  );
  assert.deepEqual([0, 2, -2, 10, -10].map(probability), ["1/2", "0.88", "0.12", "≈ 1", "≈ 0"]);
});

test("marks say in words what their frames say in colour", () => {
  const samples = /** @type {Samples} */ ({ scores: new Float32Array([0.25, 0.5]) });
  const marks = { classes: new Uint8Array([7, 0]), realism: new Float32Array([1.25, 0.5]) };
  const names = ["shirt", "", "", "", "", "", "", "bag"];
  assert.deepEqual(markerOf("score", null, names, PROBABILITY)(samples, 0), {
    text: "0.25",
    spoken: "score 0.25",
    share: 0.25,
  });
  assert.deepEqual(markerOf("class", marks, names, PROBABILITY)(samples, 0), {
    text: "bag",
    spoken: "looks like bag",
    frame: "var(--class-7)",
  });
  assert.match(markerOf("realism", marks, names, PROBABILITY)(samples, 0).text, /^1\.25 /);
  assert.deepEqual(markerOf("realism", marks, names, PROBABILITY)(samples, 1).strength, 0);
  assert.deepEqual(markerOf("none", marks, names, PROBABILITY)(samples, 0), { text: "", spoken: "" });
  for (const colouring of /** @type {const} */ (["class", "realism"]))
    assert.equal(markerOf(colouring, null, names, PROBABILITY)(samples, 0).text, "–");
  assert.equal(realismMark(Infinity).text, "10+ ✓");
  assert.match(realismMark(0.996).spoken, /0\.99, outside/);
});

test("a note says what is missing, and why it will not come automatically", () => {
  const classes = new Uint8Array([1]);
  assert.match(aboutMarks("class", null, "auto", "from fixed noise").note, /not been loaded/);
  assert.match(
    aboutMarks("realism", { classes, realism: null }, "auto", "from fixed noise").note,
    /after the first evaluation:/,
  );
  assert.match(
    aboutMarks("realism", { classes, realism: null }, "never", "from fixed noise").note,
    /after the first evaluation, and evaluation is set to “never”/,
  );
  assert.match(
    aboutMarks("realism", { classes, realism: new Float32Array([1]) }, "never", "from fixed noise").note,
    /Kynkäänniemi/,
  );
  assert.equal(aboutMarks("score", null, "auto", "from fixed noise").note, "");
});

test("the reference lines are explained for the loss of the run, and for a critic's", () => {
  const info = (/** @type {import("../../www/protocol.js").Output} */ output) => ({
    gParameters: 1,
    dParameters: 1,
    references: [],
    output,
    equilibrium: "So it is.",
    algorithm: { discriminator: "", generator: "", gSeesReal: false },
    styles: 0,
    codeEntropy: 0,
    sweep: [],
    space: /** @type {const} */ ("images"),
  });
  const plain = aboutLines(info(PROBABILITY));
  assert.equal(plain[0], "So it is.");
  assert.match(plain.join(" "), /dead D.*says little about image quality/s);
  assert.doesNotMatch(aboutLines(info({ type: "critic" })).join(" "), /says little/);
  assert.deepEqual(aboutLines(null), []);
});

test("D's output is shown for what it is", () => {
  const samples = /** @type {Samples} */ ({ scores: new Float32Array([0.5, -12.3, 40]) });
  const shares = (/** @type {import("../../www/protocol.js").Output} */ output) =>
    [0, 1, 2].map((i) => scoreLabel(output)(samples, i));
  const score = shares({ type: "score", threshold: 0.5 });
  assert.deepEqual(
    score.map((m) => m.text),
    ["0.50", "−12", "40"],
  );
  assert.ok(score[0].share === 0.5 && Number(score[1].share) < 0.001 && Number(score[2].share) > 0.999);
  const critic = shares({ type: "critic" });
  assert.ok(critic[1].share === 0 && critic[2].share === 1);
  assert.match(scoreSentence(0.25, PROBABILITY), /D\(x\) = 0\.2500, the probability of being real/);
  assert.match(scoreSentence(-1, { type: "score", threshold: 0.5 }), /−1\.000; above 0\.5/);
  assert.match(scoreSentence(3, { type: "critic" }), /only differences between images/);
});

test("a nearest image is compared once there is something to compare with", () => {
  assert.match(comparison(0.973), /is 0\.97 times that of held-out real images/);
  assert.match(comparison(undefined), /after the first evaluation/);
});

test("row 4: one value of 5e7 does not set the axis, and is counted", () => {
  const losses = Array.from({ length: 500 }, (_, i) => 1 + Math.sin(i) / 2);
  const robust = robustRange([...losses.slice(0, 40), 5e7, null, undefined, NaN, Infinity, ...losses.slice(40), -9e6]);
  assert.deepEqual([robust?.above, robust?.below, robust?.highest, robust?.lowest], [1, 1, 5e7, -9e6]);
  const [low, high] = robust?.range ?? [0, 0];
  assert.ok(low > 0.4 && low < 0.6 && high > 1.4 && high < 1.6, `${low} to ${high}`);
  assert.deepEqual(outsideText(robust, String), [
    "▲ 1 value above, up to 50000000",
    "▼ 1 value below, down to -9000000",
  ]);
});

test("row 4: what is no outlier keeps its place", () => {
  const plain = Array.from({ length: 200 }, (_, i) => i / 200);
  // Within three widths of the rest; beyond them.
  assert.deepEqual([robustRange([...plain, 3.6])?.above, robustRange([...plain, 3.8])?.above], [0, 1]);
  // A loss that grows without end is the curve, and so are a few values.
  const growing = Array.from({ length: 200 }, (_, i) => 1.2 ** i);
  assert.equal(robustRange(growing.slice(0, 15))?.above, 0);
  assert.deepEqual(robustRange([2, 2, 2])?.range, [2, 2]);
  assert.equal(robustRange([null, NaN]), null);
  assert.deepEqual([outsideText(robustRange(plain), String), outsideText(null, String)], [[], []]);
  // Of more than one value in twenty none is left out.
  const often = plain.map((v, i) => (i % 10 === 0 ? 1e6 : v));
  assert.deepEqual(robustRange(often)?.range[1], 1e6);
});

test("an axis has room for a critic's outputs", () => {
  assert.deepEqual(axisTexts([-10000, 0, 25000]), ["−10K", "0", "25K"]);
  assert.deepEqual(axisTexts([0.30000000000000004, -0.5, 100]), ["0.3", "−0.5", "100"]);
});
