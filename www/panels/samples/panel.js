import "./panel.css";
import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";
import { SamplesPanel } from "./view.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "samples",
  title: "Generated and real images",
  place: "hero",
  spaces: IMAGES,
  events: ["run", "frame", "comparison", "config", "status", "nearest", "evaluation", "selection"],
  markup,
  create: (root, app) => new SamplesPanel(root, app),
};
