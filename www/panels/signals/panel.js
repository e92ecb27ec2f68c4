import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "signals",
  title: "Training signals",
  place: "signals",
  spaces: IMAGES,
  events: ["run", "evaluation", "comparison"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).SignalsPanel(root, app),
};
