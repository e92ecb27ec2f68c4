// The settings in which two configurations differ, with labels from the schema.

import { applies } from "./state.js";

/** @import { Catalog, Config, Field } from "../protocol.js" */

/** @type {Record<string, string>} */
const OWNERS = { generator: "G", discriminator: "D" };

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
  return shared && OWNERS[field.group] ? `${field.label} of ${OWNERS[field.group]}` : field.label;
}

/** A value as the form shows it. @param {Field} field @param {Config} config */
export function valueOf({ key, unit, values }, config) {
  const value = config[key];
  if (values.type === "choice") return values.options.find((o) => o.value === value)?.label ?? String(value);
  return unit ? `${show(value)} ${unit}` : show(value);
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
