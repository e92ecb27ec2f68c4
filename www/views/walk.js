// The panel of slow motion: the stages, the algorithm with its line lit, what happens in words, and the settings that
// may change meanwhile.

import { SettingField } from "../panels/settings/field.js";
import { STAGES } from "../app/walk.js";
import { NAMES, aboutStage, algorithm, linesAt } from "./algorithm.js";

/** @import { Algorithm, Catalog, Config, RunInfo } from "../protocol.js" */
/** @import { SlowMotion, Whose } from "../app/walk.js" */

/** What may be turned while it walks. */
const LIVE = [
  ["d_steps", "k"],
  ["d_lr", "D learning rate"],
  ["g_lr", "G learning rate"],
];
const BEGIN = "Press “Next stage” to draw the noise batch of the next update, or “Automatically” to play all stages.";

export class WalkView {
  #root;
  #slow;
  #edit;
  /** @type {Config} */
  #config = {};
  /** @type {SettingField[]} */
  #live = [];
  #shown = "";

  /** @param {HTMLElement} root @param {SlowMotion} slow @param {(changes: Config) => void} edit */
  constructor(root, slow, edit) {
    this.#root = root;
    this.#slow = slow;
    this.#edit = edit;
    this.#find(".stages").replaceChildren(...STAGES.map((stage) => item(NAMES[stage], stage)));
    this.#button(".next").onclick = () => slow.next();
    this.#button(".timed").onclick = () => slow.time(!slow.timed);
    this.#button(".stop").onclick = () => slow.stop();
    for (const radio of this.#radios) radio.onchange = () => slow.choose(/** @type {Whose} */ (radio.value));
    this.update(null, null);
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

  /** The settings as the form has them. @param {Config} config @param {Catalog} catalog */
  fill(config, catalog) {
    this.#config = config;
    if (this.#live.length === 0) this.#makeFields(catalog);
    for (const field of this.#live) field.update({ config });
  }

  /** @param {RunInfo | null} info @param {Config | null} running what the run uses */
  update(info, running) {
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
    for (const [key, label] of LIVE) {
      const field = fields.find((f) => f.key === key);
      if (!field) continue;
      const onChange = (/** @type {string | number} */ value) => this.#edit({ ...this.#config, [key]: value });
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
