// SVG helpers for the small charts. Charts are 100 units wide and stretched to their box.

const NAMESPACE = "http://www.w3.org/2000/svg";
export const WIDTH = 100;

/**
 * An SVG that screen readers treat as one picture; the caller sets its label.
 * @param {string} className @param {number} height @param {SVGElement[]} parts
 */
export function drawing(className, height, parts) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.append(...parts);
  return svg;
}

/** @param {string} className */
export function path(className) {
  const node = document.createElementNS(NAMESPACE, "path");
  node.setAttribute("class", className);
  return node;
}

/** The path through points; null makes a gap. @param {([number, number] | null)[]} points */
export function lineThrough(points) {
  let pen = "M";
  return points
    .map((point) => {
      const piece = point ? `${pen}${round(point[0])} ${round(point[1])}` : "";
      pen = point ? "L" : "M";
      return piece;
    })
    .join("");
}

/** Rounds to a hundredth of a unit, far below a pixel. @param {number} v */
export function round(v) {
  return Math.round(v * 100) / 100;
}
