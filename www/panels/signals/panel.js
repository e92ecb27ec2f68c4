import markup from "./panel.html?raw";
import { IMAGES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "signals", title: "Training signals", place: "signals", spaces: IMAGES, events: [], markup };
