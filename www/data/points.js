// Reads a visitor's points from a JSON or CSV file, validates them, and scales them to the range that the networks
// expect. Every error names the line and says what to do.

import { jsonErrorAt } from "./json-error.js";
import { grouped } from "../numbers.js";
import { PointsError } from "./points-error.js";
import { parseTable } from "./table.js";
import { cut } from "../words.js";

export { PointsError };

/**
 * @typedef {{points: Float32Array, note: string}} Parsed points as x, y, x, y, ...; `note` says how many there are and
 *   how they were scaled
 */

/** Fewest points of a data set: two would always lie on a line. More than 100,000 would only slow training down. */
export const FEWEST = 3;
export const MOST = 100_000;
/**
 * Half of the longer side of the bounding box after scaling, in units of x: a standard deviation of about 1, as the
 * networks expect.
 */
export const REACH = 1.8;
/**
 * Largest file, in bytes: the most points that are allowed, with two numbers of twenty characters and a comma each,
 * where a character may take three bytes.
 */
export const MOST_BYTES = 16 << 20;

/** Signatures of binary files that are often chosen by mistake, with advice for each. @type {[number[], string][]} */
const KNOWN = [
  [[0x50, 0x4b, 3, 4], "a spreadsheet or an archive. Save the table as CSV"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old spreadsheet. Save the table as CSV"],
  [[0x89, 0x50, 0x4e, 0x47], "an image. Points are read from JSON or CSV"],
  [[0xff, 0xd8, 0xff], "an image. Points are read from JSON or CSV"],
  [[0x1f, 0x8b], "compressed. Unpack it first"],
  [[0x93, 0x4e, 0x55, 0x4d], "a NumPy array. Save it with numpy.savetxt"],
];

/** Decodes a file as UTF-8 or UTF-16; Excel writes both. @param {Uint8Array} bytes */
export function textOf(bytes) {
  const known = KNOWN.find(([start]) => start.every((byte, i) => bytes[i] === byte));
  if (known) throw new PointsError(`This is no text but ${known[1]}.`);
  const wide = [bytes[0], bytes[1]].join();
  const text = new TextDecoder(wide === "255,254" ? "utf-16le" : wide === "254,255" ? "utf-16be" : "utf-8").decode(
    bytes,
  );
  if (text.includes("\0")) throw new PointsError("This is no text. Save the points as JSON or CSV.");
  return text;
}

/** @param {string} text of a file @returns {Parsed} */
export function parsePoints(text) {
  // Blank lines are kept, so that line numbers in errors are those of the file.
  const clean = text.replace(/^\uFEFF/, "");
  const first = clean.trim()[0];
  if (!first)
    throw new PointsError(
      "The file is empty. It should hold points: JSON as [[x, y], …], or CSV with x, y on each line.",
    );
  const { pairs, note } = "[{".includes(first) ? { pairs: fromJson(clean), note: "" } : parseTable(clean);
  const result = scaled(checked(pairs));
  return { ...result, note: `${result.note}${note}` };
}

/** @param {string} text @returns {number[][]} */
function fromJson(text) {
  /** @type {any} */
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    data = jsonLines(text);
    if (!data)
      throw new PointsError(
        `This is not valid JSON ${whereIn(text)} Points look like [[0.5, 1.2], [−0.3, 0.8], …], with a point as decimal mark.`,
      );
  }
  const list = Array.isArray(data) ? data : (data?.points ?? byColumns(data));
  if (!Array.isArray(list))
    throw new PointsError('The JSON has no list of points. Write [[x, y], …] or {"points": [[x, y], …]}.');
  return list.map((entry, i) => {
    const pair = Array.isArray(entry) ? entry : [entry?.x, entry?.y];
    if (pair.length !== 2)
      throw new PointsError(
        `Point ${i + 1} has ${count(pair.length, "number")}. Each point needs two, x and y${pair.length === 4 ? ", with a point as decimal mark" : ""}.`,
      );
    pair.forEach((v, axis) => {
      if (typeof v !== "number")
        throw new PointsError(
          `Point ${i + 1}: ${"xy"[axis]} is ${shown(v)}, not a number. Write numbers without quotes, and leave out points that have none.`,
        );
    });
    return pair;
  });
}

/** Parses JSON Lines, one point per line; null if the text is not in this format. @param {string} text */
function jsonLines(text) {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  if (lines.length < 2) return null;
  try {
    return lines.map((line) => {
      const entry = JSON.parse(line);
      // A list of points that spans several lines, each of them a list, is not JSON Lines.
      if (
        Array.isArray(entry) ? entry.length !== 2 || entry.some((v) => typeof v === "object") : entry?.x === undefined
      )
        throw new Error();
      return entry;
    });
  } catch {
    return null;
  }
}

