// Points from a visitor's file: what is read, how it is moved, and what is said when it cannot be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST, PointsError, REACH, parsePoints } from "../../www/points.js";

/** @param {string} text */
const pointsOf = (text) => Array.from(parsePoints(text).points, (v) => Math.round(v * 1e4) / 1e4);
/** @param {string} text @param {RegExp} message */
const refuses = (text, message) => assert.throws(() => parsePoints(text), (error) => error instanceof PointsError && message.test(error.message), text.slice(0, 60));

/** A square from -REACH to REACH stays as it is. */
const SQUARE = [-REACH, -REACH, REACH, -REACH, REACH, REACH];

test("JSON: a list of pairs, with or without a name, and a list of x and y", () => {
  const pairs = [[-1, -1], [1, -1], [1, 1]];
  for (const data of [pairs, { points: pairs }, pairs.map(([x, y]) => ({ x, y })), { points: pairs.map(([x, y]) => ({ y, x, label: 3 })) }]) {
    assert.deepEqual(pointsOf(JSON.stringify(data)), SQUARE);
  }
  assert.deepEqual(pointsOf(`\uFEFF  ${JSON.stringify(pairs)}\n`), SQUARE, "a byte order mark and blanks around");
});

test("CSV: commas, semicolons, tabs or blanks; a head, quotes, remarks, empty lines, any line ends", () => {
  const texts = [
    "-1,-1\n1,-1\n1,1", "x,y\n-1,-1\n1,-1\n1,1\n", "-1;-1\r\n1;-1\r\n1;1\r\n", "-1\t-1\n1\t-1\n1\t1", "-1 -1\n1   -1\n 1 1",
    "# made by hand\n\n-1,-1\n\n1,-1\n1,1", '"x","y"\n"-1","-1"\n"1","-1"\n1,1', "-1,-1\r1,-1\r1,1", "−1,−1\n1e0,-1.0\n+1,1",
  ];
  for (const text of texts) assert.deepEqual(pointsOf(text), SQUARE, JSON.stringify(text));
  assert.deepEqual(pointsOf("-0,5;-0,5\n0,5;-0,5\n0,5;0,5"), SQUARE, "a comma as decimal mark");
  assert.deepEqual(pointsOf(",label,Y,X\n0,a,-1,-1\n1,b,-1,1\n2,c,1,1"), SQUARE, "columns by their names, whatever else there is");
});

test("points are moved to the middle and scaled in proportion, and it is said how", () => {
  const { points, note } = parsePoints("[[10, 100], [14, 100], [10, 101]]");
  assert.deepEqual(Array.from(points, (v) => Math.round(v * 1e4) / 1e4), [-1.8, -0.45, 1.8, -0.45, -1.8, 0.45]);
  assert.match(note, /^3 points\. Moved by \(12, 101\) to the middle and multiplied by 0\.9, .* from −1\.8 to 1\.8; proportions are kept\.$/);
  // As large as numbers may be: nothing overflows on the way.
  assert.deepEqual(pointsOf("[[-1e300, -1e300], [1e300, -1e300], [1e300, 1e300]]"), SQUARE);
});

test("what cannot be read is said with its place and with what to do", () => {
  refuses("", /empty.*\[\[x, y\], …\]/);
  refuses("[[0, 1], [2, 3], [4, 5]", /not valid JSON.*Points look like/);
  refuses("[[0, 1],\n [2, 3],\n [4; 5]]", /not valid JSON \(line 3\)/);
  refuses('{"data": [[0, 1]]}', /no list of points.*"points"/);
  refuses("[[0, 1], [2, 3, 4], [4, 5]]", /^Point 2 has 3 numbers\. Each point needs two/);
  refuses('[[0, 1], [2, "3"], [4, 5]]', /^Point 2: y is "3", not a number\. Write numbers without quotes/);
  refuses("[[0, 1], [null, 3], [4, 5]]", /^Point 2: x is null/);
  refuses("[[0, 1], {\"x\": 3}, [4, 5]]", /^Point 2: y is missing/);
  refuses("[[0, 1], 7, [4, 5]]", /^Point 2: x is missing/);
  refuses("0,1\n2,3\n\n4\n5,6", /^Line 4 has 1 value: “4”\. Each line needs x and y/);
  refuses("0,1\n2,three\n4,5", /^Line 2: y is “three”, not a number\. Mend or remove the line/);
  refuses("0,one\n2,3\n4,5", /^Line 1: y is “one”/);
  refuses("0,1,2\n2,3,4\n4,5,6", /^Line 1 has 3 values.*call those to use x and y/);
  refuses("a,b,c\n2,3,4", /names 3 columns, but not x and y/);
  refuses("0,1\n2,\n4,5", /^Line 2: y is “”/);
  refuses("hello there, this is no table at all", /No points found/);
});

test("limits: at least three points, at most a hundred thousand, all finite, not all at one place", () => {
  refuses("[]", /^No points found\. At least 3 are needed/);
  refuses("[[0, 1], [2, 3]]", /^Only 2 points found/);
  refuses("x,y\n1,2", /^Only 1 point found/);
  refuses("0,1\n1e999,3\n4,5", /^Point 2 is \(Infinity, 3\)/);
  refuses("0,1\n2,-inf\n4,5", /^Point 2 is \(2, -Infinity\)/);
  refuses("[[0, 1], [1e999, 3], [4, 5]]", /^Point 2 is \(Infinity, 3\)/);
  refuses("0,1\nnan,3\n4,5", /^Line 2: x is “nan”/);
  refuses("1,2\n1,2\n1,2", /All 3 points are at the same place/);
  const many = (/** @type {number} */ n) => Array.from({ length: n }, (_, i) => `${i},${i % 7}`).join("\n");
  assert.equal(parsePoints(many(MOST)).points.length, 2 * MOST);
  refuses(many(MOST + 1), /^100,001 points are more than the 100,000.*Keep one in 2\./);
});
