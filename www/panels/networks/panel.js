import markup from "./panel.html?raw";
import { EVERYWHERE } from "../panel.js";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "networks", title: "Networks", place: "drawer", spaces: EVERYWHERE, events: [], markup };
