import { DENSITIES } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "density-quality",
  title: "Quality metrics",
  place: "quality",
  spaces: DENSITIES,
  events: ["run", "evaluation", "comparison"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).DensityQualityPanel(root, app),
};