/** Parses columns: {"x": [...], "y": [...]}, or objects with numbered keys, as pandas writes them. @param {any} data */
function byColumns(data) {
  const [x, y] = [data?.x, data?.y].map((column) =>
    column && typeof column === "object" ? Object.values(column) : null,
  );
  if (!x || !y) return null;
  if (x.length !== y.length)
    throw new PointsError(
      `The JSON has ${count(x.length, "value")} of x and ${grouped(y.length)} of y. Each point needs both.`,
    );
  return x.map((v, i) => [v, y[i]]);
}

/** Position of the first error in a text in which each line should be JSON. @param {string} text */
function firstBadLine(text) {
  let start = 0;
  for (const line of text.split("\n")) {
    const at = line.trim() === "" ? -1 : jsonErrorAt(line);
    if (at >= 0) return start + at;
    start += line.length + 1;
  }
  return text.length;
}

/** Describes the position of a JSON error: the line number and its text. @param {string} text */
function whereIn(text) {
  let at = jsonErrorAt(text);
  if (at < 0) return "for this browser.";
  // If the text before the error is valid JSON that begins with “{”, the file is probably JSON Lines: find its bad
  // line.
  if (text.slice(0, at).trim().startsWith("{") && jsonErrorAt(text.slice(0, at)) < 0) at = firstBadLine(text);
  const line = `(line ${text.slice(0, at).split(/\r\n|\n|\r/).length})`;
  if (at === text.length) return `${line}: it ends too early.`;
  const word = /^(?:[\w.+−-]+|\S)/.exec(text.slice(at, at + 200))?.[0] ?? text[at];
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(word))
    return `${line}: it does not know ${word}. Leave out points that have it.`;
  return `${line}: “${cut(word, 20)}” cannot stand there.`;
}

/** @param {number[][]} pairs */
function checked(pairs) {
  if (pairs.length < FEWEST)
    throw new PointsError(
      `${pairs.length === 0 ? "No points" : `Only ${count(pairs.length, "point")}`} found. At least ${FEWEST} are needed: add some.`,
    );
  if (pairs.length > MOST)
    throw new PointsError(
      `${grouped(pairs.length)} points are more than the ${grouped(MOST)} that this page takes. Keep one in ${Math.ceil(pairs.length / MOST)}.`,
    );
  const bad = pairs.findIndex((p) => !p.every(Number.isFinite));
  if (bad >= 0)
    throw new PointsError(
      `Point ${grouped(bad + 1)} is (${pairs[bad].map(String).join(", ")}): infinite or not a number. Remove it.`,
    );
  return pairs;
}

/**
 * Scales points in proportion: the centre of the bounding box moves to (0, 0), and the longer side to ±REACH.
 * @param {number[][]} pairs @returns {Parsed}
 */
export function scaled(pairs) {
  const largest = pairs.reduce((most, [x, y]) => Math.max(most, Math.abs(x), Math.abs(y)), 0);
  // Scaling by a power of two is exact, and keeps sums of the largest and halves of the smallest numbers in range.
  const unit = largest > 1e150 ? 2 ** -600 : largest < 1e-150 ? 2 ** 600 : 1;
  const span = [0, 1].map((axis) =>
    pairs.reduce(
      ([low, high], p) => [Math.min(low, p[axis] * unit), Math.max(high, p[axis] * unit)],
      [Infinity, -Infinity],
    ),
  );
  const sides = span.map(([low, high]) => high - low);
  const side = Math.max(...sides);
  if (side === 0)
    throw new PointsError(`All ${grouped(pairs.length)} points are at the same place. At least two places are needed.`);
  const points = new Float32Array(2 * pairs.length);
  // Subtract the low end, not the centre: the midpoint of two adjacent floats is not representable.
  pairs.forEach((p, i) =>
    points.set(
      p.map((v, axis) => (REACH * (2 * (v * unit - span[axis][0]) - sides[axis])) / side),
      2 * i,
    ),
  );
  const middle = span.map(([low, high]) => brief((low / 2 + high / 2) / unit)).join(", ");
  const factor = (2 * REACH * unit) / side;
  const by =
    Number.isFinite(factor) && factor > 0
      ? `multiplied by ${brief(factor)}`
      : `multiplied by about 10^${Math.round(Math.log10(2 * REACH) - Math.log10(side) + Math.log10(unit))}`;
  return {
    points,
    note: `${count(pairs.length, "point")}. Moved by (${middle}) to the middle and ${by}, so that the longer side reaches from −${REACH} to ${REACH}; proportions are kept.`,
  };
}

/** @param {number} v */
function brief(v) {
  return String(Number(v.toPrecision(3))).replaceAll("-", "−");
}

/** @param {number} n @param {string} what */
function count(n, what) {
  return `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;
}

/** @param {unknown} v */
function shown(v) {
  return v === undefined ? "missing" : cut(JSON.stringify(v));
}
