import "./panel.css";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "figure",
  title: "A GAN in one dimension",
  place: "hero",
  spaces: ["line"],
  events: ["frame", "run", "comparison", "refused", "config", "curves", "status", "by-hand", "past"],
  markup,
  create: async (root, app) => new (await import("./view.js")).FigurePanel(root, app),
};
