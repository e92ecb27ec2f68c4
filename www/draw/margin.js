// Labels in the margin of a chart: names of reference lines and the last values of curves, each at the height of what it
// names, moved apart where they would overlap.

/** @typedef {{y: number, text: string, color: string, bold?: boolean}} MarginLabel `y` in pixels */

/**
 * Moves labels apart: keeps their order, at least a line's height between them, and all between top and bottom.
 * @param {MarginLabel[]} labels @param {number} line height @param {number} top @param {number} bottom
 * @returns {MarginLabel[]} from top to bottom
 */
export function apart(labels, line, top, bottom) {
  const placed = [...labels].sort((a, b) => a.y - b.y).map((label) => ({ ...label }));
  let least = top + line / 2;
  for (const label of placed) {
    label.y = Math.max(label.y, least);
    least = label.y + line;
  }
  // What was pushed over the bottom edge pushes back.
  let most = bottom - line / 2;
  for (const label of placed.reverse()) {
    label.y = Math.min(label.y, most);
    most = label.y - line;
  }
  return placed.reverse();
}
