// The little SVG that the small charts need. They are stretched to their box, so a chart's unit is a hundredth of its
// width.

const NAMESPACE = "http://www.w3.org/2000/svg";
export const WIDTH = 100;

/** A drawing that screen readers take for one picture; who draws says what it shows. @param {string} className @param {number} height @param {SVGElement[]} parts */
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

/** A line through points; null lifts the pen. @param {([number, number] | null)[]} points */
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

/** A hundredth of a unit is far below a pixel. @param {number} v */
export function round(v) {
  return Math.round(v * 100) / 100;
}
