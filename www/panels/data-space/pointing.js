// Pointing at the data space plot with a mouse, a finger, a pen or the arrow keys: reports the selected generated
// point, or the position.

import { nearestPoint, pointBeyond } from "../../draw/geometry.js";

/** @import { Plane } from "./plane.js" */
/** @typedef {{fake: number} | {place: [number, number]} | null} Aim */

/** Radius in pixels within which a point is selected; larger for a finger, which covers more. */
const REACH_PX = { mouse: 12, touch: 26 };

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {HTMLCanvasElement} canvas over the plot @param {Plane} plane
 * @param {(aim: Aim, kept: boolean) => void} aimed `kept`: whether the point was chosen by a click, a tap or a key, and
 *   not only hovered over
 */
export function watchPointing(canvas, plane, aimed) {
  let at = -1;
  /** @param {PointerEvent} event @returns {Aim} */
  const aimOf = ({ offsetX, offsetY, pointerType }) => {
    const { frame } = plane;
    if (!frame) return null;
    const [x, y] = [frame.fromX(offsetX), frame.fromY(offsetY)];
    const fake = nearestPoint(
      plane.at,
      x,
      y,
      (pointerType === "touch" ? REACH_PX.touch : REACH_PX.mouse) / frame.scale,
    );
    if (fake >= 0) return { fake };
    const [l, r, b, t] = frame.window;
    return x >= l && x <= r && y >= b && y <= t ? { place: [x, y] } : null;
  };
  canvas.addEventListener("pointermove", (event) => aimed(aimOf(event), event.pointerType === "touch"));
  canvas.addEventListener("pointerdown", (event) => {
    const aim = aimOf(event);
    at = aim && "fake" in aim ? aim.fake : -1;
    aimed(aim, true);
  });
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") aimed(null, false);
  });
  canvas.addEventListener("keydown", (event) => {
    const count = plane.at.length / 2;
    if (count === 0) return;
    const way = WAYS[event.key];
    if (event.key === "Escape") at = -1;
    else if (way) at = at < 0 || at >= count ? 0 : pointBeyond(plane.at, at, way);
    else if (event.key === "PageDown") at = (at + 1) % count;
    else if (event.key === "PageUp") at = (Math.max(at, 0) + count - 1) % count;
    else if (event.key === "Home") at = 0;
    else if (event.key === "End") at = count - 1;
    else return;
    event.preventDefault();
    aimed(at < 0 ? null : { fake: at }, true);
  });
  canvas.addEventListener("focus", () => {
    // Only for focus by keyboard: a click has already selected a point.
    if (at < 0 && plane.at.length > 0 && canvas.matches(":focus-visible")) aimed({ fake: (at = 0) }, true);
  });
}
