// The metrics of a density run as a table and as curves, each beside its real-data reference: the same metric on as
// many new real points.

import { grouped, signed } from "../../numbers.js";
import { Curves } from "../../draw/curves.js";
import { Trail } from "../../draw/trail.js";

/** @import { DensityEvaluation, DensityMetrics } from "../../protocol.js" */
/**
 * @typedef {{key: string, label: string, value: (m: DensityMetrics) => number | null, show: (v: number,
 *   m: DensityMetrics) => string, about: string, formula: string, source: string}} Row
 */

const EMPTY = "The numbers appear after the first evaluation, some steps after Play.";
/** A share as a percentage. @param {number} v */
const percent = (v) => `${(100 * v).toFixed(1)} %`;
/** Formats a number with a fixed number of decimals; an infinite one as ∞. @param {number} digits */
const plain = (digits) => (/** @type {number} */ v) => (Number.isFinite(v) ? signed(v, digits) : "∞");
/** Formats a number of modes. @param {number} v @param {DensityMetrics} m */
const ofModes = (v, m) => `${v} of ${m.modes?.of}`;

/** @type {Row[]} the rows: metric, explanation in two sentences, formula and source */
export const ROWS = [
  {
    key: "modes",
    label: "modes with a sample",
    value: (m) => m.modes?.captured ?? null,
    show: ofModes,
    about:
      "Modes (components of the mixture, or sections of a curve) with at least one high-quality generated point. Of thousands of points a single one may land anywhere, so this count is generous.",
    formula: "number of i with at least one |x − μᵢ| < 3σ",
    source: "Lin et al. 2018 (PacGAN), 4.1",
  },
  {
    key: "strict",
    label: "modes covered",
    value: (m) => m.modes?.strict ?? null,
    show: ofModes,
    about:
      "Modes that get at least 20 % of their share of the points. A single stray point does not count, nor does a mode that G draws only now and then.",
    formula: "number of i with countᵢ ≥ n wᵢ / 5",
    source: "ours; a stricter count beside PacGAN's",
  },
  {
    key: "quality",
    label: "high-quality samples",
    value: (m) => m.modes?.highQuality ?? null,
    show: percent,
    about:
      "Share of the generated points within three standard deviations of a mode. For separate modes a perfect generator has 98.9 % in 2-D and 99.7 % in 1-D, not 100 %; for a curve more, as the real-data column shows. A generator that knows a single mode may exceed it.",
    formula: "share of x with min |x − μᵢ| < 3σ; ceiling 1 − e^(−9/2) = 98.9 %",
    source: "Lin et al. 2018 (PacGAN), 4.1",
  },
  {
    key: "kl",
    label: "reverse KL",
    value: (m) => m.modes?.reverseKl ?? null,
    show: plain(4),
    about:
      "How unevenly the high-quality points are spread over the modes, in nats: 0 when each mode gets its share, log 8 = 2.08 when one of eight gets all. Blind to what happens inside a mode.",
    formula: "Σ pᵢ log(pᵢ / wᵢ), pᵢ of the high-quality points, wᵢ of the data",
    source: "Lin et al. 2018 (PacGAN), 4.1",
  },
  {
    key: "spread",
    label: "width of modes",
    value: (m) => m.modes?.spread ?? null,
    show: plain(3),
    about:
      "Standard deviation of the generated points around their mode, relative to that of the data: below 1 where each mode has shrunk towards a point. Points beyond three standard deviations are left out, so a perfect generator has 0.974 in 2-D, and less on a curve, as the real-data column shows.",
    formula: "root mean square of (x − μᵢ) along an axis, over σ",
    source: "ours",
  },
  {
    key: "js",
    label: "Jensen-Shannon",
    value: (m) => m.js,
    show: plain(4),
    about:
      "Divergence of the generated distribution from that of the data, in nats: 0 for equal distributions, log 2 = 0.693 for disjoint ones. It is what the minimax loss measures with an optimal D; estimated on a histogram, it is never 0 for a finite sample.",
    formula: "½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q) / 2",
    source: "Goodfellow et al. 2014, theorem 1",
  },
  {
    key: "w1",
    label: "Wasserstein-1",
    value: (m) => m.w1,
    show: plain(4),
    about:
      "Mean distance over which mass has to be moved to turn one distribution into the other, in units of the axes. It is informative for disjoint distributions too; in 2-D it is the mean over 16 projections, which is smaller.",
    formula: "∫ |F⁻¹(u) − G⁻¹(u)| du, of projections in the plane",
    source: "Arjovsky et al. 2017; sliced: Bonneel et al. 2015",
  },
];

