import markup from "./panel.html?raw";
import { DENSITIES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "density-quality",
  title: "Quality metrics",
  place: "quality",
  spaces: DENSITIES,
  events: [],
  markup,
};
