import "./panel.css";
import { DENSITIES } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "slow-motion",
  title: "Slow motion",
  place: "learn",
  spaces: DENSITIES,
  events: ["run", "config", "by-hand", "comparison", "status", "refused"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).SlowMotionPanel(root, app),
};
