// A visitor's points, from a file of JSON or CSV: checked once, here, and moved to where the networks expect data. Whatever is wrong is
// said with its line and with what to do.

import { grouped } from "./numbers.js";

/** @typedef {{points: Float32Array, note: string}} Parsed points as x, y, x, y...; `note`: how many, and how they were moved */

/** Three are the fewest that are not a line; more than 100,000 would only be slow. */
export const FEWEST = 3;
export const MOST = 100_000;
/** The larger half side of what the points span: data of the networks has about a deviation of 1. */
export const REACH = 1.8;
/** A character of three bytes in a number of twenty, twice, and a comma: what a file of that many points could come to. */
export const MOST_BYTES = 16 << 20;

/** A file that cannot be used, in words for whoever chose it. */
export class PointsError extends Error {}

/** @param {string} text of a file @returns {Parsed} */
export function parsePoints(text) {
  // Blank lines stay: errors name lines as the file has them.
  const clean = text.replace(/^\uFEFF/, "");
  const first = clean.trim()[0];
  if (!first) throw new PointsError("The file is empty. It should hold points: JSON as [[x, y], …], or CSV with x, y on each line.");
  const pairs = "[{".includes(first) ? fromJson(clean) : fromCsv(clean);
  return scaled(checked(pairs));
}

/** @param {string} text @returns {number[][]} */
function fromJson(text) {
  /** @type {any} */
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new PointsError(`This is not valid JSON${whereIn(text, /** @type {Error} */ (error).message)}. Points look like [[0.5, 1.2], [−0.3, 0.8], …], with a point as decimal mark.`);
  }
  const list = Array.isArray(data) ? data : data?.points;
  if (!Array.isArray(list)) throw new PointsError("The JSON has no list of points. Write [[x, y], …] or {\"points\": [[x, y], …]}.");
  return list.map((entry, i) => {
    const pair = Array.isArray(entry) ? entry : [entry?.x, entry?.y];
    if (pair.length !== 2) throw new PointsError(`Point ${i + 1} has ${count(pair.length, "number")}. Each point needs two, x and y.`);
    pair.forEach((v, axis) => {
      if (typeof v !== "number") throw new PointsError(`Point ${i + 1}: ${"xy"[axis]} is ${shown(v)}, not a number. Write numbers without quotes, and leave out points that have none.`);
    });
    return pair;
  });
}

/** Which line the browser's message is about, if it says so. @param {string} text @param {string} message */
function whereIn(text, message) {
  const position = /position (\d+)/.exec(message);
  if (!position) return "";
  return ` (line ${text.slice(0, Number(position[1])).split("\n").length})`;
}

/** @param {string} text @returns {number[][]} */
function fromCsv(text) {
  const lines = text.split(/\r\n|\n|\r/).map((line, i) => ({ line: line.trim(), number: i + 1 })).filter(({ line }) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) return [];
  // Semicolons or tabs where a comma is the decimal mark; blanks as numerical programs write them.
  const mark = [";", "\t", ","].find((m) => lines[0].line.includes(m)) ?? " ";
  const split = (/** @type {string} */ line) => line.split(mark === " " ? /\s+/ : mark).map((c) => c.trim().replace(/^"(.*)"$/, "$1"));
  const head = split(lines[0].line);
  const named = head.every((c) => Number.isNaN(numberOf(c, mark)));
  const columns = named ? namedColumns(head) : [0, 1];
  return lines.slice(named ? 1 : 0).map(({ line, number }) => pairOf(split(line), columns, named, mark, `Line ${number}`, line));
}

/** @param {string[]} cells @param {number[]} columns of x and y @param {boolean} named @param {string} mark @param {string} at @param {string} line */
function pairOf(cells, columns, named, mark, at, line) {
  if (cells.length < 2) throw new PointsError(`${at} has ${count(cells.length, "value")}: “${short(line)}”. Each line needs x and y, with a comma, semicolon or tab between them.`);
  if (cells.length > 2 && !named) throw new PointsError(`${at} has ${cells.length} values: “${short(line)}”. Leave two columns, or call those to use x and y in a first line.`);
  return columns.map((column, axis) => {
    const cell = cells[column] ?? "";
    const v = numberOf(cell, mark);
    if (Number.isNaN(v)) throw new PointsError(`${at}: ${"xy"[axis]} is “${short(cell)}”, not a number. Mend or remove the line.`);
    return v;
  });
}

/** A first line of names: the columns called x and y, or the two that there are. @param {string[]} cells */
function namedColumns(cells) {
  const names = cells.map((c) => c.toLowerCase());
  const [x, y] = [names.indexOf("x"), names.indexOf("y")];
  if (x >= 0 && y >= 0) return [x, y];
  if (cells.length !== 2) throw new PointsError(`The first line names ${count(cells.length, "column")}, but not x and y: “${short(cells.join(", "))}”. Call the two columns to use x and y.`);
  return [0, 1];
}

/** @param {string} cell @param {string} mark between cells */
function numberOf(cell, mark) {
  if (cell === "") return NaN;
  const text = (mark === "," ? cell : cell.replace(",", ".")).replace("−", "-");
  return Number(text.replace(/^([+-]?)inf(inity)?$/i, "$1Infinity"));
}

/** @param {number[][]} pairs */
function checked(pairs) {
  if (pairs.length < FEWEST) throw new PointsError(`${pairs.length === 0 ? "No points" : `Only ${count(pairs.length, "point")}`} found. At least ${FEWEST} are needed: add some.`);
  if (pairs.length > MOST) throw new PointsError(`${grouped(pairs.length)} points are more than the ${grouped(MOST)} that this page takes. Keep one in ${Math.ceil(pairs.length / MOST)}.`);
  const bad = pairs.findIndex((p) => !p.every(Number.isFinite));
  if (bad >= 0) throw new PointsError(`Point ${grouped(bad + 1)} is (${pairs[bad].map(String).join(", ")}): infinite or not a number. Remove it.`);
  return pairs;
}

/** In proportion, the middle of what they span to (0, 0), the longer side to ±REACH. @param {number[][]} pairs @returns {Parsed} */
export function scaled(pairs) {
  const span = [0, 1].map((axis) => pairs.reduce(([low, high], p) => [Math.min(low, p[axis]), Math.max(high, p[axis])], [Infinity, -Infinity]));
  const [cx, cy] = span.map(([low, high]) => low / 2 + high / 2);
  const half = Math.max(...span.map(([low, high]) => high / 2 - low / 2));
  if (half === 0) throw new PointsError(`All ${grouped(pairs.length)} points are at the same place. At least two places are needed.`);
  const scale = REACH / half;
  const points = new Float32Array(2 * pairs.length);
  pairs.forEach(([x, y], i) => points.set([(x - cx) * scale, (y - cy) * scale], 2 * i));
  const middle = `(${brief(cx)}, ${brief(cy)})`;
  return { points, note: `${count(pairs.length, "point")}. Moved by ${middle} to the middle and multiplied by ${brief(scale)}, so that the longer side reaches from −${REACH} to ${REACH}; proportions are kept.` };
}

/** @param {number} v */
function brief(v) {
  return String(Number(v.toPrecision(3))).replace("-", "−");
}

/** @param {number} n @param {string} what */
function count(n, what) {
  return `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;
}

/** @param {string} text */
function short(text) {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** @param {unknown} v */
function shown(v) {
  return v === undefined ? "missing" : short(JSON.stringify(v));
}
