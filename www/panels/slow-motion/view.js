// The panel of slow motion: the stages, the algorithm with its line lit, what happens in words, and the settings that
// may change meanwhile.

import { SettingField } from "../settings/field.js";
import { STAGES } from "../../app/slow-motion.js";
import { NAMES, aboutStage, algorithm, linesAt } from "./algorithm.js";

/** @import { Panel, PanelContext, PanelEvent } from "../panel.js" */
/** @import { Algorithm, Catalog, Config, RunInfo } from "../../protocol.js" */
/** @import { Whose } from "../../app/slow-motion.js" */

/** What may be turned while it walks. */
const LIVE = [
  ["d_steps", "k"],
  ["d_lr", "D learning rate"],
  ["g_lr", "G learning rate"],
];
const BEGIN = "Press “Next stage” to draw the noise batch of the next update, or “Automatically” to play all stages.";

/** @implements {Panel} */
export class SlowMotionPanel {
  #root;
  #app;
  #slow;
  /** @type {SettingField[]} */
  #live = [];
  /** The algorithm that is written, as text. */
  #shown = "";
  /** Whether a stage was highlighted at the last change. */
  #walks = false;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    const { slow } = app.byHand;
    this.#root = root;
    this.#app = app;
    this.#slow = slow;
    this.#find(".stages").replaceChildren(...STAGES.map((stage) => item(NAMES[stage], stage)));
    this.#button(".next").onclick = () => slow.next();
    this.#button(".timed").onclick = () => slow.time(!slow.timed);
    this.#button(".stop").onclick = () => slow.stop();
    for (const radio of this.#radios) radio.onchange = () => slow.choose(/** @type {Whose} */ (radio.value));
  }

  /** @param {PanelEvent} event */
  update(event) {
    if (event === "config" || event === "shown") this.#fill();
    const { alive, info, running } = this.#app.experiment.focus;
    this.#draw(info, alive ? running : null);
    const walks = this.#slow.overlay !== null;
    if (walks && !this.#walks) this.#open();
    this.#walks = walks;
  }

  /** Slow motion begins, perhaps by the choice of the speed: the panel opens. */
  #open() {
    const details = this.#root.closest("details");
    if (details) details.open = true;
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {string} selector */
  #button(selector) {
    return /** @type {HTMLButtonElement} */ (this.#find(selector));
  }

  get #radios() {
    return /** @type {HTMLInputElement[]} */ ([...this.#root.querySelectorAll('input[type="radio"]')]);
  }

  /** Shows the settings as the drawer has them. */
  #fill() {
    const { catalog, config } = this.#app.experiment;
    if (!catalog) return;
    if (this.#live.length === 0) this.#makeFields(catalog);
    for (const field of this.#live) field.update({ config });
  }

  /** @param {RunInfo | null} info @param {Config | null} running what the run uses */
  #draw(info, running) {
    const { stage, network, waits, timed, whose, overlay } = this.#slow;
    const [k, m] = [Number(running?.d_steps ?? 1), Number(running?.batch ?? 128)];
    this.#write(info?.algorithm, k, m);
    const lit = stage ? linesAt(stage, network) : [];
    for (const node of this.#root.querySelectorAll(".algorithm li"))
      mark(node, lit.includes(String(/** @type {HTMLElement} */ (node).dataset.id)));
    for (const node of this.#root.querySelectorAll(".stages li"))
      mark(node, /** @type {HTMLElement} */ (node).dataset.id === stage);
    this.#root.dataset.network = stage ? network : "";
    this.#find(".turn").textContent = stage ? (network === "discriminator" ? "D step" : "G step") : "";
    const output = info?.output ?? { type: "probability" };
    const text = overlay ? aboutStage(overlay, output, k, !waits) : waits ? "Drawing the next minibatch…" : BEGIN;
    if (this.#find(".message").textContent !== text) this.#find(".message").textContent = text;
    this.#button(".next").disabled = waits || !running;
    this.#button(".timed").disabled = !running;
    this.#button(".timed").textContent = timed ? "Pause" : "Automatically";
    this.#button(".timed").setAttribute("aria-pressed", String(timed));
    this.#button(".stop").disabled = !stage && !waits;
    for (const radio of this.#radios) radio.checked = radio.value === whose;
  }

  /** @param {Algorithm | undefined} updates @param {number} k @param {number} m */
  #write(updates, k, m) {
    const key = [...Object.values(updates ?? {}), k, m].join();
    if (key === this.#shown) return;
    this.#shown = key;
    this.#find(".algorithm").replaceChildren(
      ...algorithm(updates, k, m).map(({ id, depth, of, words }) => {
        const node = item(words, id);
        node.className = of;
        node.style.setProperty("--depth", String(depth));
        return node;
      }),
    );
  }

  /** @param {Catalog} catalog */
  #makeFields({ fields }) {
    const { experiment } = this.#app;
    for (const [key, label] of LIVE) {
      const field = fields.find((f) => f.key === key);
      if (!field) continue;
      const onChange = (/** @type {string | number} */ value) =>
        experiment.edit({ ...experiment.config, [key]: value });
      const live = new SettingField(field, { id: `walk-${key}`, label, compact: true, onChange });
      live.root.classList.add(key.startsWith("g") ? "of-g" : "of-d");
      this.#live.push(live);
    }
    this.#find(".live").append(...this.#live.map(({ root }) => root));
  }
}

/** @param {Element} node @param {boolean} lit */
function mark(node, lit) {
  node.classList.toggle("lit", lit);
  if (lit) node.setAttribute("aria-current", "step");
  else node.removeAttribute("aria-current");
}

/** @param {string} words @param {string} id */
function item(words, id) {
  const node = document.createElement("li");
  node.textContent = words;
  node.dataset.id = id;
  return node;
}
