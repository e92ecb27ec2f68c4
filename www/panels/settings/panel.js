import "../data-picker/data-picker.css";
import "./field.css";
import "./panel.css";
import markup from "./panel.html?raw";
import { EVERYWHERE } from "../panel.js";

const parts = () => import("./settings.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "settings",
  title: "Settings",
  place: "drawer",
  spaces: EVERYWHERE,
  events: ["ready", "config", "run", "refused", "comparison", "data", "outline"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).Settings(root, app),
};
