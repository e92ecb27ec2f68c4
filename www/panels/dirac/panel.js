import "./panel.css";
import { DENSITIES } from "../panel.js";
import markup from "./panel.html?raw";

/** Loads the parts when the panel is opened for the first time. @param {HTMLElement} root @param {import("../panel.js").PanelContext} app */
function create(root, { experiment }) {
  const details = /** @type {HTMLDetailsElement} */ (root);
  /** @type {import("./dirac.js").DiracView | null} */
  let view = null;
  const open = async () => {
    const { catalog, focus } = experiment;
    if (!details.open || view || !catalog) return;
    const { DiracView } = await import("./dirac.js");
    view ??= new DiracView(root, (request, id) => focus.density.dirac(request, id));
    view.begin(catalog);
  };
  details.addEventListener("toggle", () => void open());
  return {
    update() {
      const { portrait } = experiment.focus.density;
      if (view && portrait) view.update(portrait);
    },
  };
}

/** @type {import("../panel.js").PanelDefinition} */
export default {
  id: "dirac",
  title: "The Dirac-GAN",
  place: "learn",
  spaces: DENSITIES,
  events: ["dirac"],
  markup,
  preload: () => import("./dirac.js"),
  create,
};
