import markup from "./panel.html?raw";
import { IMAGES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "samples", title: "Generated and real images", place: "hero", spaces: IMAGES, events: [], markup };
