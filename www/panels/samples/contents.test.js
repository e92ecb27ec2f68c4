// What the caption of a grid of generated images says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { agreement, sentence } from "../conditional-accuracy/codes.js";
import { resolution } from "../../views/status.js";
import { headingsOf, subjectOf, viewFrom, viewsOf } from "./contents.js";

/** Values of a code along a sweep, as the core says them. */
const SWEEP = Array.from({ length: 10 }, (_, i) => (4 * i) / 9 - 2);
const CODES = { condition: "codes", code_continuous: 2 };

test("every choice leads to a view, and the first is the one that shows most", () => {
  assert.deepEqual(
    viewsOf({ condition: "none" }).map((v) => v.value),
    ["fixed"],
  );
  assert.deepEqual(
    viewsOf({ condition: "projection", code_continuous: 2 }).map((v) => v.value),
    ["classes", "fixed"],
  );
  assert.deepEqual(
    viewsOf(CODES).map((v) => viewFrom(v.value)),
    [{ type: "classes" }, { type: "sweep", code: 0 }, { type: "sweep", code: 1 }, { type: "fixed" }],
  );
});

test("styles can be mixed where there are styles, from the layer that the slider says", () => {
  const STYLE = { family: "style", condition: "none" };
  assert.deepEqual(
    viewsOf(STYLE).map((v) => viewFrom(v.value, 3)),
    [{ type: "fixed" }, { type: "mixing", code: 3 }],
  );
  assert.match(subjectOf({ type: "mixing", code: 3 }, STYLE, SWEEP), /before layer 4 of the row's noise/);
  assert.equal(
    subjectOf({ type: "mixing", code: 3 }, { family: "dcgan", condition: "none" }, SWEEP),
    "from fixed noise",
  );
  assert.deepEqual(headingsOf({ type: "mixing", code: 3 }, STYLE, [], SWEEP), []);
});

test("networks that grow say how far they have come", () => {
  assert.equal(resolution({ side: 14, alpha: 0.352 }), "14×14, 35 % faded in");
  assert.equal(resolution({ side: 28, alpha: 1 }), "28×28");
  assert.equal(resolution(null), "–");
});

test("columns are headed by classes, codes or numbers, and fixed noise by nothing", () => {
  const names = ["disc", "square", "triangle"];
  assert.deepEqual(headingsOf({ type: "classes" }, { condition: "auxiliary" }, names, SWEEP), names);
  assert.deepEqual(headingsOf({ type: "classes" }, CODES, names, SWEEP), ["c0", "c1", "c2"]);
  const numbers = headingsOf({ type: "sweep", code: 1 }, CODES, names, SWEEP);
  assert.deepEqual([numbers.length, numbers[0], numbers[9]], [10, "−2.0", "2.0"]);
  assert.deepEqual(headingsOf({ type: "fixed" }, CODES, names, SWEEP), []);
  assert.deepEqual(headingsOf({ type: "classes" }, { condition: "none" }, names, SWEEP), []);
  // A code that the run does not have is shown as its codes are.
  assert.match(subjectOf({ type: "sweep", code: 3 }, CODES, SWEEP), /^a code a column/);
  assert.match(subjectOf({ type: "sweep", code: 0 }, CODES, SWEEP), /code 1 from −2 to 2/);
});

test("pairs stand side by side, headed by their kinds", () => {
  const running = { condition: "coupled", coupling: "negatives" };
  assert.deepEqual(
    viewsOf(running).map((v) => v.label),
    ["pairs"],
  );
  assert.deepEqual(headingsOf({ type: "classes" }, running, [], SWEEP).slice(0, 3), ["", "neg.", ""]);
  assert.match(subjectOf({ type: "classes" }, running, SWEEP), /images and negatives/);
  assert.match(agreement({ pairs: 0.961, shuffled: 0.8 }, "edges"), /^96\.1 % .* edges from the EMA of G .* 80\.0 %:/);
});

test("what was found is said with the terms of the conditioning", () => {
  const found = { classified: { confusion: [], accuracy: 0.981, purity: 0.9 }, information: 2.25 };
  assert.match(sentence(found, true, 10), /^Purity 90\.0 %.*2\.25 of ln 10 = 2\.30 nats/);
  assert.match(sentence({ ...found, information: null }, false, 10), /^98\.1 % .* asked for\.$/);
  // Without a classifier D alone is asked.
  const alone = sentence({ classified: null, information: 1 }, true, 3);
  assert.match(alone, /^How many .* not counted: no classifier .* at least 1\.00 of ln 3 = 1\.10 nats\.$/);
});
