import markup from "./panel.html?raw";
import { IMAGES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "conditional-accuracy",
  title: "Conditional accuracy",
  place: "quality",
  spaces: IMAGES,
  events: [],
  markup,
};