export class ModesView {
  #root;
  #charts;
  #chosen = ROWS[0];
  /** The evaluations of the run, or of runs A and B. @type {DensityEvaluation[][]} */
  #histories = [[]];
  #trails = [trail(), trail()];
  /** @type {Map<string, {row: HTMLTableRowElement, cells: HTMLTableCellElement[], pick: HTMLButtonElement}>} */
  #rows = new Map();

  /** @param {HTMLElement} root holds two .chart, a table body and .description */
  constructor(root) {
    this.#root = root;
    const [first, second] = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".chart")]);
    const curves = ROWS.map((row) => ({ label: row.label, color: "--generator" }));
    this.#charts = [
      new Curves(first, {
        reach: true,
        title: "The chosen metric of the generated points over steps",
        curves: [{ label: "generated points", short: "generated", color: "--generator" }],
      }),
      new Curves(second, {
        reach: true,
        title: "Share of high-quality generated points over steps",
        curves: [curves[2]],
      }),
    ];
    this.#find(".measures tbody").append(...ROWS.map((row) => this.#makeRow(row)));
    this.#choose(ROWS[0]);
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {Row} row */
  #makeRow(row) {
    const tr = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    const pick = document.createElement("button");
    pick.type = "button";
    pick.className = "pick";
    pick.textContent = row.label;
    pick.title = `What is this? ${row.about}`;
    pick.onclick = () => this.#choose(row);
    head.append(pick);
    const cells = ["averaged", "reference", "best"].map((name) => {
      const cell = document.createElement("td");
      cell.className = name;
      return cell;
    });
    tr.append(head, ...cells);
    this.#rows.set(row.key, { row: tr, cells, pick });
    return tr;
  }

  /** @param {Row} row */
  #choose(row) {
    this.#chosen = row;
    for (const [key, { row: tr, pick }] of this.#rows) {
      tr.classList.toggle("chosen", key === row.key);
      pick.setAttribute("aria-pressed", String(key === row.key));
    }
    const [about, formula, source] = [this.#find(".description"), document.createElement("span"), ` (${row.source})`];
    formula.className = "formula";
    formula.textContent = row.formula;
    about.replaceChildren(`${row.label[0].toUpperCase()}${row.label.slice(1)}. ${row.about} `, formula, source);
    this.#draw();
  }

  /**
   * @param {DensityEvaluation[][]} histories of the run, or of A and B, oldest first; a new run begins with another
   *   array @param {number} shown index of the history whose modes are shown
   */
  update(histories, shown) {
    this.#histories = histories;
    const last = histories.map((h) => h.at(-1));
    const two = histories.length > 1;
    const none = last.every((m) => !m);
    this.#root.classList.toggle("empty", none);
    const heads = two ? ["A", "real data", "B"] : ["generated", "real data", "best, step"];
    this.#root.querySelectorAll(".measures thead th:not(:first-child)").forEach((head, i) => {
      head.textContent = heads[i];
    });
    const steps = last.map((m) => (m ? grouped(m.step) : "–")).join(" and ");
    this.#find(".when").textContent = none
      ? EMPTY
      : `At step ${steps}, ${grouped(last.find(Boolean)?.n ?? 0)} points each.${last[shown]?.generated.modes ? ` Bars: share of the high-quality points in each mode${two ? ` of ${"AB"[shown]}` : ""}; line: its share in the data.` : ""}`;
    for (const row of ROWS) this.#fill(row);
    this.#fillShares(last[shown]);
    const known = ROWS.filter((row) => !this.#rows.get(row.key)?.row.hidden);
    // Data without modes have fewer metrics.
    if (known.length > 0 && !known.includes(this.#chosen)) this.#choose(known[0]);
    else this.#draw();
  }

  /** @param {Row} row */
  #fill({ key, value, show }) {
    const parts = this.#rows.get(key);
    if (!parts) return;
    const [a, b] = this.#histories.map((h) => h.at(-1));
    const text = (/** @type {DensityMetrics | undefined} */ m) => {
      const v = m && value(m);
      return v === undefined || v === null || !m ? "–" : show(v, m);
    };
    const any = a ?? b;
    parts.row.hidden = any !== undefined && value(any.realReference) === null;
    const third = this.#histories.length > 1 ? text(b?.generated) : bestText(this.#histories[0], key, value, show);
    const texts = [text(a?.generated), text(any?.realReference), third];
    parts.cells.forEach((cell, i) => {
      if (cell.textContent !== texts[i]) cell.textContent = texts[i];
    });
  }

  /**
   * Draws a bar for each mode, scaled so that its share in the data is at half of the height.
   * @param {DensityEvaluation | undefined} last
   */
  #fillShares(last) {
    const box = this.#find(".shares");
    const { shares: made, due } = last?.generated.modes ?? { shares: [], due: [] };
    box.hidden = made.length === 0;
    const top = 2 * Math.max(...due, 1e-9);
    while (box.children.length > made.length) box.lastChild?.remove();
    while (box.children.length < made.length) box.append(document.createElement("i"));
    [...box.children].forEach((bar, i) => {
      /** @type {HTMLElement} */ (bar).style.setProperty("--share", Math.min(1, made[i] / top).toFixed(3));
      /** @type {HTMLElement} */ (bar).style.setProperty("--due", (due[i] / top).toFixed(3));
    });
    box.setAttribute(
      "aria-label",
      `Share of each mode, of that in the data: ${made.map((v, i) => `${percent(v)} of ${percent(due[i])}`).join(", ")}`,
    );
  }

  #draw() {
    const series = this.#histories.map((history, i) => this.#trails[i].follow(history));
    const last = this.#histories.map((h) => h.at(-1)).find(Boolean);
    const chosen = ROWS.indexOf(this.#chosen);
    this.#charts[0].update(series, [chosen], linesOf(this.#chosen, last));
    const other = this.#chosen.key === "quality" ? ROWS[0] : ROWS[2];
    const has = !last || last.realReference.modes !== null;
    this.#find(".second").hidden = !has;
    this.#find(".first .title").textContent = this.#chosen.label;
    this.#find(".second .title").textContent = other.label;
    if (has) this.#charts[1].update(series, [ROWS.indexOf(other)], linesOf(other, last));
  }
}

