// Chart of curves over steps: the range of each bucket as a pale band, a smoothed line, and labelled reference lines.
// In a comparison only the smoothed lines are drawn, those of B dashed, because eight bands would hide the curves.

// Imported before uPlot, which reads the browser's language while it loads: browser.js imports the repairs for that.
import { hasCanvas, onColourScheme, onResize } from "../browser.js";
import uPlot from "uplot";
import { compact, grouped, significant } from "../numbers.js";
import { smooth } from "../series.js";
import { outsideText, robustRange } from "./axis-range.js";
import { apart } from "./margin.js";

/** @import { Series } from "../series.js" */
/** @import { Robust } from "./axis-range.js" */
/** @typedef {{value: number, label: string, color: string}} Line */
/** @import { MarginLabel } from "./margin.js" */
/** @typedef {{label: string, short?: string, color: string, dash?: number[]}} Curve `short`: its name in the margin */

/** Width of the margin for labels, in pixels. */
const MARGIN = 92;

/** uPlot's arcsinh scale: logarithmic far from zero and linear near it, so that it can show negative losses. */
const ASINH = 4;
const LINEAR = 1;

export class Curves {
  #root;
  #title;
  #curves;
  #range;
  #reach;
  #pointAt;
  /** The step of the past that the page shows, marked by a line. @type {number | null} */
  #mark = null;
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Line[]} */
  #lines = [];
  /** The series of the run, or of runs A and B. @type {Series[]} */
  #runs = [];
  /** @type {number[]} */
  #columns;
  #memory = 0;
  #log = false;
  #zoomed = false;
  /** The values outside the vertical range. @type {Robust | null} */
  #outside = null;

  /**
   * @param {HTMLElement} root
   * @param {{title: string, curves: Curve[], range?: [number, number], reach?: boolean, pointAt?: (step: number | null) =>
   *   void}} options `range` fixes the vertical axis, `reach` extends it to include the reference lines, `pointAt` is told
   *   the step under the pointer
   */
  constructor(root, { title, curves, range, reach = false, pointAt }) {
    this.#root = root;
    this.#title = title;
    this.#curves = curves;
    this.#range = range;
    this.#reach = reach;
    this.#pointAt = pointAt;
    this.#columns = curves.map((_, i) => i);
    onResize(root, () => this.#resize());
    onColourScheme(() => this.#build());
    this.#build();
  }

  /**
   * @param {Series[]} runs of the run, or of A and B
   * @param {number[]} columns indices of the curves in each series, in the order of `curves` @param {Line[]} lines
   */
  update(runs, columns, lines) {
    const shape = (/** @type {Series[]} */ r, /** @type {number[]} */ c) =>
      r.length > 1 ? `${r.length} of ${c.length}` : "";
    const other = shape(runs, columns) !== shape(this.#runs, this.#columns);
    this.#runs = runs;
    this.#columns = columns;
    this.#lines = lines;
    if (other) return this.#build();
    this.#plot?.setData(this.#data(), !this.#zoomed);
    if (this.#zoomed) this.#plot?.redraw();
  }

  /** @param {number} memory from 0 (no smoothing) to below 1 */
  setSmoothing(memory) {
    this.#memory = memory;
    this.#plot?.setData(this.#data(), false);
  }

  /** @param {[number, number] | undefined} range of the vertical axis; automatic if undefined */
  setRange(range) {
    if (String(range) === String(this.#range)) return;
    this.#range = range;
    this.#build();
  }

  /** Marks a step of the past. @param {number | null} step */
  setMark(step) {
    if (step === this.#mark) return;
    this.#mark = step;
    this.#plot?.redraw(false);
  }

  /** @param {boolean} log */
  setLog(log) {
    this.#log = log;
    this.#build();
  }

  /**
   * The data of the chart: steps, then minimum, maximum and smoothed mean of each curve.
   * @returns {uPlot.AlignedData}
   */
  #data() {
    const [series, second] = this.#runs;
    if (!series) return [[], ...this.#curves.flatMap(() => [[], [], []])];
    // Join the two series by step, because their buckets may have been merged differently.
    if (second)
      return uPlot.join(
        this.#runs.map((run) => [
          run.steps(),
          ...this.#columns.map((i) => smooth(run.column(i, "mean"), this.#memory)),
        ]),
      );
    const columns = this.#columns.flatMap((i) => [
      series.column(i, "min"),
      series.column(i, "max"),
      smooth(series.column(i, "mean"), this.#memory),
    ]);
    return [series.steps(), ...columns];
  }

  #resize() {
    const width = this.#root.clientWidth;
    if (width > 0 && this.#plot && this.#plot.width !== width) this.#plot.setSize({ width, height: this.#height() });
  }

  /** Height of the chart in pixels. Lower on a phone, so that a run fits without scrolling. */
  #height() {
    return this.#root.clientWidth < 420 ? 160 : 200;
  }

  #build() {
    this.#plot?.destroy();
    this.#plot = null;
    if (!hasCanvas()) return;
    const style = getComputedStyle(document.documentElement);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.#outside = null;
    this.#plot = new uPlot(this.#options(color), this.#data(), this.#root);
    this.#plot.over.ondblclick = () => {
      this.#zoomed = false;
    };
    const canvas = this.#plot.ctx.canvas;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.#title);
  }

  /** @param {(name: string) => string} color @returns {uPlot.Options} */
  #options(color) {
    const two = this.#runs.length > 1;
    return {
      width: Math.max(this.#root.clientWidth, 200),
      height: this.#height(),
      scales: { x: { time: false }, y: this.#scale() },
      padding: [8, MARGIN, 0, 0],
      legend: {
        live: true,
        markers: {
          dash: (/** @type {uPlot} */ plot, /** @type {number} */ i) => (plot.series[i].dash ? "dashed" : "solid"),
        },
      },
      // Charts with the same key have one cursor.
      cursor: { drag: { x: true, y: false }, sync: { key: "steps" } },
      axes: axesOf(color),
      series: [STEP_SERIES, ...(two ? this.#pair(color) : this.#curves.flatMap((c) => curveSeries(c, color(c.color))))],
      bands: two
        ? []
        : this.#curves.map((c, i) => ({
            series: /** @type {[number, number]} */ ([3 * i + 2, 3 * i + 1]),
            fill: `color-mix(in srgb, ${color(c.color)} 18%, transparent)`,
          })),
      hooks: {
        draw: [
          (plot) => this.#drawLines(plot, color),
          (plot) => this.#drawOutside(plot, color),
          (plot) => this.#drawMark(plot, color),
        ],
        setCursor: [(plot) => this.#tellCursor(plot)],
        setSelect: [
          (plot) => {
            this.#zoomed = plot.select.width > 0;
          },
        ],
      },
    };
  }

  /** The vertical scale. A logarithmic axis can show outliers, so only a linear one excludes them. @returns {uPlot.Scale} */
  #scale() {
    /** @typedef {(plot: uPlot, low: number, high: number) => [number, number]} RangeOf */
    const robust = /** @type {RangeOf} */ ((plot, low, high) => this.#robust(plot, low, high));
    const reaching = /** @type {RangeOf} */ ((_, low, high) => this.#reachLines(low, high));
    if (this.#range) return { range: this.#reach ? reaching : this.#range };
    if (!this.#log) return { distr: LINEAR, asinh: 0.1, range: robust };
    return { distr: ASINH, asinh: 0.1, ...(this.#reach ? { range: reaching } : {}) };
  }

  /**
   * The lines of a comparison: the same colours for both runs, those of B dashed.
   * @param {(name: string) => string} color @returns {uPlot.Series[]}
   */
  #pair(color) {
    const curves = this.#columns.map((_, i) => this.#curves[i]);
    return ["A", "B"].flatMap((letter) =>
      curves.map((c) =>
        lineSeries({ ...c, label: `${letter}: ${c.label}`, dash: letter === "B" ? [7, 3] : undefined }, color(c.color)),
      ),
    );
  }

  /**
   * The range of the visible steps, without outliers.
   * @param {uPlot} plot @param {number | null} low @param {number | null} high @returns {[number, number]}
   */
  #robust(plot, low, high) {
    const [from, to] = plot.series[0].idxs ?? [0, plot.data[0].length - 1];
    this.#outside = robustRange(plot.data.slice(1).flatMap((column) => Array.from(column.slice(from, to + 1))));
    const [bottom, top] = this.#outside?.range ?? [low, high];
    if (this.#reach) return this.#reachLines(bottom, top);
    return /** @type {[number, number]} */ (uPlot.rangeNum(bottom ?? 0, top ?? 1, 0.1, true));
  }

  /**
   * Writes the number of values outside the range into the chart.
   * @param {uPlot} plot @param {(name: string) => string} color
   */
  #drawOutside(plot, color) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui`;
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    ctx.fillStyle = color("--muted");
    for (const text of outsideText(this.#outside, compactText)) {
      const y = text.startsWith("▲") ? bbox.top + 12 * ratio : bbox.top + bbox.height - 4 * ratio;
      label(ctx, text, bbox.left + 4 * ratio, y, color("--panel"));
    }
    ctx.restore();
  }

  /**
   * A range that includes the reference lines.
   * @param {number | null} low @param {number | null} high @returns {[number, number]}
   */
  #reachLines(low, high) {
    const values = [low ?? 0, high ?? 0, ...this.#lines.map((l) => l.value)].filter(Number.isFinite);
    const [from, to] = [Math.min(0, ...values), Math.max(...values, 0)];
    const margin = 0.08 * (to - from || 1);
    return [from < 0 ? from - margin : 0, to + margin];
  }

  /** Shows the cursor at a step that is pointed at elsewhere. @param {number | null} step */
  showCursor(step) {
    const plot = this.#plot;
    if (!plot || plot.over.matches(":hover")) return;
    plot.setCursor({ left: step === null ? -10 : plot.valToPos(step, "x"), top: 0 }, false);
  }

  /** @param {uPlot} plot */
  #tellCursor(plot) {
    const { idx } = plot.cursor;
    this.#pointAt?.(idx === null || idx === undefined ? null : (plot.data[0][idx] ?? null));
  }

  /** Draws a line at the step of the past. @param {uPlot} plot @param {(name: string) => string} color */
  #drawMark(plot, color) {
    if (this.#mark === null) return;
    const { ctx, bbox } = plot;
    const x = plot.valToPos(this.#mark, "x", true);
    ctx.save();
    ctx.strokeStyle = color("--text");
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  /** Draws the reference lines, and the labels in the margin. @param {uPlot} plot @param {(name: string) => string} color */
  #drawLines(plot, color) {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.setLineDash([4 * ratio, 4 * ratio]);
    ctx.lineWidth = ratio;
    /** @type {MarginLabel[]} */
    const labels = [];
    for (const line of this.#lines) {
      const y = plot.valToPos(line.value, "y", true);
      if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
      ctx.strokeStyle = color(line.color);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      // What follows the colon stands under "What do the lines mean?".
      labels.push({ y, text: line.label.split(":")[0], color: color(line.color) });
    }
    ctx.restore();
    this.#drawMargin(plot, [...labels, ...this.#lastValues(plot, color)]);
  }

  /** The last value of each curve, for the margin. @param {uPlot} plot @param {(name: string) => string} color @returns {MarginLabel[]} */
  #lastValues(plot, color) {
    const two = this.#runs.length > 1;
    const count = two ? this.#columns.length * 2 : this.#columns.length;
    return Array.from({ length: count }, (_, i) => {
      const column = plot.data[two ? i + 1 : 3 * i + 3];
      const value = Array.from(column ?? []).findLast((v) => v !== null && v !== undefined) ?? null;
      const curve = this.#curves[i % this.#columns.length];
      const letter = two ? `${"AB"[Math.floor(i / this.#columns.length)]} ` : "";
      const name = curve.short ?? curve.label;
      return value === null
        ? []
        : [
            {
              y: plot.valToPos(value, "y", true),
              text: `${letter}${name} ${compactText(value)}`,
              color: color(curve.color),
              bold: true,
            },
          ];
    }).flat();
  }

  /** @param {uPlot} plot @param {MarginLabel[]} labels */
  #drawMargin({ ctx, bbox }, labels) {
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    for (const { y, text, color, bold } of apart(labels, 13 * ratio, bbox.top, bbox.top + bbox.height)) {
      ctx.font = `${bold ? "600 " : ""}${11 * ratio}px system-ui`;
      ctx.fillStyle = color;
      ctx.fillText(text, bbox.left + bbox.width + 6 * ratio, y, (MARGIN - 8) * ratio);
    }
    ctx.restore();
  }
}

/**
 * Text with an outline in the background colour, legible on top of curves.
 * @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y
 * @param {string} background
 */
function label(ctx, text, x, y, background) {
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = background;
  ctx.lineWidth = 4 * uPlot.pxRatio;
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
  ctx.restore();
}

/** A value in few characters: 5.2e+7 if it is large. @param {number} value */
function compactText(value) {
  return (
    Math.abs(value) >= 1e6 ? value.toExponential(1) : Math.abs(value) >= 1000 ? compact(value) : significant(value)
  ).replace("-", "−");
}

/**
 * Labels of the axis, short enough for its width: thousands as 10K, which the outputs of a critic without a Lipschitz
 * constraint reach.
 * @param {number[]} ticks
 */
export function axisTexts(ticks) {
  const large = ticks.some((t) => Math.abs(t) >= 1000);
  return ticks.map((t) => (t === null ? "" : (large ? compact : significant)(t).replace("-", "−")));
}

/** Column 0 of the data, and of the legend. @type {uPlot.Series} */
const STEP_SERIES = {
  label: "step",
  value: (/** @type {uPlot} */ _, /** @type {number | null} */ v) => (v === null ? "–" : grouped(v)),
};

/** The axes of steps and of values. @param {(name: string) => string} color @returns {uPlot.Axis[]} */
function axesOf(color) {
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { stroke: color("--line") },
    font: "11px system-ui",
  };
  return [
    { ...axis, size: 34, values: (_, ticks) => ticks.map((t) => (t === null ? "" : grouped(t))) },
    { ...axis, size: 46, values: (_, ticks) => axisTexts(ticks) },
  ];
}

/** @param {Curve} curve @param {string} color @returns {uPlot.Series[]} */
function curveSeries({ label, dash }, color) {
  const edge = { stroke: `color-mix(in srgb, ${color} 45%, transparent)`, width: 0.5, points: { show: false } };
  return [
    { ...edge, label: `${label}, lowest`, value: format, class: "edge" },
    { ...edge, label: `${label}, highest`, value: format, class: "edge" },
    lineSeries({ label, color, dash }, color),
  ];
}

/** @param {Curve} curve @param {string} color @returns {uPlot.Series} */
function lineSeries({ label, dash }, color) {
  return { label, stroke: color, width: 2, dash, value: format, points: { show: false } };
}

/** @param {uPlot} _plot @param {number | null | undefined} v */
function format(_plot, v) {
  return v === null || v === undefined ? "–" : v.toFixed(3);
}
