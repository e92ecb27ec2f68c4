// Points from a visitor's file: what is read, how it is moved, and what is said when it cannot be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonErrorAt } from "../../www/data/json-error.js";
import { MOST, PointsError, REACH, parsePoints, textOf } from "../../www/data/points.js";

/** @param {string} text */
const pointsOf = (text) => Array.from(parsePoints(text).points, (v) => Math.round(v * 1e4) / 1e4);
/** @param {string} text @param {RegExp} message */
const refuses = (text, message) =>
  assert.throws(
    () => parsePoints(text),
    (error) => error instanceof PointsError && message.test(error.message),
    text.slice(0, 60),
  );

/** A square from -REACH to REACH stays as it is. */
const SQUARE = [-REACH, -REACH, REACH, -REACH, REACH, REACH];

test("JSON: a list of pairs, with or without a name, and a list of x and y", () => {
  const pairs = [
    [-1, -1],
    [1, -1],
    [1, 1],
  ];
  for (const data of [
    pairs,
    { points: pairs },
    pairs.map(([x, y]) => ({ x, y })),
    { points: pairs.map(([x, y]) => ({ y, x, label: 3 })) },
  ]) {
    assert.deepEqual(pointsOf(JSON.stringify(data)), SQUARE);
  }
  assert.deepEqual(pointsOf(`\uFEFF  ${JSON.stringify(pairs)}\n`), SQUARE, "a byte order mark and blanks around");
});

test("CSV: commas, semicolons, tabs or blanks; a head, quotes, remarks, empty lines, any line ends", () => {
  const texts = [
    "-1,-1\n1,-1\n1,1",
    "x,y\n-1,-1\n1,-1\n1,1\n",
    "-1;-1\r\n1;-1\r\n1;1\r\n",
    "-1\t-1\n1\t-1\n1\t1",
    "-1 -1\n1   -1\n 1 1",
    "# made by hand\n\n-1,-1\n\n1,-1\n1,1",
    '"x","y"\n"-1","-1"\n"1","-1"\n1,1',
    "-1,-1\r1,-1\r1,1",
    "−1,−1\n1e0,-1.0\n+1,1",
  ];
  for (const text of texts) assert.deepEqual(pointsOf(text), SQUARE, JSON.stringify(text));
  assert.deepEqual(pointsOf("-0,5;-0,5\n0,5;-0,5\n0,5;0,5"), SQUARE, "a comma as decimal mark");
  assert.deepEqual(
    pointsOf(",label,Y,X\n0,a,-1,-1\n1,b,-1,1\n2,c,1,1"),
    SQUARE,
    "columns by their names, whatever else there is",
  );
});

