// In what two configurations differ, in the schema's words.

import { applies } from "./state.js";

/** @import { Catalog, Config, Field } from "./protocol.js" */

/** @type {Record<string, string>} */
const OWNERS = { generator: "G", discriminator: "D" };

/** Small numbers as 0.0002, never as 2e-4: that is what people type. @param {string | number} value */
export function show(value) {
  if (typeof value === "string" || value === 0 || Math.abs(value) >= 1e-3) return String(value);
  const short = value.toFixed(8).replace(/0+$/, "");
  return Number(short) === value ? short : String(value);
}

/** A setting's label, with its network where both have one of this name. @param {Field} field @param {Catalog} catalog */
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
 * Settings that differ and mean something in one of the two at least.
 * @param {Config} a @param {Config} b @param {Catalog} catalog
 */
export function differences(a, b, catalog) {
  return catalog.fields.filter((f) => a[f.key] !== b[f.key] && (applies(f, a) || applies(f, b)));
}

/**
 * What a run is, beside the one that it is compared with: “Learning rate of D 0.001”.
 * @param {Config} config @param {Field[]} fields in which the two differ @param {Catalog} catalog
 */
export function titleOf(config, fields, catalog) {
  const parts = fields.map((f) => (applies(f, config) ? `${nameOf(f, catalog)} ${valueOf(f, config)}` : ""));
  return parts.filter(Boolean).join(", ");
}
