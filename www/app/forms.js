// What follows the settings outside the drawer: the bar of what waits for a restart, the drawing of the networks, the menu
// of presets, and the address.

import { Address } from "./address.js";
import { safely } from "../browser.js";
import { nameOf, waits } from "./differences.js";
import { inFrame } from "../frames.js";
import { missingInAddress } from "./state.js";
import { NetworksView } from "../views/networks.js";
import { $ } from "./page.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Catalog, DevicePreference, Outline, Preset } from "../protocol.js" */

/**
 * The measured results of each preset: `results.js` writes them when the page is built.
 * @type {Record<string, string>}
 */
const RESULTS = import.meta.env.RESULTS;

export class Forms {
  #experiment;
  #address = new Address();
  /** @type {NetworksView | null} */
  #networks = null;
  /** Whether the catalog has been read, which is done once: another worker brings the same. */
  filled = false;

  /** @param {Experiment} experiment */
  constructor(experiment) {
    this.#experiment = experiment;
    /** @type {HTMLSelectElement} */
    const preset = $("experiment");
    preset.onchange = () => experiment.usePreset(preset.value);
    /** @type {HTMLSelectElement} */
    const device = $("device");
    device.onchange = () => experiment.useDevice(/** @type {DevicePreference} */ (device.value));
  }

  /** The page's address. */
  get href() {
    return this.#address.href;
  }

  /** Builds the controls, once the catalog is known. @param {Catalog} catalog */
  fill(catalog) {
    const experiment = this.#experiment;
    this.filled = true;
    safely(() => {
      this.#networks = new NetworksView($("networks"), catalog, (next) => experiment.edit(next));
      $("experiment").append(...presetGroups(catalog.presets));
    });
  }

  /** Settings that differ from the run's and are not live wait for a restart. */
  drawSettings() {
    const { config, base, run, other, choosing, devicePreference, catalog } = this.#experiment;
    this.#networks?.fill(config);
    run.sketch(config);
    /** @type {HTMLSelectElement} */ ($("device")).value = devicePreference;
    const running = choosing ? null : (other ?? run).running;
    const waiting = catalog?.fields.filter((f) => waits(f, config, running, base !== null)) ?? [];
    $("waiting").hidden = waiting.length === 0;
    $("waiting-what").textContent = waiting.map((f) => (catalog ? nameOf(f, catalog) : f.label)).join(", ");
    $("restart").textContent = other ? "Restart both" : "Restart";
    this.#describePreset();
    this.#address.set(this.#experiment.hash);
  }

  /** @param {Outline} outline */
  drawNetworks(outline) {
    inFrame("networks", () => this.#networks?.update(outline));
  }

  #describePreset() {
    const { preset, config, base, drawn } = this.#experiment;
    const missing = [config, base ?? config].map((c) => missingInAddress(c, drawn)).find(Boolean);
    const held = missing ? `every setting, but not ${missing}.` : "every setting: copy it to share the run.";
    /** @type {HTMLSelectElement} */ ($("experiment")).value = preset?.id ?? "";
    $("look").textContent = preset ? preset.description : `A configuration of your own. The address holds ${held}`;
    $("look-source").textContent = preset ? `After: ${preset.source}.` : "";
    $("look-result").textContent = RESULTS[preset?.id ?? ""] ?? "";
  }
}

/**
 * The options of the menu, grouped under their headings in the order of the presets.
 * @param {Preset[]} presets
 */
function presetGroups(presets) {
  return [...new Set(presets.map((p) => p.group))].map((label) => {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...presets.filter((p) => p.group === label).map((p) => new Option(p.name, p.id)));
    return group;
  });
}
