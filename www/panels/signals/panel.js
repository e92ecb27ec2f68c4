import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "signals",
  title: "Training signals",
  place: "signals",
  spaces: IMAGES,
  events: ["run", "evaluation", "comparison"],
  markup,
  create: async (root, app) => new (await import("./view.js")).SignalsPanel(root, app),
};
