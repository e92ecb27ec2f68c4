import { DENSITIES } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "density-quality",
  title: "Quality metrics",
  place: "quality",
  spaces: DENSITIES,
  events: ["run", "evaluation", "comparison"],
  markup,
  create: async (root, app) => new (await import("./view.js")).DensityQualityPanel(root, app),
};
