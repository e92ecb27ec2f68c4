// Pieces of an SVG drawing in pixels, and round numbers along its axes.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} className */
export function group(className) {
  const node = document.createElementNS(SVG, "g");
  node.setAttribute("class", className);
  return node;
}

/** @param {string} className @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
export function line(className, x1, y1, x2, y2) {
  const node = document.createElementNS(SVG, "line");
  node.setAttribute("class", className);
  Object.entries({ x1, y1, x2, y2 }).forEach(([name, value]) => node.setAttribute(name, String(value)));
  return node;
}

/** @param {string} className @param {string} words @param {number} x @param {number} y @param {"start" | "middle" | "end"} anchor */
export function text(className, words, x, y, anchor) {
  const node = document.createElementNS(SVG, "text");
  node.setAttribute("class", className);
  node.setAttribute("x", x.toFixed(1));
  node.setAttribute("y", y.toFixed(1));
  node.setAttribute("text-anchor", anchor);
  node.textContent = words;
  return node;
}

/** A disc, as a piece of a path. @param {number} x @param {number} y @param {number} r */
export function disc(x, y, r) {
  return `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

/** A square on its corner. @param {number} x @param {number} y @param {number} r */
export function diamond(x, y, r) {
  return `M${(x - r).toFixed(1)} ${y.toFixed(1)}l${r} ${-r}l${r} ${r}l${-r} ${r}Z`;
}

/** From one place to another, with a head where there is room for one. @param {number} x @param {number} y @param {number} tx @param {number} ty */
export function arrow(x, y, tx, ty) {
  const length = Math.hypot(tx - x, ty - y);
  if (!(length > 1)) return "";
  const [ux, uy] = [(tx - x) / length, (ty - y) / length];
  const head = Math.min(5, 0.5 * length);
  const at = (/** @type {number} */ a, /** @type {number} */ b) => `${a.toFixed(1)} ${b.toFixed(1)}`;
  return (
    `M${at(x, y)}L${at(tx, ty)}M${at(tx - head * (ux - 0.6 * uy), ty - head * (uy + 0.6 * ux))}L${at(tx, ty)}` +
    `L${at(tx - head * (ux + 0.6 * uy), ty - head * (uy - 0.6 * ux))}`
  );
}
