import "./panel.css";
import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";
import { Timeline } from "./view.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "timeline",
  title: "Timeline",
  place: "timeline",
  spaces: EVERYWHERE,
  events: ["run", "frame", "curves", "evaluation", "comparison", "past", "cursor"],
  markup,
  preload: () => import("./record.js"),
  create: (root, app) => new Timeline(root, app),
};
