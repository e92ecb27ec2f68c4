import markup from "./panel.html?raw";

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "figure", title: "A GAN in one dimension", place: "hero", spaces: ["line"], events: [], markup };
