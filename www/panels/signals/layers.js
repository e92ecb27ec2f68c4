// Table of the gradient norm and the update-to-weight ratio of every layer of both networks: the last values as bars on
// a logarithmic scale, the earlier ones as sparklines.

import { POINTS, Sparkline, place, scaleOf } from "../../draw/sparkline.js";
import { scientific } from "./signals.js";
import { Trail } from "../../draw/trail.js";

/** @import { ImageEvaluation, LayerGradientStats } from "../../protocol.js" */
/** @typedef {{name: string, of: "of-g" | "of-d"}} Layer */

/** Range of the bars. */
const BARS = { low: 1e-5, high: 10, log: true };

/** @param {ImageEvaluation} measured @returns {LayerGradientStats[]} */
const layerStatsOf = ({ signals }) => [...signals.generator, ...signals.discriminator];

export class Layers {
  #body;
  /** One row per layer. @type {{gradient: HTMLElement, ratio: HTMLElement, spark: Sparkline}[]} */
  #rows = [];
  #names = "";
  #trail = new Trail([], () => []);

  /** @param {HTMLElement} root holds a table body */
  constructor(root) {
    this.#body = /** @type {HTMLElement} */ (root.querySelector("tbody"));
  }

  /** @param {ImageEvaluation[]} history oldest first */
  update(history) {
    const last = history.at(-1);
    this.#name(last ? [...named("G", last.signals.generator), ...named("D", last.signals.discriminator)] : []);
    const series = this.#trail.follow(history);
    (last ? layerStatsOf(last) : []).forEach(({ gradient, ratio }, i) => {
      const row = this.#rows[i];
      row.gradient.textContent = scientific(gradient);
      row.gradient.style.setProperty("--share", (place(gradient, BARS) ?? 0).toFixed(3));
      row.ratio.textContent = scientific(ratio);
      const scale = scaleOf([...series.column(i, "min"), ...series.column(i, "max")], { log: true });
      row.spark.update(series, i, scale, { text: scientific(gradient) });
    });
  }

  /** Creates the rows, unless the layers are unchanged. @param {Layer[]} layers */
  #name(layers) {
    const names = layers.map((l) => l.name);
    if (names.join() === this.#names) return;
    this.#names = names.join();
    this.#trail = new Trail(names, (m) => layerStatsOf(m).map((p) => p.gradient), POINTS);
    this.#rows = [];
    this.#body.replaceChildren(...layers.map((layer) => this.#row(layer)));
  }

  /** @param {Layer} layer */
  #row({ name, of }) {
    const row = document.createElement("tr");
    row.className = of;
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    const [gradient, curve, ratio] = ["gradient", "curve", "ratio"].map((className) => {
      const cell = document.createElement("td");
      cell.className = className;
      return cell;
    });
    const spark = new Sparkline(`Gradient of ${name}`);
    curve.append(spark.element);
    row.append(head, gradient, curve, ratio);
    this.#rows.push({ gradient, ratio, spark });
    return row;
  }
}

/** @param {"G" | "D"} network @param {LayerGradientStats[]} pulls @returns {Layer[]} */
function named(network, pulls) {
  return pulls.map(({ name }) => ({
    name: `${network} ${name.replace(".", ", ")}`,
    of: network === "G" ? "of-g" : "of-d",
  }));
}
