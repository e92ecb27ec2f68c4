// What the catalogue says of the classes of a run's data set: those that the classifier tells apart, and the values of
// the class or code that G receives.

/** @import { Catalog, Config } from "./protocol.js" */
/** @typedef {{catalog: Catalog | null, running: Config | null}} Of a run, or as much of it as matters here */

/** The data set of a run on images. @param {Of} run */
const dataSetOf = ({ catalog, running }) => catalog?.dataSets.find((d) => d.id === running?.data);

/**
 * The classes that the classifier tells apart: none if no classifier knows the data set; undefined before there is a
 * run.
 * @param {Of} run
 */
export function predictedClassesOf(run) {
  const set = dataSetOf(run);
  return set && !set.classifier ? [] : set?.classes;
}

/**
 * The values of a run's class or code: names of the classes, numbers if there are none.
 * @param {Of} run @returns {string[]}
 */
export function conditionsOf(run) {
  const { classes = [], categories = 0 } = dataSetOf(run) ?? {};
  return Array.from({ length: categories }, (_, i) => classes[i] ?? String(i));
}
