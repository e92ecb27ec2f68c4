import assert from "node:assert/strict";
import { test } from "node:test";
import { Speed } from "../../www/app/speed.js";

test("the speed follows the last three seconds", () => {
  const speed = new Speed();
  assert.equal(speed.value, null);
  speed.note(10, 0);
  assert.equal(speed.value, null, "one moment has no speed");
  speed.note(20, 1000);
  assert.equal(speed.value, 10);
  for (let s = 2; s <= 10; s++) speed.note(20 + 50 * (s - 1), 1000 * s);
  assert.equal(speed.value, 50, "the slow start is forgotten");
  speed.forget();
  assert.equal(speed.value, null);
});

test("steps that take longer than the average still have a speed", () => {
  const speed = new Speed();
  [0, 10_000, 20_000].forEach((at, i) => speed.note(i, at));
  assert.equal(speed.value, 0.1);
});
