// Converts between the configuration of a run and the page's address. The address holds only the settings that differ
// from the default, so that links are short and follow later defaults.

import { KEYS, MOST_IN_ADDRESS, decoded, encoded } from "../data/drawn.js";
import { OPTION_KEYS } from "./page-options.js";
import { readNumber } from "../read-number.js";
import { listed, quoted } from "../words.js";
import { grouped } from "../numbers.js";

/** @import { Catalog, Config, Field, ToyInfo, DevicePreference } from "../protocol.js" */
/** @import { Drawn } from "../data/drawn.js" */

/**
 * Parses a typed or linked value by its schema.
 * @param {Field} field
 * @param {string} text
 * @returns {{value: string | number, note?: string} | {reason: string}} `note`: how a text with two common meanings was
 *   read
 */
export function parseValue(field, text) {
  const { values } = field;
  if (values.type === "choice") {
    const known = values.options.find((o) => o.value === text.trim().toLowerCase());
    return known
      ? { value: known.value }
      : {
          reason: `choose one of ${listed(
            values.options.map((o) => o.value),
            ", ",
            24,
          )}`,
        };
  }
  const { value, ambiguous } = readNumber(text, values.type === "integer") ?? { value: NaN, ambiguous: false };
  const { min, max } = values;
  const whole = values.type === "integer";
  const open = values.type === "real" && values.open;
  const inside = value >= min && (open ? value < max : value <= max) && (!whole || Number.isInteger(value));
  if (inside) return ambiguous ? { value, note: `${quoted(text)} was read as ${value}` } : { value };
  return {
    reason: `enter a ${whole ? "whole " : ""}number between ${min} and ${max}${open ? `, ${max} itself not included` : ""}`,
  };
}

/**
 * Describes the error in a typed value, and the valid range; null if there is no error.
 * @param {Field} field @param {string} text
 */
export function explain(field, text) {
  const result = parseValue(field, text);
  if ("value" in result) return null;
  return `${wrong(field, text)}: ${result.reason}.`;
}

/** @param {Field} field @param {string} text */
function wrong({ values }, text) {
  const said = quoted(text);
  if (text.trim() === "") return "Nothing is here";
  const value = values.type === "choice" ? null : (readNumber(text, values.type === "integer")?.value ?? null);
  if (values.type === "choice" || value === null)
    return `${said} is not ${values.type === "choice" ? "one of them" : "a number"}`;
  if (value < values.min) return `${said} is too small`;
  // An open range does not include its largest value.
  return value >= values.max ? `${said} is too large` : `${said} is not a whole number`;
}

/** Whether a field applies to a configuration. @param {Field} field @param {Config} config */
export function applies(field, config) {
  return !field.only || field.only[1].includes(String(config[field.only[0]]));
}

/**
 * The default configuration of a data set: a density has its own.
 * @param {string | number} data @param {Catalog} catalog
 */
export function baseOf(data, catalog) {
  return catalog.toys.find((toy) => toy.id === data)?.config ?? catalog.defaults;
}

/**
 * The settings with another data set. Between image sets nothing else changes; a density of the same kind brings its
 * own shape parameters; all other changes replace everything but the seed.
 * @param {Config} config @param {string} data @param {Catalog} catalog @returns {Config}
 */
export function onData(config, data, catalog) {
  const spaceOf = (/** @type {string | number} */ set) => catalog.toys.find((toy) => toy.id === set)?.space ?? "images";
  const base = baseOf(data, catalog);
  if (spaceOf(data) !== spaceOf(config.data)) return { ...base, data, seed: config.seed };
  const shape = catalog.fields.filter((f) => f.only?.[0] === "data" && f.only[1].includes(data));
  return { ...config, ...Object.fromEntries(shape.map((f) => [f.key, base[f.key]])), data };
}

/** Prefix of the settings of B that differ from A's. */
const OF_B = "b.";

/**
 * @param {Config} config
 * @param {DevicePreference} device
 * @param {Catalog} catalog
 * @param {Config} [other] B's configuration in a comparison
 * @param {Drawn} [drawn] the visitor's drawings; those that the runs use are included, up to a size
 * @returns {string} without the '#'
 */
