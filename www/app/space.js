// The sample space of the run, which decides which panels there are.

import { isToy } from "../views/toys.js";
import { settled } from "./state.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Space } from "../protocol.js" */

/** The sample space of the present settings, also before there is a run. @param {Experiment} experiment @returns {Space} */
export function spaceOf({ run, catalog, config }) {
  if (run.info && run.running) return run.info.space;
  if (!catalog) return likelySpace(location.hash);
  return catalog.toys.find((toy) => toy.id === (run.running ?? config).data)?.space ?? "images";
}

/** The probable sample space of an address, until the core lists the data sets: if it is right, no panel moves. @param {string} hash @returns {Space} */
export function likelySpace(hash) {
  if (!settled(hash)) return "plane";
  const data = new URLSearchParams(hash.replace(/^#/, "")).get("data");
  return data !== null && isToy(data) ? "plane" : "images";
}
