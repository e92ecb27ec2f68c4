import markup from "./panel.html?raw";
import { EVERYWHERE } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "mean-output",
  title: "Mean discriminator output",
  place: "charts",
  spaces: EVERYWHERE,
  events: [],
  markup,
};
