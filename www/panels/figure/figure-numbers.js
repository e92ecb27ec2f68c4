// The numbers of figure 1: the value function V(D, G) as a bar, with its maximum over D and its value in equilibrium,
// each number with an explanation.

import { signed } from "../../numbers.js";
import { BAR_LOW, EQUILIBRIUM, placeOnBar, gradientNormOf } from "./figure-data.js";

/** @import { DensityFrame } from "../../protocol.js" */
/** @typedef {{id: string, label: string, of: "of-d" | "of-g" | "of-real" | "", value: (snapshot: DensityFrame) => number, about: string}} Row */

/** @type {Row[]} */
export const ROWS = [
  {
    id: "value",
    label: "V(D, G)",
    of: "of-d",
    value: (s) => s.value,
    about:
      "The value function: V(D, G) = E[log D(x)] over real x + E[log(1 − D(G(z)))] over noise z, which D maximises and G minimises. Taken here over the smoothed densities of the picture. Source: Goodfellow et al. 2014, equation 1.",
  },
  {
    id: "best",
    label: "V(D*, G)",
    of: "of-d",
    value: (s) => s.optimalValue,
    about:
      "The maximum over D for this G, reached by D*(x) = p_data(x)/(p_data(x) + p_g(x)): it is 2 JS − log 4, with the JS divergence of the inputs of D, noise included. The difference to V is what D has still to learn; the rest is up to G. Source: Goodfellow et al. 2014, proposition 1 and theorem 1.",
  },
  {
    id: "equilibrium",
    label: "in equilibrium",
    of: "",
    value: (s) => (Number.isNaN(s.value) ? NaN : EQUILIBRIUM),
    about:
      "−log 4 = −1.386: the value of V where p_g = p_data and D(x) = 1/2 everywhere. No G reaches a lower V(D*, G). Source: Goodfellow et al. 2014, theorem 1.",
  },
  {
    id: "divergence",
    label: "Jensen-Shannon",
    of: "of-g",
    value: (s) => s.divergence,
    about:
      "The divergence between p_g and p_data, in nats: the mean of the Kullback-Leibler divergences of both to their mixture, from 0 (the same) to log 2 = 0.693 (no overlap). Of 4,096 generated samples, smoothed like the data, so it is never quite 0. Source: Goodfellow et al. 2014, equation 6.",
  },
  {
    id: "gap",
    label: "mean |D − D*|",
    of: "of-d",
    value: (s) => s.gap,
    about:
      "The distance of D from the optimal D, on average over real and generated samples: the mean of |D(x) − D*(x)| under (p_data + p_g)/2. Training D alone brings it towards 0. With instance noise or packing, D* is optimal for those inputs. D*: Goodfellow et al. 2014, proposition 1.",
  },
  {
    id: "pull",
    label: "sample gradient",
    of: "of-g",
    value: (s) => gradientNormOf(s.arrows),
    about:
      "The gradient that G learns from: the mean of |∂L_G/∂x| over its samples. Where D saturates it vanishes, and G learns nothing, first of all with the minimax loss; instance noise makes the slope of D gentle again. Source: Arjovsky and Bottou 2017, theorems 2.4 and 3.1.",
  },
];

/** Three decimals, more of what would be 0.000. @param {number} v */
export function numberText(v) {
  if (Number.isNaN(v)) return "–";
  return v !== 0 && Math.abs(v) < 0.0005 ? v.toExponential(1).replace(/-/g, "−") : signed(v, 3);
}

export class FigureNumbers {
  #root;
  #bar;

  /** @param {HTMLElement} root holds .bar and dl */
  constructor(root) {
    this.#root = root;
    this.#bar = /** @type {HTMLElement} */ (root.querySelector(".bar"));
    /** @type {HTMLElement} */ (root.querySelector("dl")).replaceChildren(...ROWS.map(rowOf));
    this.update(null);
  }

  /** @param {DensityFrame | null} snapshot */
  update(snapshot) {
    for (const { id, value } of ROWS) {
      const words = snapshot ? numberText(value(snapshot)) : "–";
      /** @type {HTMLElement} */ (this.#root.querySelector(`[data-number="${id}"]`)).textContent = words;
    }
    const known = snapshot !== null && !Number.isNaN(snapshot.value);
    this.#bar.hidden = !known;
    if (!snapshot || !known) return;
    const set = (/** @type {string} */ name, /** @type {number} */ value) =>
      this.#bar.style.setProperty(name, placeOnBar(value).toFixed(4));
    this.#bar.classList.toggle("below", snapshot.value < BAR_LOW);
    set("--value", snapshot.value);
    set("--best", snapshot.optimalValue);
    set("--equilibrium", EQUILIBRIUM);
    this.#bar.setAttribute(
      "aria-label",
      `V is ${numberText(snapshot.value)} of at most ${numberText(snapshot.optimalValue)} with the best D; −1.386 in equilibrium`,
    );
  }
}

/** A number and its question. @param {Row} row */
function rowOf({ id, label, of, about }) {
  const make = (/** @type {string} */ tag, /** @type {string} */ className, /** @type {string} */ words) =>
    Object.assign(document.createElement(tag), { className, textContent: words });
  const number = make("b", "", "–");
  number.dataset.number = id;
  const ask = make("button", "mini ask", "?");
  const answer = make("dd", "about", about);
  answer.id = `about-${id}`;
  answer.hidden = true;
  for (const [name, value] of Object.entries({
    type: "button",
    "aria-label": `What is ${label}?`,
    "aria-expanded": "false",
    "aria-controls": answer.id,
  }))
    ask.setAttribute(name, value);
  const value = make("dd", "", "");
  value.append(number, " ", ask);
  const row = make("div", "", "");
  row.append(make("dt", of, label), value, answer);
  return row;
}

/** Opens and closes the answers of every "?" inside. @param {HTMLElement} root */
export function answerQuestions(root) {
  root.addEventListener("click", ({ target }) => {
    const button = /** @type {HTMLElement} */ (target).closest(".ask");
    const answer = button && document.getElementById(String(button.getAttribute("aria-controls")));
    if (!button || !answer) return;
    answer.hidden = !answer.hidden;
    button.setAttribute("aria-expanded", String(!answer.hidden));
  });
}
