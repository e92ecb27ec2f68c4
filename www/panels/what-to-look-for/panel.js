import markup from "./panel.html?raw";
import { EVERYWHERE } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "what-to-look-for",
  title: "What to look for",
  place: "learn",
  spaces: EVERYWHERE,
  events: [],
  markup,
};
