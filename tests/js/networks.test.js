import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../www/app/state.js";
import { shapeText, shareOf, valuesOf } from "../../www/views/networks.js";

/** @import { Field } from "../../www/protocol.js" */

const field = (/** @type {any} */ values) =>
  /** @type {Field} */ ({
    key: "k",
    label: "K",
    group: "generator",
    unit: "",
    help: "",
    source: "",
    live: false,
    only: null,
    values,
  });

test("a value that cannot be used is told what is wrong with it, and what would do", () => {
  const units = field({ type: "integer", min: 2, max: 128 });
  assert.equal(explain(units, "16"), null);
  assert.equal(explain(units, "500"), "“500” is too large: enter a whole number between 2 and 128.");
  assert.equal(explain(units, "1"), "“1” is too small: enter a whole number between 2 and 128.");
  assert.equal(explain(units, "3.5"), "“3.5” is not a whole number: enter a whole number between 2 and 128.");
  assert.equal(explain(units, "many"), "“many” is not a number: enter a whole number between 2 and 128.");
  assert.match(String(explain(units, "  ")), /^Nothing is here: /);
  const share = field({ type: "real", min: 0, max: 1, open: true });
  assert.match(String(explain(share, "1")), /^“1” is too large: .*1 itself not included\.$/);
  assert.match(
    String(explain(field({ type: "choice", options: [{ value: "a", label: "" }] }), "b")),
    /^“b” is not one of them: choose one of a\.$/,
  );
});

test("a block's area goes with its values, the largest filling the width", () => {
  const block = (/** @type {number[]} */ shape) => ({ label: "", shape, parameters: 0 });
  const all = [block([16, 14, 14]), block([784]), block([1])];
  assert.equal(valuesOf(all[0].shape), 3136);
  assert.deepEqual(
    all.map((b) => shareOf(b, all)),
    [1, 0.5, 1 / 56],
  );
  assert.equal(shapeText([32, 7, 7]), "32×7×7");
});
