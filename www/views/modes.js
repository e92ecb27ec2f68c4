// The measures of a run on points, each beside its floor, the same measure of as many new genuine points: as a table and as curves.

import { grouped, signed } from "../numbers.js";
import { Curves } from "./curves.js";
import { Trail } from "./trail.js";

/** @import { DensityEvaluation, DensityMetrics } from "../protocol.js" */
/** @typedef {{key: string, label: string, value: (m: DensityMetrics) => number | null, show: (v: number, m: DensityMetrics) => string, about: string, formula: string, source: string}} Row */

const EMPTY = "The numbers appear with the first measurement, some steps after Play.";
/** @param {number} v */
const percent = (v) => `${(100 * v).toFixed(1)} %`;
/** @param {number} digits */
const plain = (digits) => (/** @type {number} */ v) => (Number.isFinite(v) ? signed(v, digits) : "∞");
/** @param {number} v @param {DensityMetrics} m */
const ofModes = (v, m) => `${v} of ${m.modes?.of}`;

/** @type {Row[]} what is this?, in two sentences, a formula and a source */
export const ROWS = [
  {
    key: "modes", label: "modes found", value: (m) => m.modes?.captured ?? null, show: ofModes,
    about: "Modes, here the clouds of the data or the sections of a curve, in which at least one forged point of high quality lies. Of thousands of points one may stray anywhere, so that this counts generously.",
    formula: "number of i with at least one |x − μᵢ| < 3σ", source: "Lin et al. 2018 (PacGAN), 4.1",
  },
  {
    key: "strict", label: "modes, strictly", value: (m) => m.modes?.strict ?? null, show: ofModes,
    about: "Modes that get at least a fifth of the points that they should. One stray point does not count, a mode that G draws now and then does not either.",
    formula: "number of i with countᵢ ≥ n wᵢ / 5", source: "ours; a stricter count beside PacGAN's",
  },
  {
    key: "quality", label: "high quality", value: (m) => m.modes?.highQuality ?? null, show: percent,
    about: "Share of the forged points within three deviations of a cloud's middle. Of clouds that lie apart a perfect generator has 98.9 % in the plane and 99.7 % on the line, not 100 %; of a curve more: the floor says how much. One that knows a single mode may have more.",
    formula: "share of x with min |x − μᵢ| < 3σ; ceiling 1 − e^(−9/2) = 98.9 %", source: "Lin et al. 2018 (PacGAN), 4.1",
  },
  {
    key: "kl", label: "reverse KL", value: (m) => m.modes?.reverseKl ?? null, show: plain(4),
    about: "How unevenly the good points are spread over the modes, in nats: 0 when each mode gets its share, log 8 = 2.08 when one of eight gets all. Blind to what happens inside a mode.",
    formula: "Σ pᵢ log(pᵢ / wᵢ), pᵢ of the good points, wᵢ of the data", source: "Lin et al. 2018 (PacGAN), 4.1",
  },
  {
    key: "spread", label: "spread in modes", value: (m) => m.modes?.spread ?? null, show: plain(3),
    about: "How wide the forged clouds are beside the genuine ones: below 1 where each has shrunk towards a point, as after a collapse within modes. What lies beyond three deviations is cut off, so that a perfect generator has 0.974 in the plane, and less on a curve: the floor says how much.",
    formula: "root mean square of (x − μᵢ) along an axis, over σ", source: "ours",
  },
  {
    key: "js", label: "Jensen-Shannon", value: (m) => m.js, show: plain(4),
    about: "How far the forged distribution is from the data's, in nats: 0 where they are the same, log 2 = 0.693 where they do not touch. It is what the first GAN's loss measures when D is at its best; counted in cells, it is never 0 for a sample.",
    formula: "½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q) / 2", source: "Goodfellow et al. 2014, theorem 1",
  },
  {
    key: "w1", label: "Wasserstein-1", value: (m) => m.w1, show: plain(4),
    about: "How far points must be carried on average to turn one distribution into the other, in units of the axes. It says how far apart two distributions are even where they do not touch; in the plane it is the mean over 16 directions, which is smaller.",
    formula: "∫ |F⁻¹(u) − G⁻¹(u)| du, of projections in the plane", source: "Arjovsky et al. 2017; sliced: Bonneel et al. 2015",
  },
];

export class ModesView {
  #root;
  #charts;
  #chosen = ROWS[0];
  /** Of the run, or of A and B. @type {DensityEvaluation[][]} */
  #histories = [[]];
  #trails = [trail(), trail()];
  /** @type {Map<string, {row: HTMLTableRowElement, cells: HTMLTableCellElement[], pick: HTMLButtonElement}>} */
  #rows = new Map();

