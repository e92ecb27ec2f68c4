// The configuration of a run and its address. The address holds only what differs from the default, so a link stays readable and
// a later default reaches old links.

/** @import { Catalog, Config, Field, Wish } from "./protocol.js" */

/**
 * Reads a typed or linked value by its schema.
 * @param {Field} field
 * @param {string} text
 * @returns {{value: string | number} | {reason: string}}
 */
export function parseValue(field, text) {
  const { values } = field;
  if (values.type === "choice") {
    const known = values.options.some((o) => o.value === text);
    return known ? { value: text } : { reason: `choose one of ${values.options.map((o) => o.value).join(", ")}` };
  }
  const value = text.trim() === "" ? NaN : Number(text);
  const { min, max } = values;
  const whole = values.type === "integer";
  const open = values.type === "real" && values.open;
  const inside = value >= min && (open ? value < max : value <= max) && (!whole || Number.isInteger(value));
  if (inside) return { value };
  return { reason: `enter a ${whole ? "whole " : ""}number between ${min} and ${max}${open ? `, ${max} itself not included` : ""}` };
}

/**
 * What is wrong with a typed value, and what would do; null if nothing is.
 * @param {Field} field @param {string} text
 */
export function explain(field, text) {
  const result = parseValue(field, text);
  if ("value" in result) return null;
  return `${wrong(field, text)}: ${result.reason}.`;
}

/** @param {Field} field @param {string} text */
function wrong({ values }, text) {
  const said = `“${text.trim()}”`;
  if (text.trim() === "") return "Nothing is here";
  if (values.type === "choice" || Number.isNaN(Number(text))) return `${said} is not ${values.type === "choice" ? "one of them" : "a number"}`;
  if (Number(text) < values.min) return `${said} is too small`;
  // An open range ends before its largest value.
  return Number(text) >= values.max ? `${said} is too large` : `${said} is not a whole number`;
}

/** Whether a field means something in a configuration. @param {Field} field @param {Config} config */
export function applies(field, config) {
  return !field.only || field.only[1].includes(String(config[field.only[0]]));
}

/** What a configuration on a data set is told apart from: a density has settings of its own. @param {string | number} data @param {Catalog} catalog */
function baseOf(data, catalog) {
  return catalog.toys.find((toy) => toy.id === data)?.config ?? catalog.defaults;
}

/** The settings with another data set. Between images only that changes; a density of the same kind brings its own shape; otherwise
 * everything but the seed is another. @param {Config} config @param {string} data @param {Catalog} catalog @returns {Config} */
export function onData(config, data, catalog) {
  const spaceOf = (/** @type {string | number} */ set) => catalog.toys.find((toy) => toy.id === set)?.space ?? "images";
  const base = baseOf(data, catalog);
  if (spaceOf(data) !== spaceOf(config.data)) return { ...base, data, seed: config.seed };
  const shape = catalog.fields.filter((f) => f.only?.[0] === "data" && f.only[1].includes(data));
  return { ...config, ...Object.fromEntries(shape.map((f) => [f.key, base[f.key]])), data };
}

/** Before the name of a setting in which B, the second of two runs, differs from the first. */
const OF_B = "b.";

/**
 * @param {Config} config
 * @param {Wish} device
 * @param {Catalog} catalog
 * @param {Config} [other] what `config` is compared with
 * @returns {string} without the '#'
 */
export function toHash(config, device, catalog, other) {
  const differing = (/** @type {Config} */ a, /** @type {Config} */ b) => catalog.fields.filter((f) => a[f.key] !== b[f.key]);
  const base = baseOf(config.data, catalog);
  const entries = differing(config, base).map((f) => [f.key, String(config[f.key])]);
  // Named where the base depends on it, or where nothing else would be: an empty address is a first visit.
  if (base !== catalog.defaults || entries.length === 0) entries.unshift(["data", String(config.data)]);
  if (other) entries.push(...differing(config, other).map((f) => [OF_B + f.key, String(other[f.key])]));
  if (device !== "auto") entries.push(["device", device]);
  return new URLSearchParams(entries).toString();
}

/** Whether an address says what to show. @param {string} hash */
export function settled(hash) {
  return [...new URLSearchParams(hash.replace(/^#/, "")).keys()].some((name) => name !== "device");
}

/**
 * Reads an address. What is valid is taken, what is not is left at its default and named.
 * @param {string} hash with or without the '#'
 * @param {Catalog} catalog
 * @returns {{config: Config, other: Config | null, dropped: string[]}} `other` is to be compared with `config`
 */
export function fromHash(hash, catalog) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const wanted = settled(hash) ? params.get("preset") : catalog.first;
  const preset = catalog.presets.find((p) => p.id === wanted);
  const config = { ...(preset?.config ?? baseOf(params.get("data") ?? "", catalog)) };
  /** @type {Config} */
  const changes = {};
  const dropped = [];
  for (const [name, text] of params) {
    if (name === "device") continue; // Read before there is a catalog: see wishOf.
    const ofB = name.startsWith(OF_B);
    const key = ofB ? name.slice(OF_B.length) : name;
    if (name === "preset") {
      if (!preset) dropped.push(`preset “${text}”: there are ${catalog.presets.map((p) => p.id).join(", ")}`);
      continue;
    }
    const field = catalog.fields.find((f) => f.key === key);
    if (!field) {
      dropped.push(`“${name}”: there is no such setting`);
      continue;
    }
    if (ofB && key === "seed") {
      dropped.push(`“${name}”: two runs that are compared have the same seed`);
      continue;
    }
    const result = parseValue(field, text);
    if ("value" in result) (ofB ? changes : config)[key] = result.value;
    else dropped.push(`${field.label}${ofB ? " of B" : ""} “${text}”: ${result.reason}`);
  }
  const differs = Object.keys(changes).some((key) => changes[key] !== config[key]);
  if (!differs && Object.keys(changes).length > 0) dropped.push("B: its settings are A's, so that there is nothing to compare");
  return { config, other: differs ? { ...config, ...changes } : null, dropped };
}

/**
 * The device that an address asks for; `?device=` and `#device=` both count.
 * @param {{search: string, hash: string}} location
 * @returns {{wish: Wish, dropped: string[]}}
 */
export function wishOf({ search, hash }) {
  const text = new URLSearchParams(hash.replace(/^#/, "")).get("device") ?? new URLSearchParams(search).get("device");
  if (text === null || text === "auto" || text === "cpu" || text === "webgpu") return { wish: text ?? "auto", dropped: [] };
  return { wish: "auto", dropped: [`device “${text}”: choose one of auto, cpu, webgpu`] };
}

/** The preset that a configuration is, if it is one; the seed may differ. @param {Config} config @param {Catalog} catalog */
export function presetOf(config, catalog) {
  return catalog.presets.find((p) => catalog.fields.every((f) => f.key === "seed" || p.config[f.key] === config[f.key]));
}