/**
 * The reference line of a metric: its real-data reference, or, for a count of modes, their number.
 * @param {Row} row @param {DensityEvaluation | undefined} last
 */
function linesOf({ key, value }, last) {
  const reference = last && value(last.realReference);
  if (reference === undefined || reference === null) return [];
  const label =
    key === "modes" || key === "strict" ? `all ${last?.realReference.modes?.of}` : "real data: against real data";
  return [{ value: reference, label, color: "--real" }];
}

function trail() {
  return new Trail(
    ROWS.map((r) => r.key),
    (/** @type {DensityEvaluation} */ { generated: made }) => ROWS.map((r) => r.value(made) ?? NaN),
  );
}

/** @param {DensityEvaluation[]} history @param {string} key @param {Row["value"]} value @param {Row["show"]} show */
function bestText(history, key, value, show) {
  const best = bestOf(history, key, value);
  const v = best && value(best.generated);
  return best && v !== null && v !== undefined ? `${show(v, best.generated)} at\u00a0${grouped(best.step)}` : "–";
}

/**
 * The best evaluation, the first of equals: for a divergence or a distance the lowest value, for other metrics the one
 * nearest to the real-data reference, because higher values come from chance or from a single mode.
 * @param {DensityEvaluation[]} history @param {string} key @param {Row["value"]} value
 * @returns {DensityEvaluation | undefined}
 */
export function bestOf(history, key, value) {
  const badness = (/** @type {DensityEvaluation} */ { generated, realReference }) => {
    const [v, f] = [value(generated) ?? NaN, value(realReference) ?? NaN];
    if (key === "kl" || key === "js" || key === "w1") return v;
    return Math.abs(v - f);
  };
  return history.reduce(
    (/** @type {DensityEvaluation | undefined} */ best, m) => (best && !(badness(m) < badness(best)) ? best : m),
    undefined,
  );
}

/** Evaluations as CSV, one row each. @param {DensityEvaluation[]} history */
export function densityCsv(history) {
  const keys = ROWS.map((r) => r.key);
  const head = ["step", "n", "of", ...keys.map((k) => `generated_${k}`), ...keys.map((k) => `real_${k}`)];
  const rows = history.map(({ step, n, generated, realReference }) => [
    step,
    n,
    generated.modes?.of ?? "",
    ...[generated, realReference].flatMap((m) => ROWS.map((r) => r.value(m) ?? "")),
  ]);
  return [head, ...rows].map((r) => `${r.join(",")}\n`).join("");
}
