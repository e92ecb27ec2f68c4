import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "conditional-accuracy",
  title: "Conditional accuracy",
  place: "quality",
  spaces: IMAGES,
  events: ["run", "curves", "evaluation", "comparison"],
  markup,
  create: async (root, app) => new (await import("./view.js")).ConditionalAccuracyPanel(root, app),
};
