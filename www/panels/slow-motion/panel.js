import markup from "./panel.html?raw";
import { DENSITIES } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "slow-motion", title: "Slow motion", place: "learn", spaces: DENSITIES, events: [], markup };
