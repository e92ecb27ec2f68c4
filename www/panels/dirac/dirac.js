// The panel of the Dirac-GAN: its settings, the phase portrait that the core computes, an animation along the
// trajectory, and trajectories kept for comparison.

import { capturePointer, holdsPointer, mediaMatches } from "../../browser.js";
import { grouped } from "../../numbers.js";
import { EXTENT, FIRST, complexText, nameOf, optionsOf, outcomeOf, stabilityOf } from "./dirac-data.js";
import { ComplexPlot, PhasePlot, SIDE, place } from "./dirac-plot.js";

/** @import { Catalog, Dirac, DiracRequest } from "../../protocol.js" */
/** @import { Complex, Portrait } from "./dirac-data.js" */

/** Most trajectories kept beside the present one. More would be hard to tell apart. */
const MOST_KEPT = 4;
/** Steps per second of the animation. A turn without damping takes about two seconds at a learning rate of 0.1. */
const STEPS_A_SECOND = 60;
/** Move of the start point per arrow key. */
const KEY_STEP = 0.1;

export class DiracView {
  #root;
  #ask;
  #plot = new PhasePlot();
  #complex = new ComplexPlot();
  #wish = { ...FIRST };
  #id = 0;
  /** @type {Catalog | null} */
  #catalog = null;
  /** @type {Dirac | null} */
  #dirac = null;
  /** The request to which the present portrait answers. @type {DiracRequest} */
  #of = FIRST;
  /** @type {Portrait[]} */
  #kept = [];
  #frame = 0;

  /** @param {HTMLElement} root @param {(request: DiracRequest, id: number) => void} ask */
  constructor(root, ask) {
    this.#root = root;
    this.#ask = ask;
    this.#find(".portrait").replaceChildren(this.#plot.svg);
    this.#find(".eigen-plane").replaceChildren(this.#complex.svg);
    this.#watchForm();
    this.#watchStart();
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** An input by its name. @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#find(`[name="${name}"]`));
  }

  /** Fills the menus of losses and penalties. @param {Catalog} catalog */
  begin(catalog) {
    if (this.#catalog) return this.#request();
    this.#catalog = catalog;
    const fill = (/** @type {string} */ name, /** @type {"objective" | "d_penalty"} */ key) =>
      this.#input(name).replaceChildren(...optionsOf(catalog, key).map((o) => new Option(o.label, o.value)));
    fill("dirac-objective", "objective");
    fill("dirac-penalty", "d_penalty");
    this.#show();
    this.#request();
  }

  /** @param {{id: number, dirac: Dirac}} answer */
  update({ id, dirac }) {
    if (id !== this.#id) return;
    this.#stop();
    this.#dirac = dirac;
    this.#of = this.#wish;
    const last = dirac.path.length / 2 - 1;
    const step = this.#input("dirac-step");
    Object.assign(step, { max: String(last), value: String(last) });
    this.#draw();
    const { eigenvalues: values, circle } = dirac;
    const texts = values?.map(complexText) ?? [];
    const lines = values ? texts.map((text, i) => `λ${"₁₂"[i]} = ${text}`) : ["no eigenvalues: a kink"];
    this.#find(".eigenvalues").replaceChildren(
      ...lines.map((words) => Object.assign(document.createElement("span"), { textContent: words })),
    );
    this.#complex.update(values ?? [], values ? texts.join(" and ") : "none");
    const { lr, alternating } = this.#wish;
    this.#find(".stability").textContent = stabilityOf({ values, circles: circle !== null, lr, alternating });
    this.#find(".circle-note").hidden = dirac.circle === null;
    this.#find(".outcome").textContent = outcomeOf(dirac.path, this.#wish.steps);
    this.#seek(last);
  }

  #draw() {
    if (!this.#dirac) return;
    this.#plot.update(this.#dirac, this.#kept);
    this.#find(".kept-list").replaceChildren(...this.#kept.map((portrait, i) => this.#keptItem(portrait, i)));
    const button = this.#find("[data-do='keep']");
    /** @type {HTMLButtonElement} */ (button).disabled = this.#kept.length >= MOST_KEPT;
    button.title =
      this.#kept.length >= MOST_KEPT
        ? "Four lines are as many as can be told apart: remove one first"
        : "The present line stays while you try another game";
  }

  /** @param {Portrait} portrait @param {number} i */
  #keptItem({ name }, i) {
    const node = document.createElement("li");
    node.className = `kept-${i}`;
    const remove = Object.assign(document.createElement("button"), {
      type: "button",
      className: "mini",
      textContent: "×",
    });
    remove.setAttribute("aria-label", `Remove ${name}`);
    remove.onclick = () => {
      this.#kept.splice(i, 1);
      this.#draw();
      this.#seek(this.#last);
    };
    node.append(name, " ", remove);
    return node;
  }

  get #last() {
    return (this.#dirac?.path.length ?? 2) / 2 - 1;
  }

