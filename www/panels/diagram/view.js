// The diagram of the model: data and noise, both networks, and the losses, with what flows between them. A click on a part
// opens its settings.

import { onColourScheme, onResize, mediaMatches, recall, remember } from "../../browser.js";
import { atMost, inFrame } from "../../frames.js";
import { Batch } from "./batch.js";
import { DataChoice } from "./choice.js";
import * as facts from "./facts.js";
import { Readings } from "./readings.js";
import { Wires } from "./wires.js";

/** @import { Config } from "../../protocol.js" */
/** @import { Run } from "../../app/run.js" */
/** @import { PanelContext, PanelEvent } from "../panel.js" */

/** A small network trains a hundred batches a second; five drawings a second are enough. */
const EVERY_MS = 200;
const REMEMBERED = "counterfeit.blocks";
/** Images of the batch that are shown; of domains, two pairs. */
const IMAGES = 3;
const PAIRED = 4;
/** The editors of data that the visitor draws, which may be cancelled. */
const EDITORS = ["drawing", "draw-curve"];
/** Before there is a run. @type {import("../../protocol.js").Output} */
const PROBABILITY = { type: "probability" };
/** What may have changed the settings, or the run that is shown. @type {PanelEvent[]} */
const DESCRIBED = ["ready", "config", "run", "comparison", "outline", "refused", "shown"];

