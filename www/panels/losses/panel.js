import markup from "./panel.html?raw";
import { EVERYWHERE } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "losses", title: "Losses", place: "charts", spaces: EVERYWHERE, events: [], markup };
