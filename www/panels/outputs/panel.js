import markup from "./panel.html?raw";
import { IMAGES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "outputs", title: "Discriminator outputs", place: "signals", spaces: IMAGES, events: [], markup };
