import "./panel.css";
import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";
import { LessonView } from "./view.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "lesson",
  title: "Lesson",
  place: "lesson",
  spaces: EVERYWHERE,
  events: ["lesson", "curves", "evaluation", "run", "status", "config", "comparison"],
  markup,
  create: (root, app) => new LessonView(root, app),
};