  /** Requests a portrait, unless the panel is closed. */
  #request() {
    if (!this.#catalog || !(/** @type {HTMLDetailsElement} */ (this.#root).open)) return;
    this.#id += 1;
    this.#ask({ ...this.#wish }, this.#id);
  }

  #watchForm() {
    this.#root.addEventListener("change", ({ target }) => {
      const { name, value, checked } = /** @type {HTMLInputElement} */ (target);
      const set = (/** @type {Partial<DiracRequest>} */ changes) => {
        this.#wish = { ...this.#wish, ...changes };
        this.#show();
        this.#request();
      };
      if (name === "dirac-objective") set({ objective: value });
      if (name === "dirac-penalty") set({ penalty: value });
      if (name === "dirac-weight") set({ weight: Number(value) });
      if (name === "dirac-lr") set({ lr: Number(value) });
      if (name === "dirac-alternating") set({ alternating: checked });
    });
    this.#input("dirac-step").addEventListener("input", () => {
      this.#stop();
      this.#seek(Number(this.#input("dirac-step").value));
    });
    this.#root.addEventListener("click", ({ target }) => {
      const action = /** @type {HTMLElement} */ (target).dataset.do;
      if (action === "play") this.#frame ? this.#stop() : this.#play();
      if (action === "keep") this.#keep();
    });
  }

  #show() {
    const { objective, penalty, weight, lr, alternating, start } = this.#wish;
    const set = (/** @type {string} */ name, /** @type {string | number} */ value) => {
      this.#input(name).value = String(value);
    };
    set("dirac-objective", objective);
    set("dirac-penalty", penalty);
    set("dirac-weight", weight);
    set("dirac-lr", lr);
    this.#find("output[for='dirac-weight']").textContent = weight.toFixed(2);
    this.#find("output[for='dirac-lr']").textContent = lr.toFixed(2);
    this.#input("dirac-alternating").checked = alternating;
    this.#find(".of-weight").hidden = penalty === "none";
    const values = { "aria-valuemin": -EXTENT, "aria-valuemax": EXTENT, "aria-valuenow": start[0] };
    for (const [name, value] of Object.entries(values)) this.#find(".portrait").setAttribute(name, String(value));
    this.#find(".portrait").setAttribute("aria-valuetext", `θ ${start[0].toFixed(1)}, ψ ${start[1].toFixed(1)}`);
  }

  #keep() {
    if (!this.#dirac || !this.#catalog || this.#kept.length >= MOST_KEPT) return;
    this.#kept.push({ name: nameOf(this.#of, this.#catalog), request: this.#of, dirac: this.#dirac });
    this.#draw();
    this.#seek(this.#last);
  }

  /** @param {number} step */
  #seek(step) {
    if (!this.#dirac) return;
    const at = Math.min(step, this.#last);
    this.#input("dirac-step").value = String(at);
    this.#find("output[for='dirac-step']").textContent = grouped(at);
    this.#plot.at(this.#dirac.path, at);
  }

  #play() {
    const from = performance.now();
    const slider = this.#input("dirac-step");
    const atEnd = Number(slider.value) >= this.#last;
    const first = atEnd ? 0 : Number(slider.value);
    // With reduced motion, jump from one end to the other; the slider still moves step by step.
    if (mediaMatches("(prefers-reduced-motion: reduce)")) return this.#seek(atEnd ? 0 : this.#last);
    this.#find("[data-do='play']").textContent = "Pause";
    const next = () => {
      const at = first + Math.floor(((performance.now() - from) / 1000) * STEPS_A_SECOND);
      this.#seek(at);
      if (at >= this.#last) this.#stop();
      else this.#frame = requestAnimationFrame(next);
    };
    this.#frame = requestAnimationFrame(next);
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#find("[data-do='play']").textContent = "Play";
  }

  #watchStart() {
    const root = this.#find(".portrait");
    const move = (/** @type {number} */ theta, /** @type {number} */ psi) => {
      const inside = (/** @type {number} */ v) => Math.round(100 * Math.min(EXTENT, Math.max(-EXTENT, v))) / 100;
      this.#wish = { ...this.#wish, start: [inside(theta), inside(psi)] };
      this.#plot.begin(this.#wish.start);
      this.#show();
      this.#request();
    };
    const follow = (/** @type {PointerEvent} */ { clientX, clientY }) => {
      const { left, top, width, height } = this.#plot.svg.getBoundingClientRect();
      move(place.theta(((clientX - left) / width) * SIDE), place.psi(((clientY - top) / height) * SIDE));
    };
    root.addEventListener("pointerdown", (event) => {
      capturePointer(root, event);
      follow(event);
    });
    root.addEventListener("pointermove", (event) => {
      if (holdsPointer(root, event)) follow(event);
    });
    root.addEventListener("keydown", (event) => {
      const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [
        0, 0,
      ];
      if (!dx && !dy) return;
      event.preventDefault();
      const [theta, psi] = this.#wish.start;
      move(theta + KEY_STEP * dx, psi + KEY_STEP * dy);
    });
  }
}
