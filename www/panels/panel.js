// What a panel is. A panel's folder has its definition (panel.js), its markup (panel.html), its styles (panel.css), the
// parts that it is made of, and their tests. `list.js` orders the panels; `app/stage.js` creates and updates them.

/** @import { Change, Experiment } from "../app/experiment.js" */
/** @import { Linked, LinkedChange } from "../app/linked.js" */
/** @import { Notices } from "../app/errors.js" */
/** @import { Run } from "../app/run.js" */
/** @import { Stage } from "../app/stage.js" */
/** @import { Space, ToyInfo } from "../protocol.js" */

/** Where a panel is: above the stage, in its middle, under it, in the drawer, or in one of the tabs beside it. */
/** @typedef {"diagram" | "hero" | "timeline" | "drawer" | "learn" | "charts" | "quality" | "signals"} Place */

/**
 * What a panel is told about: changes of the experiment, of what the panels share, and `shown`: the panel has become
 * visible, and may have missed changes while it was not.
 * @typedef {Change | LinkedChange | "shown"} PanelEvent
 */

/**
 * What panels work with.
 * @typedef {object} PanelContext
 * @property {Experiment} experiment the settings and the runs
 * @property {Linked} linked what the panels share: step under the cursor, step in the past, selected picture
 * @property {Stage} stage opens tabs and the drawer
 * @property {Notices} notices
 * @property {(blob: Blob | null, name: string) => void} save saves a file
 * @property {(set: string) => void} pickData chooses a data set; opens the editor of one that has not been drawn yet
 * @property {(toy: ToyInfo) => void} drawData opens the editor of data that the visitor draws
 */

/**
 * A panel on the page.
 * @typedef {object} Panel
 * @property {(event: PanelEvent, run: Run) => void} update follows a change; is not called while the panel is not visible
 * @property {() => void} [dispose] releases what outlives the panel's elements
 */

/**
 * @typedef {object} PanelDefinition
 * @property {string} id
 * @property {string} title its name for assistive technology, and the name of a tab's section
 * @property {Place} place
 * @property {Space[]} spaces the sample spaces that it is for
 * @property {PanelEvent[]} events the changes that it follows, `shown` excepted, which every panel follows
 * @property {string} markup
 * @property {(root: HTMLElement, app: PanelContext) => Panel | Promise<Panel>} [create] called when the panel becomes
 *   visible for the first time, with the element of its markup; a panel that is not seen at once imports its parts here
 */

/** Every sample space. @type {Space[]} */
export const EVERYWHERE = ["plane", "line", "images"];
/** Densities in one or two dimensions. @type {Space[]} */
export const DENSITIES = ["plane", "line"];
/** @type {Space[]} */
export const IMAGES = ["images"];
