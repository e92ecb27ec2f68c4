import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "conditional-accuracy",
  title: "Conditional accuracy",
  place: "quality",
  spaces: IMAGES,
  events: ["run", "curves", "evaluation", "comparison"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).ConditionalAccuracyPanel(root, app),
};
