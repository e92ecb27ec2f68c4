import "./panel.css";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "figure",
  title: "A GAN in one dimension",
  place: "hero",
  spaces: ["line"],
  events: ["frame", "run", "comparison", "refused", "config", "curves", "status", "by-hand", "past"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).FigurePanel(root, app),
};
