import "./panel.css";
import { SHIPPED } from "../../app/lessons.js";
import { EVERYWHERE } from "../panel.js";
import markup from "./panel.html?raw";

/** @import { PanelContext } from "../panel.js" */

/** Lists the lessons, and opens one. @param {HTMLElement} root @param {PanelContext} app */
function create(root, { lessons }) {
  const items = SHIPPED.map(({ id, title, about }) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.lesson = id;
    button.textContent = title;
    button.onclick = () => void lessons.open(id);
    const text = document.createElement("span");
    text.className = "source";
    text.textContent = about;
    item.append(button, text);
    return item;
  });
  root.querySelector("ul")?.replaceChildren(...items);
  const file = /** @type {HTMLInputElement} */ (root.querySelector("input"));
  file.onchange = () => {
    const [chosen] = file.files ?? [];
    if (chosen) void lessons.openFile(chosen);
    // The same file can be chosen again, after it was corrected.
    file.value = "";
  };
  return { update() {} };
}

/** @type {import("../panel.js").PanelDefinition} */
export default { id: "lessons", title: "Lessons", place: "learn", spaces: EVERYWHERE, events: [], markup, create };
