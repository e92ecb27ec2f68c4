import markup from "./panel.html?raw";
import { DENSITIES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "dirac", title: "The Dirac-GAN", place: "learn", spaces: DENSITIES, events: [], markup };
