// The parts of the model by which the settings are grouped: the sections of the core's form.

/** @import { Catalog, Config, Field } from "../../protocol.js" */
/** @typedef {Field["group"]} Part */

/** Titles of all sections, in the order of the form. @type {Record<Part, string>} */
const TITLES = {
  data: "Data",
  latent: "Noise z",
  generator: "Generator",
  discriminator: "Discriminator",
  loss: "Loss",
  training: "Training",
  condition: "Condition",
  tricks: "Tricks",
};

export const PARTS = /** @type {Part[]} */ (Object.keys(TITLES));

/** The title of a part. @param {Part} part */
export const titleOf = (part) => TITLES[part];

/**
 * Why a setting has no effect: “Applies when Architecture is fully connected or DCGAN.” Empty if it has one.
 * @param {Field} field @param {Config} config @param {Catalog} catalog
 */
export function whyNot({ only }, config, catalog) {
  if (!only || only[1].includes(String(config[only[0]]))) return "";
  const other = catalog.fields.find(({ key }) => key === only[0]);
  const values = other?.values;
  const labels = only[1].map(
    (value) => (values?.type === "choice" && values.options.find((o) => o.value === value)?.label) || value,
  );
  const shown = labels.length > 4 ? [...labels.slice(0, 3), `${labels.length - 3} others`] : labels;
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(", ")} or ${shown[shown.length - 1]}` : shown[0];
  return `Applies when ${other?.label ?? only[0]} is ${list}.`;
}