  /** @param {HTMLElement} root holds two .chart, a table body and .tells */
  constructor(root) {
    this.#root = root;
    const [first, second] = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".chart")]);
    const curves = ROWS.map((row) => ({ label: row.label, color: "--generator" }));
    this.#charts = [
      new Curves(first, { reach: true, title: "The chosen measure of the forged points over steps", curves: [{ label: "forged points", color: "--generator" }] }),
      new Curves(second, { reach: true, title: "Share of forged points of high quality over steps", curves: [curves[2]] }),
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
    const cells = ["averaged", "floor", "best"].map((name) => {
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
    const [about, formula, source] = [this.#find(".tells"), document.createElement("span"), ` (${row.source})`];
    formula.className = "formula";
    formula.textContent = row.formula;
    about.replaceChildren(`${row.label[0].toUpperCase()}${row.label.slice(1)}. ${row.about} `, formula, source);
    this.#draw();
  }

  /** @param {DensityEvaluation[][]} histories of the run, or of A and B, oldest first; a new run begins with another array @param {number} shown the one whose modes are shown */
  update(histories, shown) {
    this.#histories = histories;
    const last = histories.map((h) => h.at(-1));
    const two = histories.length > 1;
    const none = last.every((m) => !m);
    this.#root.classList.toggle("empty", none);
    const heads = two ? ["A", "floor", "B"] : ["forged", "floor", "best, step"];
    this.#root.querySelectorAll(".measures thead th:not(:first-child)").forEach((head, i) => { head.textContent = heads[i]; });
    const steps = last.map((m) => (m ? grouped(m.step) : "–")).join(" and ");
    this.#find(".when").textContent = none ? EMPTY : `At step ${steps}, ${grouped(last.find(Boolean)?.n ?? 0)} points each.${last[shown]?.made.modes ? ` Bars: each mode's share of the good points${two ? ` of ${"AB"[shown]}` : ""}, with what it should get as a line.` : ""}`;
    for (const row of ROWS) this.#fill(row);
    this.#fillShares(last[shown]);
    const known = ROWS.filter((row) => !this.#rows.get(row.key)?.row.hidden);
    // Data without modes have other measures.
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
    parts.row.hidden = any !== undefined && value(any.floor) === null;
    const third = this.#histories.length > 1 ? text(b?.made) : bestText(this.#histories[0], key, value, show);
    const texts = [text(a?.made), text(any?.floor), third];
    parts.cells.forEach((cell, i) => {
      if (cell.textContent !== texts[i]) cell.textContent = texts[i];
    });
  }

  /** A bar for each mode, its due at half the height. @param {DensityEvaluation | undefined} last */
  #fillShares(last) {
    const box = this.#find(".shares");
    const { shares: made, due } = last?.made.modes ?? { shares: [], due: [] };
    box.hidden = made.length === 0;
    const top = 2 * Math.max(...due, 1e-9);
    while (box.children.length > made.length) box.lastChild?.remove();
    while (box.children.length < made.length) box.append(document.createElement("i"));
    [...box.children].forEach((bar, i) => {
      /** @type {HTMLElement} */ (bar).style.setProperty("--share", Math.min(1, made[i] / top).toFixed(3));
      /** @type {HTMLElement} */ (bar).style.setProperty("--due", (due[i] / top).toFixed(3));
    });
    box.setAttribute("aria-label", `Share of each mode, and its due: ${made.map((v, i) => `${percent(v)} of ${percent(due[i])}`).join(", ")}`);
  }

  #draw() {
    const series = this.#histories.map((history, i) => this.#trails[i].follow(history));
    const last = this.#histories.map((h) => h.at(-1)).find(Boolean);
    const chosen = ROWS.indexOf(this.#chosen);
    this.#charts[0].update(series, [chosen], linesOf(this.#chosen, last));
    const other = this.#chosen.key === "quality" ? ROWS[0] : ROWS[2];
    const has = !last || last.floor.modes !== null;
    this.#find(".second").hidden = !has;
    this.#find(".first .title").textContent = this.#chosen.label;
    this.#find(".second .title").textContent = other.label;
    if (has) this.#charts[1].update(series, [ROWS.indexOf(other)], linesOf(other, last));
  }
}

/** The floor, and of a count the most there is. @param {Row} row @param {DensityEvaluation | undefined} last */
function linesOf({ key, value }, last) {
  const reference = last && value(last.floor);
  if (reference === undefined || reference === null) return [];
  const label = key === "modes" || key === "strict" ? `all ${last?.floor.modes?.of}` : "floor: genuine points";
  return [{ value: reference, label, color: "--real" }];
}

function trail() {
  return new Trail(ROWS.map((r) => r.key), (/** @type {DensityEvaluation} */ { made }) => ROWS.map((r) => r.value(made) ?? NaN));
}

/** @param {DensityEvaluation[]} history @param {string} key @param {Row["value"]} value @param {Row["show"]} show */
function bestText(history, key, value, show) {
  const best = bestOf(history, key, value);
  const v = best && value(best.made);
  return best && v !== null && v !== undefined ? `${show(v, best.made)} at\u00a0${grouped(best.step)}` : "–";
}

/** The measurement nearest to the floor, the first of equals: more than it would be luck, or one mode alone. @param {DensityEvaluation[]} history @param {string} key @param {Row["value"]} value @returns {DensityEvaluation | undefined} */
export function bestOf(history, key, value) {
  const badness = (/** @type {DensityEvaluation} */ { made, floor }) => {
    const [v, f] = [value(made) ?? NaN, value(floor) ?? NaN];
    if (key === "kl" || key === "js" || key === "w1") return v;
    return Math.abs(v - f);
  };
  return history.reduce((/** @type {DensityEvaluation | undefined} */ best, m) => (best && !(badness(m) < badness(best)) ? best : m), undefined);
}

/** Measurements as a table, one row each. @param {DensityEvaluation[]} history */
export function densityCsv(history) {
  const keys = ROWS.map((r) => r.key);
  const head = ["step", "n", "of", ...keys.map((k) => `forged_${k}`), ...keys.map((k) => `floor_${k}`)];
  const rows = history.map(({ step, n, made, floor }) => [step, n, made.modes?.of ?? "", ...[made, floor].flatMap((m) => ROWS.map((r) => r.value(m) ?? ""))]);
  return [head, ...rows].map((r) => `${r.join(",")}\n`).join("");
}
