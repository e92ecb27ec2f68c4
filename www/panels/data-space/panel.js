import "./panel.css";
import markup from "./panel.html?raw";
import { DataSpacePanel } from "./view.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "data-space",
  title: "Data space",
  place: "hero",
  spaces: ["plane"],
  events: ["run", "frame", "comparison", "mapped", "by-hand", "past"],
  markup,
  create: (root, app) => new DataSpacePanel(root, app),
};
