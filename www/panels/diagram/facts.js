// What the diagram says of a model in words: inputs, names of the parts, shapes and counts. All functions are stateless.

import { compact, grouped, signed } from "../../numbers.js";

/** @import { Block, Catalog, Config, LayerGradientStats, Output, Sketch } from "../../protocol.js" */
/**
 * What G receives beside the noise.
 * @typedef {object} Condition
 * @property {string} name
 * @property {string} symbol in formulas: y for a class, c for a code; empty for domains, which have none
 * @property {string} facts how many values it has
 * @property {boolean} toD whether D receives it too
 * @property {string} also what D tells beside its score; empty if nothing
 */

/** A shape as text: 1×28×28. @param {number[]} shape */
export const shapeText = (shape) => shape.join("×");

/** The number of values of a shape. @param {number[]} shape */
export const valuesOf = (shape) => shape.reduce((product, n) => product * n, 1);

/**
 * The class, code or domain that G receives; null without one.
 * @param {Config} config @param {Catalog} catalog @returns {Condition | null}
 */
export function conditionOf(config, catalog) {
  const values = catalog.dataSets.find((d) => d.id === config.data)?.categories ?? 0;
  const classes = { name: "Class", symbol: "y", facts: `${values}`, toD: false, also: "" };
  switch (config.condition) {
    case "concatenation":
    case "projection":
      return { ...classes, toD: true };
    case "auxiliary":
      return { ...classes, also: "and the class y" };
    case "codes": {
      const numbers = Number(config.code_continuous);
      const facts = numbers > 0 ? `${values} + ${numbers}` : `${values}`;
      return { name: "Code", symbol: "c", facts, toD: false, also: "and Q(c | x)" };
    }
    case "coupled":
      return { name: "Domains", symbol: "", facts: "2", toD: true, also: "" };
    default:
      return null;
  }
}

/** The formulas on the wires: G's output, and D's on real and on generated samples. @param {Condition | null} condition */
export function formulasOf(condition) {
  const given = condition?.symbol ?? "";
  const g = given ? `G(z, ${given})` : "G(z)";
  const also = condition?.toD && given ? `, ${given}` : "";
  return { generated: g, real: `D(x${also})`, fake: `D(${g}${also})` };
}

/** The name of D: that of its output, or of its form. @param {Config} config @param {Output} output */
export function nameOfD(config, output) {
  if (config.d_form === "autoencoder") return "Autoencoder";
  return output.type === "critic" ? "Critic" : "Discriminator";
}

/**
 * How many numbers z has; the number alone where a condition shares the place.
 * @param {Config} config @param {Condition | null} condition
 */
export function noiseFacts({ latent_dim: count }, condition) {
  return condition ? String(count) : `${count} ${count === 1 ? "number" : "numbers"}`;
}

/** The shape of an image, although it comes and leaves as a flat list. @param {number[]} shape @param {number[] | null} image */
const asImage = (shape, image) => (image && shape.length === 1 && valuesOf(image) === shape[0] ? image : shape);

/** The shape of the images of a data set; null of points. @param {Config} config @param {Catalog} catalog */
export function imageShapeOf(config, catalog) {
  const shape = catalog.dataSets.find((d) => d.id === config.data)?.shape;
  return shape ? [shape.channels, shape.height, shape.width] : null;
}

/** Most numbers in a chain of widths. */
const MOST_WIDTHS = 5;

/**
 * The shapes that a network goes through: every width of a short fully connected network, otherwise the ends.
 * @param {Sketch} sketch @param {number[] | null} image shape of the images; null of points
 */
export function chainOf({ blocks }, image) {
  const widths = blocks.filter((b, i) => i === 0 || b.parameters > 0).map((b) => b.shape);
  const short = !image && widths.length <= MOST_WIDTHS;
  const last = blocks[blocks.length - 1].shape;
  const chain = short ? [...widths.slice(0, -1), last] : [blocks[0].shape, last];
  return chain.map((shape) => shapeText(asImage(shape, image))).join(" → ");
}

/**
 * Shapes and number of parameters of a network, and whether they wait for a restart.
 * @param {Sketch | null} sketch of the settings in the form @param {number | null} parameters of the run
 * @param {number[] | null} image
 */
export function networkFacts(sketch, parameters, image) {
  if (!sketch) return { chain: "", count: parameters === null ? "" : grouped(parameters), waits: false };
  const waits = parameters !== null && parameters !== sketch.parameters;
  return { chain: chainOf(sketch, image), count: grouped(sketch.parameters), waits };
}

/** The label of a choice, without its explanation. @param {Catalog} catalog @param {Config} config @param {string} key */
function shortLabel(catalog, config, key) {
  const values = catalog.fields.find((f) => f.key === key)?.values;
  const label = values?.type === "choice" ? values.options.find((o) => o.value === config[key])?.label : undefined;
  return (label ?? String(config[key] ?? "")).split(/[:,(]/)[0].trim();
}

/** The objective, with the penalty and D's steps where they differ from the plainest. @param {Config} config @param {Catalog} catalog */
export function lossFacts(config, catalog) {
  const parts = [shortLabel(catalog, config, "objective")];
  if (config.d_penalty && config.d_penalty !== "none") parts.push(shortLabel(catalog, config, "d_penalty"));
  if (Number(config.d_clip) > 0) parts.push("clipping");
  if (Number(config.d_steps) !== 1) parts.push(`k = ${config.d_steps}`);
  return parts.join(" · ");
}

/** A number of a few characters, whatever its size. @param {number | null | undefined} value */
export function reading(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return Math.abs(value) < 100 ? signed(value, 2) : compact(value).replace("-", "−");
}

/** Euclidean norm of a network's gradient, from those of its parameters. @param {LayerGradientStats[]} layers */
export function gradientNorm(layers) {
  const sum = layers.reduce((total, { gradient }) => total + gradient ** 2, 0);
  return layers.length > 0 && Number.isFinite(sum) ? Math.sqrt(sum) : null;
}

/** Mean length of vectors of `width` values each; null if there are none. @param {Float32Array} vectors @param {1 | 2} width */
export function meanLength(vectors, width) {
  let sum = 0;
  for (let i = 0; i < vectors.length; i += width) sum += Math.hypot(vectors[i], width === 2 ? vectors[i + 1] : 0);
  return vectors.length > 0 && Number.isFinite(sum) ? (sum * width) / vectors.length : null;
}

/** Widths in pixels of an arrow, and the gradients that have them; between, it goes with the logarithm. */
const WIDTHS = [1.5, 6];
const GRADIENTS = [1e-3, 10];

/** Width in pixels of the arrow of a gradient. @param {number} gradient */
export function widthOf(gradient) {
  const [low, high] = GRADIENTS;
  const share = Math.log(Math.max(gradient, low) / low) / Math.log(high / low);
  return WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * Math.min(1, share);
}
