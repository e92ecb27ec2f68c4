// Parses a table of points in the formats that common programs write: separated by commas, semicolons, tabs or spaces,
// with or without quotes and a header line, with a point or a comma as decimal mark, and with or without thousands
// separators.

import { PointsError } from "./points-error.js";
import { readNumber } from "../read-number.js";
import { cut, listed, quoted } from "../words.js";

/** @typedef {{cells: string[], line: string, number: number}} Row */
/** @typedef {{name: string, split: (line: string) => string[]}} Separator the separator of cells */

/** Number of lines that are examined to detect the separator. */
const SAMPLED_LINES = 20;

/** @type {Separator[]} */
const SEPARATORS = [
  ...[";", "\t", ","].map((mark) => ({ name: mark, split: (/** @type {string} */ line) => cellsOf(line, mark) })),
  { name: "comma and blank", split: (line) => line.split(/,\s+/) },
  { name: " ", split: (line) => line.split(/\s+/) },
];
const [SEMICOLON, TAB, COMMA, COMMA_BLANK, BLANK] = SEPARATORS;

/**
 * @param {string} text of a file
 * @returns {{pairs: number[][], note: string}} `note` says how an ambiguous separator was read; empty if none is
 */
export function parseTable(text) {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== "" && !/^(?:#|%|\/\/)/.test(line));
  // Excel's own declaration of the separator: a first line "sep=;".
  const said = /^"?sep=(.)"?$/i.exec(lines[0]?.line ?? "")?.[1];
  if (said) lines.shift();
  if (lines.length === 0) return { pairs: [], note: "" };
  const mark = SEPARATORS.find((m) => m.name === said) ?? separatorOf(lines.map(({ line }) => line));
  const rows = lines.map(({ line, number }) => ({ line, number, cells: trimmed(mark.split(line)) }));
  const named = rows[0].cells.every((c) => Number.isNaN(numberOf(c, false)));
  const columns = named ? namedColumns(rows[0].cells) : [0, 1];
  const body = rows.slice(named ? 1 : 0);
  const { grouped, note } = commasIn(body, columns, mark);
  return { pairs: body.map((row) => pairOf(row, columns, named, grouped)), note };
}

/**
 * Splits a line into cells. A separator inside quotes is part of the cell.
 * @param {string} line @param {string} mark
 */
function cellsOf(line, mark) {
  if (!line.includes('"')) return line.split(mark);
  /** @type {string[]} */
  const cells = [""];
  let inQuotes = false;
  for (const character of line) {
    if (character === '"') inQuotes = !inQuotes;
    if (character === mark && !inQuotes) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells;
}

/**
 * Removes quotes and spaces around each cell, and the empty cells that trailing separators leave.
 * @param {string[]} cells
 */
function trimmed(cells) {
  const clean = cells.map((c) =>
    c
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  );
  while (clean.length > 2 && clean.at(-1) === "") clean.pop();
  return clean;
}

/** Detects the separator of cells. @param {string[]} lines @returns {Separator} */
function separatorOf(lines) {
  for (const mark of [SEMICOLON, TAB]) if (lines[0].includes(mark.name)) return mark;
  if (!lines[0].includes(",") && !lines.some((line, i) => i < SAMPLED_LINES && line.includes(","))) return BLANK;
  // In “0,5 1,2” and “0,5, 1,2” the comma is the decimal mark.
  const isPair = (/** @type {Separator} */ mark) => (/** @type {string} */ line) => {
    const cells = trimmed(mark.split(line));
    return cells.length === 2 && cells.every((c) => !Number.isNaN(numberOf(c, false)) && !/[.,]$/.test(c));
  };
  const body = lines.slice(lines.length > 1 ? 1 : 0, SAMPLED_LINES);
  return [COMMA, COMMA_BLANK, BLANK].find((mark) => body.every(isPair(mark))) ?? COMMA;
}

/**
 * Decides whether a comma before three digits separates thousands (`grouped`) or is the decimal mark. The other cells
 * of the file decide; if none is unambiguous, it is the decimal mark, unless commas also separate the cells.
 * @param {Row[]} rows @param {number[]} columns @param {Separator} mark
 */
function commasIn(rows, columns, mark) {
  const cells = rows.flatMap(({ cells: row }) => columns.map((c) => row[c] ?? "")).filter((c) => c.includes(","));
  if (cells.length === 0) return { grouped: false, note: "" };
  const unclear = cells.filter((c) => readNumber(c)?.ambiguous);
  const decimal =
    cells.some((c) => !c.includes(".") && !readNumber(c)?.ambiguous) ||
    cells.some((c) => c.lastIndexOf(",") > c.lastIndexOf(".") && c.includes("."));
  const groups = cells.some((c) => c.includes(".") && c.lastIndexOf(".") > c.lastIndexOf(","));
  const grouped = !decimal && (groups || mark === COMMA);
  const note =
    unclear.length === 0
      ? ""
      : ` Commas were read as ${grouped ? "marks between thousands" : "decimal marks"}: ${quoted(unclear[0])} as ${readNumber(unclear[0], grouped)?.value}.`;
  return { grouped, note };
}

/**
 * Reads x and y from the cells of a line.
 * @param {Row} row @param {number[]} columns of x and y @param {boolean} named @param {boolean} grouped
 */
function pairOf({ cells, line, number }, columns, named, grouped) {
  const at = `Line ${number}`;
  if (cells.length < 2)
    throw new PointsError(
      `${at} has ${cells.length} value: ${quoted(line)}. Each line needs x and y, with a comma, semicolon or tab between them.`,
    );
  if (cells.length > 2 && !named) {
    const decimal =
      cells.length === 4 && cells.every((c) => /^[+−-]?\d+$/.test(c))
        ? " If commas are decimal marks here, put semicolons between x and y."
        : "";
    throw new PointsError(
      `${at} has ${cells.length} values: ${quoted(line)}. Leave two columns, or call those to use x and y in a first line.${decimal}`,
    );
  }
  return columns.map((column, axis) => {
    const cell = cells[column] ?? "";
    const v = numberOf(cell, grouped);
    if (Number.isNaN(v))
      throw new PointsError(`${at}: ${"xy"[axis]} is “${cut(cell)}”, not a number. Mend or remove the line.`);
    return v;
  });
}

/**
 * Interprets the first line as column names. Returns the indices of the columns x and y, or of the only two columns.
 * @param {string[]} cells
 */
function namedColumns(cells) {
  const [x, y] = ["x", "y"].map((axis) =>
    columnOf(
      cells.map((c) => c.toLowerCase()),
      axis,
    ),
  );
  if (x >= 0 && y >= 0) return [x, y];
  if (cells.length !== 2)
    throw new PointsError(
      `The first line names ${cells.length} column${cells.length === 1 ? "" : "s"}, but not x and y: ${quoted(listed(cells, ", ", 8))}. Call the two columns to use x and y.`,
    );
  return [0, 1];
}

/**
 * Index of the column “x”, or of the only one with a name like “x [mm]”, “X-Wert” or “pos_x”; -1 if there is none.
 * @param {string[]} names @param {string} axis
 */
function columnOf(names, axis) {
  if (names.includes(axis)) return names.indexOf(axis);
  const like = names.filter((name) =>
    new RegExp(`(?:^|[^\\p{L}\\d])${axis}(?:$|[^\\p{L}\\d])`, "u").test(name.replaceAll("_", " ")),
  );
  return like.length === 1 ? names.indexOf(like[0]) : -1;
}

/** @param {string} cell @param {boolean} grouped */
function numberOf(cell, grouped) {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(cell);
  return infinite ? Number(`${infinite[1]}Infinity`) : (readNumber(cell, grouped)?.value ?? NaN);
}