test("points are moved to the middle and scaled in proportion, and it is said how", () => {
  const { points, note } = parsePoints("[[10, 100], [14, 100], [10, 101]]");
  assert.deepEqual(
    Array.from(points, (v) => Math.round(v * 1e4) / 1e4),
    [-1.8, -0.45, 1.8, -0.45, -1.8, 0.45],
  );
  assert.match(
    note,
    /^3 points\. Moved by \(12, 101\) to the middle and multiplied by 0\.9, .* from −1\.8 to 1\.8; proportions are kept\.$/,
  );
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
  refuses('[[0, 1], {"x": 3}, [4, 5]]', /^Point 2: y is missing/);
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

test("row 13: what is no JSON is named with its line, whatever the browser says of it", () => {
  const real = JSON.parse;
  // Engines differ: a position, line and column, or neither.
  for (const message of [
    "Unexpected token at position 3",
    "JSON.parse: expected at line 9 column 9 of the JSON data",
    "JSON Parse error: Unexpected identifier",
  ]) {
    JSON.parse = () => {
      throw new SyntaxError(message);
    };
    try {
      refuses(
        "[[0, 1],\n [2, NaN],\n [4, 5]]",
        /not valid JSON \(line 2\): it does not know NaN\. Leave out points that have it\./,
      );
      refuses("[[0, 1],\r\n\r\n [2, 1],\r\n [-Infinity, 5]]", /\(line 4\): it does not know -Infinity/);
      refuses("[[0, 1],\r [2, 1],\r [4; 5]]", /\(line 3\): “;” cannot stand there/);
      refuses("[[0, 1],\n[2, 1],\n]", /\(line 3\): “\]” cannot/);
      refuses("[[0, 1],\n[2, 1]\n", /\(line 3\): it ends too early/);
      refuses("[[0, 1],\n[2, .5]]", /\(line 2\): “\.5” cannot/);
      refuses("[{'x': 1}]", /\(line 1\): “'” cannot/);
      refuses(`[${"[".repeat(100_000)}`, /ends too early/);
      refuses(`[[0, 1],\n[${"q".repeat(5000)}]]`, /\(line 2\): “q{20}…” cannot/);
      refuses('{"x": 0, "y": 1}\n{"x": 1, "y": NaN}\n', /\(line 2\): it does not know NaN/);
    } finally {
      JSON.parse = real;
    }
  }
});

test("row 13: the scan for what is no JSON agrees with the engine's own parser", () => {
  const pieces = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "1",
    "-0.5e+3",
    "01",
    "1.",
    '"a"',
    '"\\u12"',
    '"\\n"',
    "true",
    "nul",
    "NaN",
    " ",
    "\n",
    "'",
    "+1",
    "\u00a0",
  ];
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let k = 0; k < 20_000; k++) {
    const text = Array.from(
      { length: 1 + Math.floor(8 * random()) },
      () => pieces[Math.floor(pieces.length * random())],
    ).join("");
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    assert.equal(jsonErrorAt(text) < 0, valid, JSON.stringify(text));
  }
});

test("row 13: JSON as other programs save it: by columns, or a point on each line", () => {
  for (const text of [
    '{"x": [-1, 1, 1], "y": [-1, -1, 1]}',
    '{"x": {"0": -1, "1": 1, "2": 1}, "y": {"0": -1, "1": -1, "2": 1}}',
    '{"x": -1, "y": -1}\n{"x": 1, "y": -1}\r\n{"y": 1, "x": 1}\n',
    "[-1, -1]\n[1, -1]\n\n[1, 1]",
  ])
    assert.deepEqual(pointsOf(text), SQUARE, text);
  refuses('{"x": [1, 2, 3], "y": [1, 2]}', /3 values of x and 2 of y/);
});

test("row 13: numbers as large and as small as they may be neither overflow nor vanish", () => {
  const { points, note } = parsePoints("[[-1.7e308, -1.7e308], [1.7e308, -1.7e308], [1.7e308, 1.7e308]]");
  assert.deepEqual(
    Array.from(points, (v) => Math.round(v * 1e4) / 1e4),
    SQUARE,
  );
  assert.match(note, /multiplied by 1\.06e−308/);
  for (const v of ["1e308", "1e-320", "5e-324", "1e-300", "1e150", "1e-150"]) {
    const text = `0,0\n${v},0\n${v},${v}`;
    assert.deepEqual(pointsOf(text), SQUARE, v);
    assert.doesNotMatch(parsePoints(text).note, /Infinity|NaN|by 0,/, v);
  }
  assert.deepEqual(
    pointsOf("1,1\n1.0000000000000002,1\n1.0000000000000002,1.0000000000000002"),
    SQUARE,
    "two neighbouring numbers",
  );
  assert.deepEqual(pointsOf("1e308,1\n1e308,3\n1e308,2"), [0, -REACH, 0, REACH, 0, 0]);
  assert.deepEqual(
    pointsOf("1e308,0\n5e-324,0\n0,-1e308"),
    [REACH, REACH, -REACH, REACH, -REACH, -REACH],
    "the largest beside the smallest",
  );
  refuses("1e309,1\n2,3\n4,5", /infinite/);
});

