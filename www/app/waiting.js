// The line about settings that take effect after a restart, and the choice of the device in the menu.

import { nameOf, waits } from "./differences.js";
import { $ } from "./page.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { DevicePreference } from "../protocol.js" */

/** @param {Experiment} experiment */
export function watchDevice(experiment) {
  /** @type {HTMLSelectElement} */
  const device = $("device");
  device.onchange = () => experiment.useDevice(/** @type {DevicePreference} */ (device.value));
}

/** Settings that differ from the run's and are not live wait for a restart. @param {Experiment} experiment */
export function showWaiting({ config, base, run, other, choosing, devicePreference, catalog }) {
  /** @type {HTMLSelectElement} */ ($("device")).value = devicePreference;
  const running = choosing ? null : (other ?? run).running;
  const waiting = catalog?.fields.filter((f) => waits(f, config, running, base !== null)) ?? [];
  $("waiting").hidden = waiting.length === 0;
  $("waiting-what").textContent = waiting.map((f) => (catalog ? nameOf(f, catalog) : f.label)).join(", ");
  $("restart").textContent = other ? "Restart both" : "Restart";
}
