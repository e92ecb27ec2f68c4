import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "losses",
  title: "Losses",
  place: "charts",
  spaces: EVERYWHERE,
  events: ["run", "curves", "comparison", "cursor", "past"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).LossesPanel(root, app),
};
