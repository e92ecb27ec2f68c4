import "./panel.css";
import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "data-space", title: "Data space", place: "hero", spaces: ["plane"], events: [], markup };
