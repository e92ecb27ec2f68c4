// The settings in which two configurations differ, with labels from the schema.

import { applies } from "./state.js";

/** @import { Catalog, Config, Field } from "../protocol.js" */

/** Networks by the prefix of their settings. @type {Record<string, string>} */
const OWNERS = { g_: "G", d_: "D" };

/** A number as people type it: 0.0002 instead of 2e-4. @param {string | number} value */
export function show(value) {
  if (typeof value === "string" || value === 0 || Math.abs(value) >= 1e-3) return String(value);
  const short = value.toFixed(8).replace(/0+$/, "");
  return Number(short) === value ? short : String(value);
}

/**
 * The label of a setting, with its network if both networks have a setting of this name.
 * @param {Field} field @param {Catalog} catalog
 */
export function nameOf(field, catalog) {
  const shared = catalog.fields.some((f) => f !== field && f.label === field.label);
  const owner = OWNERS[field.key.slice(0, 2)];
  return shared && owner ? `${field.label} of ${owner}` : field.label;
}

/** A value as the form shows it. @param {Field} field @param {Config} config */
export function valueOf({ key, unit, values }, config) {
  const value = config[key];
  if (values.type === "choice") return values.options.find((o) => o.value === value)?.label ?? String(value);
  return unit ? `${show(value)} ${unit}` : show(value);
}

/**
 * Whether a changed setting takes effect only after a restart.
 * @param {Field} field @param {Config} config @param {Config | null} running the run's configuration; null without a run
 * @param {boolean} comparing whether two runs are compared: all changes then wait for a restart
 */
export function waits({ live, key }, config, running, comparing) {
  return running !== null && (comparing || !live) && running[key] !== config[key];
}

/**
 * The fields with different values that apply to at least one of the two configurations.
 * @param {Config} a @param {Config} b @param {Catalog} catalog
 */
export function differences(a, b, catalog) {
  return catalog.fields.filter((f) => a[f.key] !== b[f.key] && (applies(f, a) || applies(f, b)));
}

/**
 * The title of a run in a comparison, made of its differing settings: “Learning rate of D 0.001”.
 * @param {Config} config @param {Field[]} fields the differing ones @param {Catalog} catalog
 */
export function titleOf(config, fields, catalog) {
  const parts = fields.map((f) => (applies(f, config) ? `${nameOf(f, catalog)} ${valueOf(f, config)}` : ""));
  return parts.filter(Boolean).join(", ");
}
