import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "mean-output",
  title: "Mean discriminator output",
  place: "charts",
  spaces: EVERYWHERE,
  events: ["run", "curves", "comparison", "cursor", "past"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).MeanOutputPanel(root, app),
};
