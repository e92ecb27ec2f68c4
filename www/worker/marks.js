// Spans of time in the browser's timeline, where its developer tools and a PerformanceObserver see them. The core marks
// the D step and the G step in the same way: src/web/marks.rs.

/**
 * Marks the time from `start` to now. The entry is taken out of the timeline's buffer at once, so that nothing
 * accumulates; observers have received it by then.
 * @param {"submit" | "read-back" | "evaluation"} name @param {number} start
 */
export function markSpan(name, start) {
  performance.measure(name, { start });
  performance.clearMeasures(name);
}
