import "./panel.css";
import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";
import { Diagram } from "./view.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "diagram",
  title: "The model",
  place: "diagram",
  spaces: EVERYWHERE,
  events: [
    "ready",
    "config",
    "run",
    "comparison",
    "outline",
    "curves",
    "frame",
    "evaluation",
    "diverged",
    "refused",
    "selection",
  ],
  markup,
  preload: () => import("./blocks.js"),
  create: (root, app) => new Diagram(root, app),
};
