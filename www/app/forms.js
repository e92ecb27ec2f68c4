// What follows the settings outside the drawer: the bar of what waits for a restart, the drawing of the networks, the menu
// of presets, and the address.

import { safely } from "../browser.js";
import { nameOf, waits } from "./differences.js";
import { inFrame } from "../frames.js";
import { missingInAddress } from "./state.js";
import { NetworksView } from "../views/networks.js";
import { $ } from "./page.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Catalog, DevicePreference, Outline } from "../protocol.js" */

/**
 * The measured results of each preset: `results.js` writes them when the page is built.
 * @type {Record<string, string>}
 */
const RESULTS = import.meta.env.RESULTS;

export class Forms {
  #experiment;
  /** @type {NetworksView | null} */
  #networks = null;
  /** Whether the catalog has been read, which is done once: another worker brings the same. */
  filled = false;

  /** @param {Experiment} experiment */
  constructor(experiment) {
    this.#experiment = experiment;
    /** @type {HTMLSelectElement} */
    const device = $("device");
    device.onchange = () => experiment.useDevice(/** @type {DevicePreference} */ (device.value));
  }

  /** Builds the controls, once the catalog is known. @param {Catalog} catalog */
  fill(catalog) {
    const experiment = this.#experiment;
    this.filled = true;
    safely(() => {
      this.#networks = new NetworksView($("networks"), catalog, (next) => experiment.edit(next));
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
  }

  /** @param {Outline} outline */
  drawNetworks(outline) {
    inFrame("networks", () => this.#networks?.update(outline));
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
