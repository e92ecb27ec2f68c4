import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "mean-output",
  title: "Mean discriminator output",
  place: "charts",
  spaces: EVERYWHERE,
  events: ["run", "curves", "comparison", "cursor", "past"],
  markup,
  create: async (root, app) => new (await import("./view.js")).MeanOutputPanel(root, app),
};