test("row 13: tables as programs of other countries save them", () => {
  const texts = {
    "a byte order mark, \\r\\n, semicolons, commas": "\uFEFFLänge;Breite\r\n-0,5;-0,5\r\n0,5;-0,5\r\n0,5;0,5\r\n",
    "a mark at the end of each line": "x,y,\n-1,-1,\n1,-1,\n1,1,\n",
    "semicolons at the end of each line": "-1;-1;\n1;-1;\n1;1;",
    "quotes around numbers with commas": '"x","y"\n"-0,5","-0,5"\n"0,5","-0,5"\n"0,5","0,5"',
    "Excel's first line": "sep=;\nx;y\n-0,5;-0,5\n0,5;-0,5\n0,5;0,5",
    "blanks, and commas as decimal marks": "-0,5 -0,5\n0,5 -0,5\n0,5 0,5",
    "a comma and a blank between, commas as decimal marks": "-0,5, -0,5\n0,5, -0,5\n0,5, 0,5",
    "points between thousands": "-1.234,5;-1.234,5\n1.234,5;-1.234,5\n1.234,5;1.234,5",
    "commas between thousands": '"-1,234.5","-1,234.5"\n"1,234.5","-1,234.5"\n"1,234.5","1,234.5"',
    "blanks between thousands": "-1 234,5;-1 234,5\n1\u00a0234,5;-1\u202f234,5\n1234,5;1234,5",
    "names with units": "n;x [mm];y [mm]\n1;-1;-1\n2;1;-1\n3;1;1",
    "names with a word before": "id,pos_x,pos_y\n1,-1,-1\n2,1,-1\n3,1,1",
    "names in capitals and quotes": '"Y";"X"\n-1;-1\n-1;1\n1;1',
    "remarks of other programs": "% MATLAB\n// C\n-1\t-1\n1\t-1\n1\t1",
    "full-width digits and true minus signs": "−１,−１\n１,−１\n１,１",
    "powers of ten": "-1·10^2;-1·10²\n1·10^2;-1e2\n1E+2;100",
  };
  for (const [what, text] of Object.entries(texts)) assert.deepEqual(pointsOf(text), SQUARE, what);
});

test("row 13: a comma with two usual meanings is read by the rest of the file, and it is said how", () => {
  const noteOf = (/** @type {string} */ text) => parsePoints(text).note;
  assert.match(noteOf("0,123;1,234\n2,5;1\n3;4"), /Commas were read as decimal marks: “1,234” as 1\.234\.$/);
  assert.match(
    noteOf('"1,000","2,000"\n"3,000","4,000"\n"5,000","1,000"'),
    /marks between thousands: “1,000” as 1000\.$/,
  );
  assert.match(noteOf("1,234;1,234.5\n2;3\n4;5"), /marks between thousands: “1,234” as 1234\.$/);
  assert.doesNotMatch(noteOf("0,5;0,25\n1;2\n3;4"), /Commas/);
  refuses("0,5,1,2\n1,5,2,2\n3,5,4,2", /^Line 1 has 4 values.*If commas are decimal marks here, put semicolons/);
});

test("row 13: files that are no text are named, and Excel's UTF-16 is read", () => {
  const bytes = (/** @type {number[]} */ ...b) => Uint8Array.from([...b, 1, 2, 3, 0, 0]);
  const why = (/** @type {Uint8Array} */ b, /** @type {RegExp} */ words) =>
    assert.throws(
      () => textOf(b),
      (error) => error instanceof PointsError && words.test(error.message),
    );
  why(bytes(0x50, 0x4b, 3, 4), /a spreadsheet or an archive\. Save the table as CSV/);
  why(bytes(0x89, 0x50, 0x4e, 0x47), /an image/);
  why(bytes(0x1f, 0x8b), /compressed/);
  why(bytes(0x93, 0x4e, 0x55, 0x4d), /NumPy.*savetxt/);
  why(bytes(0x7f, 0x45), /no text/);
  const text = "\uFEFFx\ty\r\n-0,5\t-0,5\r\n0,5\t-0,5\r\n0,5\t0,5\r\n";
  const little = Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]));
  const big = Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255]));
  for (const data of [little, big, new TextEncoder().encode(text)]) assert.deepEqual(pointsOf(textOf(data)), SQUARE);
});
