import markup from "./panel.html?raw";
import { IMAGES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "image-quality", title: "Quality metrics", place: "quality", spaces: IMAGES, events: [], markup };