export function toHash(config, device, catalog, other, drawn = {}) {
  const differing = (/** @type {Config} */ a, /** @type {Config} */ b) =>
    catalog.fields.filter((f) => a[f.key] !== b[f.key]);
  const base = baseOf(config.data, catalog);
  const entries = differing(config, base).map((f) => [f.key, String(config[f.key])]);
  // The data set is named if the default configuration depends on it, or if the address would be empty, because an
  // empty address means a first visit.
  if (base !== catalog.defaults || entries.length === 0) entries.unshift(["data", String(config.data)]);
  if (other) entries.push(...differing(config, other).map((f) => [OF_B + f.key, String(other[f.key])]));
  for (const [set, key] of Object.entries(KEYS)) {
    if (drawn[set] && (config.data === set || other?.data === set)) entries.push([key, encoded(set, drawn[set])]);
  }
  if (device !== "auto") entries.push(["device", device]);
  return new URLSearchParams(entries).toString();
}

/** Whether an address contains settings. @param {string} hash */
export function settled(hash) {
  return [...paramsOf(hash).keys()].some((name) => name !== "device" && !OPTION_KEYS.includes(name));
}

/**
 * The preset that an address names; without settings, that of a first visit.
 * @param {string} hash with or without the '#' @param {Catalog} catalog
 */
export function namedPreset(hash, catalog) {
  const wanted = settled(hash) ? paramsOf(hash).get("preset") : catalog.first;
  return catalog.presets.find((p) => p.id === wanted);
}

/**
 * Parses an address. Invalid settings keep their default and are reported.
 * @param {string} hash with or without the '#'
 * @param {Catalog} catalog
 * @param {Drawn} [held] the visitor's earlier drawings
 * @returns {{config: Config, other: Config | null, dropped: string[], notes: string[], drawn: Drawn, undrawn: ToyInfo |
 *   null}} `other`: B's configuration in a comparison; `notes`: how texts with two common meanings were read; `drawn`:
 *   `held` with the drawings in the address; `undrawn`: a requested data set that has not been drawn yet
 */
export function fromHash(hash, catalog, held = {}) {
  const params = paramsOf(hash);
  const preset = namedPreset(hash, catalog);
  const config = { ...(preset?.config ?? baseOf(params.get("data") ?? "", catalog)) };
  /** @type {Config} */
  const changes = {};
  const found = { config, changes, dropped: /** @type {string[]} */ ([]), notes: /** @type {string[]} */ ([]) };
  const { dropped, notes } = found;
  const drawn = { ...held, ...drawnIn(params, dropped) };
  for (const [name, text] of params) {
    // The device is read before the catalog exists: see deviceFromAddress.
    if (name === "device" || OPTION_KEYS.includes(name) || Object.values(KEYS).includes(name)) continue;
    if (name === "preset") {
      if (!preset)
        dropped.push(
          `preset ${quoted(text)}: there are ${listed(
            catalog.presets.map((p) => p.id),
            ", ",
          )}`,
        );
    } else readSetting(name, text, catalog, found);
  }
  const undrawnA = withoutData(config, catalog, drawn);
  if (undrawnA) Object.assign(config, onData(config, insteadOf(undrawnA, catalog), catalog));
  const undrawnB = withoutData({ ...config, ...changes }, catalog, drawn);
  if (undrawnB) delete changes.data;
  const differs = Object.keys(changes).some((key) => changes[key] !== config[key]);
  if (!differs && Object.keys(changes).length > 0)
    dropped.push("B: its settings are A's, so that there is nothing to compare");
  return {
    config,
    other: differs ? { ...config, ...changes } : null,
    dropped,
    notes,
    drawn,
    undrawn: undrawnA ?? undrawnB,
  };
}

/**
 * Parses one setting of an address.
 * @param {string} name @param {string} text @param {Catalog} catalog
 * @param {{config: Config, changes: Config, dropped: string[], notes: string[]}} found
 */
