import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "image-quality",
  title: "Quality metrics",
  place: "quality",
  spaces: IMAGES,
  events: ["run", "evaluation", "comparison", "measuring", "report"],
  markup,
  create: async (root, app) => new (await import("./view.js")).ImageQualityPanel(root, app),
};
