import "./panel.css";
import { missingInAddress } from "../../app/state.js";
import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";

/** @import { PanelContext } from "../panel.js" */

/**
 * The measured results of each preset: `results.js` writes them when the page is built.
 * @type {Record<string, string>}
 */
const RESULTS = import.meta.env.RESULTS;

/** Says what the experiment shows, where it comes from, and what was measured. @param {HTMLElement} root @param {PanelContext} app */
function create(root, { experiment }) {
  const say = (/** @type {string} */ selector, /** @type {string} */ text) => {
    const node = /** @type {HTMLElement} */ (root.querySelector(selector));
    if (node.textContent !== text) node.textContent = text;
  };
  return {
    update() {
      const { preset, config, base, drawn } = experiment;
      const missing = [config, base ?? config].map((c) => missingInAddress(c, drawn)).find(Boolean);
      const held = missing ? `every setting, but not ${missing}.` : "every setting: copy it to share the run.";
      say("#look", preset ? preset.description : `A configuration of your own. The address holds ${held}`);
      say("#look-source", preset ? `After: ${preset.source}.` : "");
      say("#look-result", RESULTS[preset?.id ?? ""] ?? "");
    },
  };
}

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "what-to-look-for",
  title: "What to look for",
  place: "learn",
  spaces: EVERYWHERE,
  events: ["config", "run", "refused", "comparison"],
  markup,
  create,
};