function readSetting(name, text, catalog, { config, changes, dropped, notes }) {
  const ofB = name.startsWith(OF_B);
  const key = ofB ? name.slice(OF_B.length) : name;
  const field = catalog.fields.find((f) => f.key === key);
  if (!field) return void dropped.push(`${quoted(name)}: there is no such setting`);
  if (ofB && key === "seed") return void dropped.push(`${quoted(name)}: two runs that are compared have the same seed`);
  const label = `${field.label}${ofB ? " of B" : ""}`;
  const result = parseValue(field, text);
  if ("reason" in result) return void dropped.push(`${label} ${quoted(text)}: ${result.reason}`);
  (ofB ? changes : config)[key] = result.value;
  if (result.note) notes.push(`${label} ${result.note}`);
}

/**
 * The parameters of an address, also if a mail program or a web page has changed it: `&amp;` for `&`, or everything
 * percent-encoded once more.
 * @param {string} hash
 */
function paramsOf(hash) {
  const text = hash.replace(/^#/, "").replaceAll("&amp;", "&");
  const twice = !text.includes("=") && /%3D/i.test(text);
  return new URLSearchParams(twice ? text.replace(/%3D/gi, "=").replace(/%26/g, "&") : text);
}

/** The drawings in an address. @param {URLSearchParams} params @param {string[]} dropped @returns {Drawn} */
function drawnIn(params, dropped) {
  /** @type {Drawn} */
  const drawn = {};
  for (const [set, key] of Object.entries(KEYS)) {
    const text = params.get(key);
    const result = text === null ? null : decoded(set, text);
    if (result && "values" in result) drawn[set] = result.values;
    else if (result) dropped.push(`${key} ${quoted(text ?? "", 12)}: ${result.reason}`);
  }
  return drawn;
}

/**
 * The data set of a configuration if it has not been drawn yet; otherwise null.
 * @param {Config} config @param {Catalog} catalog @param {Drawn} drawn
 */
export function withoutData({ data }, catalog, drawn) {
  return catalog.toys.find((toy) => toy.id === data && toy.drawn && !drawn[toy.id]) ?? null;
}

/**
 * The data set to use until the visitor has drawn one: that of the first preset, or one of the same kind.
 * @param {ToyInfo} toy @param {Catalog} catalog
 */
function insteadOf(toy, catalog) {
  const alike = catalog.toys.filter((t) => t.space === toy.space && !t.drawn);
  const first = catalog.presets.find((p) => p.id === catalog.first)?.config.data;
  return (alike.find((t) => t.id === first) ?? alike[0])?.id ?? String(catalog.defaults.data);
}

/**
 * Describes the part of a configuration's data that an address cannot hold; empty if there is none.
 * @param {Config} config @param {Drawn} drawn
 */
export function missingInAddress(config, drawn) {
  const points = config.data === "drawn" && drawn.drawn ? drawn.drawn.length / 2 : 0;
  if (points <= MOST_IN_ADDRESS) return "";
  return `your ${grouped(points)} points (up to ${grouped(MOST_IN_ADDRESS)} fit into it): to share the run, pass on their file too`;
}

/**
 * The device that an address requests, by `?device=` or `#device=`.
 * @param {{search: string, hash: string}} location
 * @returns {{devicePreference: DevicePreference, dropped: string[]}}
 */
export function deviceFromAddress({ search, hash }) {
  const text = paramsOf(hash).get("device") ?? new URLSearchParams(search).get("device");
  if (text === null || text === "auto" || text === "cpu" || text === "webgpu")
    return { devicePreference: text ?? "auto", dropped: [] };
  return { devicePreference: "auto", dropped: [`device ${quoted(text)}: choose one of auto, cpu, webgpu`] };
}

/** The preset that equals a configuration, whatever its seed. @param {Config} config @param {Catalog} catalog */
export function presetOf(config, catalog) {
  return catalog.presets.find((p) =>
    catalog.fields.every((f) => f.key === "seed" || p.config[f.key] === config[f.key]),
  );
}
