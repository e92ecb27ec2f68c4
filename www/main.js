// Starts the page, or says why it cannot start.

// Imported first: it repairs browser functions that other modules call while they load.
import { onLoss } from "./browser.js";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/stage.css";
import "./styles/plane.css";
import { App } from "./app/app.js";
import { $ } from "./app/page.js";
import { Notices } from "./app/errors.js";
import { keepOffline } from "./offline.js";
import { missing } from "./support.js";

const notices = new Notices($("notices"));
onLoss((kind, text) => (text ? notices.show({ kind, tone: "note", text }) : notices.clear(kind)));
begin();

/** Shows a notice if the page cannot start. */
function begin() {
  try {
    const lack = missing();
    if (lack) return notices.show({ kind: "unsupported", text: lack });
    new App(notices).start();
    void keepOffline(new URL("service-worker.js", document.baseURI));
  } catch (error) {
    notices.show({
      kind: "unsupported",
      text: `The page could not be started in this browser (${/** @type {Error} */ (error)?.message ?? error}). Try a reload, a newer browser, or another one.`,
    });
    throw error;
  }
}
