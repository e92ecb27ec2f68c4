import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "outputs",
  title: "Discriminator outputs",
  place: "signals",
  spaces: IMAGES,
  events: ["run", "evaluation", "comparison"],
  markup,
  create: async (root, app) => new (await import("./view.js")).OutputsPanel(root, app),
};
