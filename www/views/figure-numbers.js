// The numbers of the figure: the value of the game as a bar, with what D could reach and what equilibrium is, and each with an answer to
// "what is this?".

import { signed } from "../numbers.js";
import { BAR_LOW, EQUILIBRIUM, placeOnBar, gradientNormOf } from "./figure-data.js";

/** @import { Snapshot } from "../protocol.js" */
/** @typedef {{id: string, label: string, of: "of-d" | "of-g" | "of-real" | "", value: (snapshot: Snapshot) => number, about: string}} Row */

/** @type {Row[]} */
export const ROWS = [
  {
    id: "value", label: "V(D, G)", of: "of-d", value: (s) => s.value,
    about: "How well D does: V(D, G) = E[log D(x)] over genuine x + E[log(1 − D(G(z)))] over noise z, which D raises and G lowers. Taken here over the smoothed densities of the picture. Source: Goodfellow et al. 2014, equation 1.",
  },
  {
    id: "best", label: "V(D*, G)", of: "of-d", value: (s) => s.bestValue,
    about: "The most that any D could reach against this G, namely with D*(x) = p_data(x)/(p_data(x) + p_g(x)): it is 2 JS − log 4, with JS of what D sees, noise and all. What V lacks of it is D's fault, the rest is G's. Source: Goodfellow et al. 2014, proposition 1 and theorem 1.",
  },
  {
    id: "equilibrium", label: "in equilibrium", of: "", value: (s) => (Number.isNaN(s.value) ? NaN : EQUILIBRIUM),
    about: "−log 4 = −1.386: what V comes to where p_g = p_data and D says 1/2 everywhere. No G can get V(D*, G) lower. Source: Goodfellow et al. 2014, theorem 1.",
  },
  {
    id: "divergence", label: "Jensen-Shannon", of: "of-g", value: (s) => s.divergence,
    about: "How far p_g is from p_data, in nats: the mean of the Kullback-Leibler divergences of both to their mixture, from 0 (the same) to log 2 = 0.693 (no overlap). Of 4,096 forged samples, smoothed like the data, so that it never is quite 0. Source: Goodfellow et al. 2014, equation 6.",
  },
  {
    id: "gap", label: "mean |D − D*|", of: "of-d", value: (s) => s.gap,
    about: "How far D is from the best D, on average over genuine and forged samples: the mean of |D(x) − D*(x)| under (p_data + p_g)/2. Training D alone brings it towards 0. Where D sees noise, or packs, D* is the best for those. D*: Goodfellow et al. 2014, proposition 1.",
  },
  {
    id: "pull", label: "pull on G", of: "of-g", value: (s) => gradientNormOf(s.arrows),
    about: "How strongly D moves G's samples: the mean of |∂L_G/∂x| over them. Where D is certain and flat it vanishes, and G learns nothing, in the minimax game first of all; noise on what D sees makes D's slope gentle again. Source: Arjovsky and Bottou 2017, theorems 2.4 and 3.1.",
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

  /** @param {Snapshot | null} snapshot */
  update(snapshot) {
    for (const { id, value } of ROWS) {
      const words = snapshot ? numberText(value(snapshot)) : "–";
      /** @type {HTMLElement} */ (this.#root.querySelector(`[data-number="${id}"]`)).textContent = words;
    }
    const known = snapshot !== null && !Number.isNaN(snapshot.value);
    this.#bar.hidden = !known;
    if (!snapshot || !known) return;
    const set = (/** @type {string} */ name, /** @type {number} */ value) => this.#bar.style.setProperty(name, placeOnBar(value).toFixed(4));
    this.#bar.classList.toggle("below", snapshot.value < BAR_LOW);
    set("--value", snapshot.value);
    set("--best", snapshot.bestValue);
    set("--equilibrium", EQUILIBRIUM);
    this.#bar.setAttribute("aria-label", `V is ${numberText(snapshot.value)} of at most ${numberText(snapshot.bestValue)} with the best D; −1.386 in equilibrium`);
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
  for (const [name, value] of Object.entries({ type: "button", "aria-label": `What is ${label}?`, "aria-expanded": "false", "aria-controls": answer.id })) ask.setAttribute(name, value);
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
