import { IMAGES } from "../panel.js";
import markup from "./panel.html?raw";

const parts = () => import("./view.js");

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "outputs",
  title: "Discriminator outputs",
  place: "signals",
  spaces: IMAGES,
  events: ["run", "evaluation", "comparison"],
  markup,
  preload: parts,
  create: async (root, app) => new (await parts()).OutputsPanel(root, app),
};
