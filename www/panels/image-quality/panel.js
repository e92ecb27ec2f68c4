import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "image-quality",
  title: "Quality metrics",
  place: "quality",
  spaces: IMAGES,
  events: ["run", "evaluation", "comparison", "measuring", "report"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).ImageQualityPanel(root, app),
};
