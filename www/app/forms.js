// The settings: form, data picker, menu of presets, and the address that holds them.

import { safely } from "../browser.js";
import { Controls } from "./controls.js";
import { nameOf } from "./differences.js";
import { missingInAddress, withoutData } from "./state.js";
import { DataPicker } from "../views/data-picker.js";
import { $ } from "./page.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Catalog, Config, DevicePreference, ToyInfo } from "../protocol.js" */

/**
 * The measured results of each preset: `results.js` writes them when the page is built.
 * @type {Record<string, string>}
 */
const RESULTS = import.meta.env.RESULTS;

export class Forms {
  #experiment;
  #draw;
  /** @type {Controls | null} */
  #controls = null;
  /** @type {DataPicker | null} */
  #picker = null;

  /**
   * @param {Experiment} experiment @param {(toy: ToyInfo) => void} draw opens the editor of data that the visitor draws
   */
  constructor(experiment, draw) {
    this.#experiment = experiment;
    this.#draw = draw;
    /** @type {HTMLSelectElement} */
    const device = $("device");
    device.onchange = () => experiment.useDevice(/** @type {DevicePreference} */ (device.value));
    // The dialog was cancelled: select the earlier choice again.
    for (const dialog of ["drawing", "draw-curve"]) $(dialog).addEventListener("close", () => this.drawPicker());
  }

  /** Whether the controls have been built, which is done once: another worker needs no new ones. */
  get filled() {
    return this.#controls !== null;
  }

  /** Builds the controls, once the catalog is known. @param {Catalog} catalog */
  fill(catalog) {
    const experiment = this.#experiment;
    safely(() => {
      this.#controls = new Controls($("settings"), catalog, (/** @type {Config} */ next) => {
        if (next.data === experiment.config.data) experiment.edit(next);
        else this.#pick(String(next.data));
      });
      this.#picker = new DataPicker($("data-sets"), catalog, {
        pick: (set) => this.#pick(set),
        load: (set) => experiment.run.data.load(set),
        cancel: (set) => experiment.run.data.cancel(set),
        draw: (toy) => this.#draw(toy),
      });
    });
  }

  /** Selects a data set, or opens the editor if it has not been drawn yet. @param {string} set */
  #pick(set) {
    const { catalog, config, drawn } = this.#experiment;
    const undrawn = catalog && withoutData({ ...config, data: set }, catalog, drawn);
    if (!undrawn) return this.#experiment.pickData(set);
    this.#draw(undrawn);
    // Until then the form shows the earlier choice.
    this.drawSettings();
  }

  /** The form marks settings that wait for a restart by comparing them with the run's. */
  drawSettings() {
    const { config, base, run, other, choosing, devicePreference, catalog } = this.#experiment;
    /** @type {HTMLSelectElement} */ ($("device")).value = devicePreference;
    this.#controls?.update(config, choosing ? null : (other ?? run).running, base);
    const waiting = this.#controls?.waiting ?? [];
    $("waiting").hidden = waiting.length === 0;
    $("waiting-what").textContent = waiting.map((f) => (catalog ? nameOf(f, catalog) : f.label)).join(", ");
    $("restart").textContent = other ? "Restart both with these settings" : "Restart with these settings";
    this.#describePreset();
  }

  drawPicker() {
    const { config, run, drawn } = this.#experiment;
    this.#picker?.update(String(config.data), run.data, drawn);
  }

  #describePreset() {
    const { preset, config, base, drawn } = this.#experiment;
    const missing = [config, base ?? config].map((c) => missingInAddress(c, drawn)).find(Boolean);
    const held = missing ? `every setting, but not ${missing}.` : "every setting: copy it to share the run.";
    $("look").textContent = preset ? preset.description : `A configuration of your own. The address holds ${held}`;
    $("look-source").textContent = preset ? `After: ${preset.source}.` : "";
    $("look-result").textContent = RESULTS[preset?.id ?? ""] ?? "";
  }
}
