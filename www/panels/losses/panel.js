import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "losses",
  title: "Losses",
  place: "charts",
  spaces: EVERYWHERE,
  events: ["run", "curves", "comparison", "cursor", "past"],
  markup,
  create: async (root, app) => new (await import("./view.js")).LossesPanel(root, app),
};
