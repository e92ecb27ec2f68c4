// How strongly each layer of both networks is being pulled: a table, with the last values as bars on a logarithmic scale.

/** @import { Measured, Pull } from "../protocol.js" */

/** The bars span six powers of ten: from a gradient of 1e-5 to 10. */
const LOWEST = -5;
const SPAN = 6;

export class Layers {
  #body;

  /** @param {HTMLElement} root holds a table body */
  constructor(root) {
    this.#body = /** @type {HTMLElement} */ (root.querySelector("tbody"));
  }

  /** @param {Measured | undefined} last */
  update(last) {
    const rows = last ? [...named("G", last.signals.generator), ...named("D", last.signals.discriminator)] : [];
    this.#body.replaceChildren(...rows);
  }
}

/** @param {"G" | "D"} player @param {Pull[]} pulls */
function named(player, pulls) {
  return pulls.map(({ name, gradient, ratio }) => {
    const row = document.createElement("tr");
    row.className = player === "G" ? "of-g" : "of-d";
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = `${player} ${name.replace(".", ", ")}`;
    const cells = [gradient, ratio].map((value) => {
      const cell = document.createElement("td");
      cell.textContent = value === 0 ? "0" : value.toExponential(1);
      return cell;
    });
    const share = gradient > 0 ? Math.min(1, Math.max(0, (Math.log10(gradient) - LOWEST) / SPAN)) : 0;
    cells[0].style.setProperty("--share", share.toFixed(3));
    row.append(head, ...cells);
    return row;
  });
}