/** @param {HTMLElement} node @param {string} text */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export class Diagram {
  #root;
  #app;
  #choice;
  #batches;
  #readings;
  #wires;
  /** Created when they are opened for the first time. @type {import("./blocks.js").Blocks | null} */
  #blocks = null;
  /** The step of the last drawing. */
  #step = 0;

  /** @param {HTMLElement} root @param {PanelContext} app */
  constructor(root, app) {
    this.#root = root;
    this.#app = app;
    this.#choice = new DataChoice(this.#find(".choice"), {
      pick: app.pickData,
      draw: ({ id }) => app.drawData(id === "curve" ? "curve" : "drawn"),
    });
    this.#batches = {
      real: new Batch(/** @type {HTMLCanvasElement} */ (this.#find(".data .batch")), "real"),
      fake: new Batch(/** @type {HTMLCanvasElement} */ (this.#find(".fake .batch")), "fake"),
    };
    this.#readings = new Readings(this.#find(".loss"));
    this.#wires = new Wires(root);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-opens]")))
      button.onclick = () => app.stage.openDrawer(button.dataset.opens);
    // After a cancelled drawing the earlier choice is chosen again.
    for (const id of EDITORS) document.getElementById(id)?.addEventListener("close", () => this.#describe());
    this.#find(".unfold").onclick = () => this.#unfold(this.#find(".unfolded").hidden);
    this.#unfold(recall(REMEMBERED) === "open");
    // A part that grows moves the others, while the diagram keeps its size.
    for (const part of [root, ...root.querySelectorAll("[data-node]")]) onResize(part, () => this.#wires.lay());
    onColourScheme(() => {
      for (const batch of Object.values(this.#batches)) batch.repaint();
      this.#draw();
    });
  }

  /** @param {string} part @returns {HTMLElement} */
  #find(part) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(part));
  }

  /** @param {PanelEvent} event */
  update(event) {
    if (DESCRIBED.includes(event)) {
      if (event !== "outline") this.#sketch();
      inFrame("diagram parts", () => this.#describe());
    }
    this.#draw();
  }

  /** Requests the layers of the settings in the form; in a comparison with A in focus, of A's. */
  #sketch() {
    const { run, config, catalog } = this.#app.experiment;
    if (catalog) run.sketch(this.#ofA ?? config);
  }

  /** The settings of A, if a comparison shows A. */
  get #ofA() {
    const { base, other, run, focus } = this.#app.experiment;
    return other && focus === run ? base : null;
  }

  /** Shows or hides the layers, as the next visit does. @param {boolean} open */
  #unfold(open) {
    const button = this.#find(".unfold");
    button.setAttribute("aria-expanded", String(open));
    this.#find(".unfolded").hidden = !open;
    this.#root.classList.toggle("open", open);
    remember(REMEMBERED, open ? "open" : "");
    void this.#drawBlocks();
  }

  async #drawBlocks() {
    const { experiment } = this.#app;
    const { catalog, run } = experiment;
    const root = this.#find(".unfolded");
    if (!catalog || root.hidden) return;
    const { Blocks } = await import("./blocks.js");
    this.#blocks ??= new Blocks(root, catalog, (config) => experiment.edit(config));
    this.#blocks.fill(this.#ofA ?? experiment.config);
    if (run.outline) this.#blocks.update(run.outline.outline);
  }

  /** What the parts are. */
  #describe() {
    const { catalog, config, focus, drawn } = this.#app.experiment;
    if (!catalog) return;
    this.#choice.update(catalog, String(config.data), drawn);
    const shown = focus.running ?? config;
    const condition = facts.conditionOf(shown, catalog);
    const output = focus.info?.output ?? PROBABILITY;
    const formulas = facts.formulasOf(condition);
    this.#readings.describe(formulas, output);
    say(this.#find(".fake .name"), formulas.generated);
    say(this.#find(".noise .facts"), facts.noiseFacts(shown, condition));
    say(this.#find(".discriminator .word"), facts.nameOfD(shown, output));
    say(this.#find(".discriminator .also"), condition?.also ?? "");
    say(this.#find(".loss .facts"), facts.lossFacts(shown, catalog));
    this.#find(".condition").hidden = condition === null;
    const { name = "", symbol = "" } = condition ?? {};
    say(this.#find(".condition .word"), symbol && name);
    say(this.#find(".condition i"), symbol || name);
    this.#find(".condition .open").setAttribute("aria-label", `${symbol ? `${name} ${symbol}` : name}: settings`);
    say(this.#find(".condition .facts"), condition?.facts ?? "");
    this.#describeNetworks(focus, facts.imageShapeOf(config, catalog));
    void this.#drawBlocks();
    this.#wires.conditionToD = condition?.toD ?? false;
    this.#wires.lay();
  }

  /** @param {Run} focus @param {number[] | null} image */
  #describeNetworks({ info }, image) {
    const outline = this.#app.experiment.run.outline?.outline;
    for (const [network, parameters] of /** @type {const} */ ([
      ["generator", info?.gParameters ?? null],
      ["discriminator", info?.dParameters ?? null],
    ])) {
      const { chain, count, waits } = facts.networkFacts(outline?.[network] ?? null, parameters, image);
      const node = this.#find(`.node.${network}`);
      say(/** @type {HTMLElement} */ (node.querySelector(".chain")), chain);
      say(/** @type {HTMLElement} */ (node.querySelector(".count")), count);
      node.classList.toggle("waits", waits);
      node.title = waits ? "Of the changed settings: takes effect after a restart" : "";
    }
  }

  /** What the last step was. */
  #draw = atMost("diagram", EVERY_MS, () => {
    const { focus, playing } = this.#app.experiment;
    this.#readings.update(focus.series);
    this.#drawBatches(focus);
    const { generator, discriminator } = gradientsOf(focus);
    this.#wires.setWidth("to-generator", generator === null ? null : facts.widthOf(generator));
    this.#wires.setWidth("to-discriminator", discriminator === null ? null : facts.widthOf(discriminator));
    if (playing && focus.step !== this.#step && !mediaMatches("(prefers-reduced-motion: reduce)")) this.#wires.flow();
    this.#root.classList.toggle("playing", playing);
    this.#step = focus.step;
  });

  /** @param {Run} run */
  #drawBatches({ samples, density: { snapshot }, running, onPoints }) {
    const { real, fake } = this.#batches;
    if (onPoints && snapshot) {
      real.density(snapshot);
      fake.density(snapshot);
      return;
    }
    if (samples && !onPoints) {
      const count = isPaired(running) ? PAIRED : IMAGES;
      fake.images(samples.fake, count, this.#selected);
      if (samples.real) real.images(samples.real, count, 0);
      return;
    }
    real.clear();
    fake.clear();
  }

  /** The generated picture that is selected, with which the batch begins. */
  get #selected() {
    const { selection } = this.#app.linked;
    return selection?.kind === "fake" && selection.run === this.#app.experiment.focus ? selection.index : 0;
  }
}

/** Whether G makes pairs of images. @param {Config | null} running */
const isPaired = (running) => running?.condition === "coupled";

/**
 * How strong the gradients of a run are: of images, the norms at the last evaluation; of densities, of G's loss at the
 * generated samples of the last frame. Null if it is not known.
 * @param {Run} run
 */
function gradientsOf({ onPoints, density: { snapshot }, quality: { history } }) {
  if (onPoints)
    return { generator: snapshot ? facts.meanLength(snapshot.arrows, snapshot.width) : null, discriminator: null };
  const signals = history.at(-1)?.signals;
  return {
    generator: facts.gradientNorm(signals?.generator ?? []),
    discriminator: facts.gradientNorm(signals?.discriminator ?? []),
  };
}
