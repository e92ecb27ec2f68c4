// The experiment that the settings came from: a preset, or the default of a data set. The page names what was changed
// since, and resets it to that.

import { differences } from "./differences.js";
import { baseOf, namedPreset, presetOf } from "./state.js";

/** @import { Catalog, Config, Field, Preset } from "../protocol.js" */
/** @typedef {{name: string, config: Config}} Origin */

/** @param {Preset} preset @returns {Origin} */
export const originOfPreset = ({ name, config }) => ({ name, config });

/** The default configuration of a data set. @param {string} data @param {Catalog} catalog @returns {Origin} */
function originOfData(data, catalog) {
  const config = { ...baseOf(data, catalog), data };
  const preset = presetOf(config, catalog);
  if (preset) return originOfPreset(preset);
  const set = [...catalog.toys, ...catalog.dataSets].find(({ id }) => id === data);
  return { name: `the default of “${set?.name ?? data}”`, config };
}

/**
 * The preset that an address names or that its settings equal; otherwise the default of its data set.
 * @param {string} hash @param {Config} config its settings @param {Catalog} catalog @returns {Origin}
 */
export function originOfAddress(hash, config, catalog) {
  const preset = namedPreset(hash, catalog) ?? presetOf(config, catalog);
  return preset ? originOfPreset(preset) : originOfData(String(config.data), catalog);
}

/**
 * The origin after another data set was picked. Other data of the same kind keep the settings and their origin.
 * @param {Origin | null} origin @param {Config} next the settings now @param {Catalog} catalog @returns {Origin}
 */
export function originOnData(origin, next, catalog) {
  const preset = presetOf(next, catalog);
  if (preset) return originOfPreset(preset);
  const kindOf = (/** @type {string | number} */ data) => catalog.toys.find(({ id }) => id === data)?.space ?? "images";
  if (origin && kindOf(origin.config.data) === kindOf(next.data)) return origin;
  return originOfData(String(next.data), catalog);
}

/**
 * The settings that differ from their origin. The seed is no part of an experiment.
 * @param {Origin} origin @param {Config} config @param {Catalog} catalog @returns {Field[]}
 */
export function changesSince(origin, config, catalog) {
  return differences(origin.config, config, catalog).filter(({ key }) => key !== "seed");
}
