// What a panel is. A panel's folder has its definition (panel.js), its markup (panel.html), its styles (panel.css), the
// parts that it is made of, and their tests. `list.js` orders the panels; `app/stage.js` creates and updates them.

/** @import { ByHand } from "../app/by-hand.js" */
/** @import { Change, Experiment } from "../app/experiment.js" */
/** @import { Linked, LinkedChange } from "../app/linked.js" */
/** @import { Notices } from "../app/errors.js" */
/** @import { Lessons } from "../app/lessons.js" */
/** @import { Run } from "../app/run.js" */
/** @import { Stage } from "../app/stage.js" */
/** @import { Space } from "../protocol.js" */

/** Where a panel is: above the stage, in its middle, under it, in the drawer, above the tabs beside it, or in one of them. */
/** @typedef {"lesson" | "diagram" | "hero" | "timeline" | "drawer" | "learn" | "charts" | "quality" | "signals"} Place */

/**
 * What a panel is told about: changes of the experiment, of what the panels share, of the lesson, of training by hand, and `shown`: the panel has become
 * visible, and may have missed changes while it was not.
 * @typedef {Change | LinkedChange | "lesson" | "by-hand" | "shown"} PanelEvent
 */

/**
 * What panels work with.
 * @typedef {object} PanelContext
 * @property {Experiment} experiment the settings and the runs
 * @property {ByHand} byHand single steps, D to its optimum, slow motion
 * @property {Linked} linked what the panels share: step under the cursor, step in the past, selected picture
 * @property {Lessons} lessons the open lesson
 * @property {(name: string) => HTMLElement} term a term that opens its entry in the glossary
 * @property {Stage} stage opens tabs and the drawer
 * @property {Notices} notices
 * @property {(set: "drawn" | "curve") => void} drawData opens the editor of data that the visitor draws
 * @property {(blob: Blob | null, name: string) => void} save saves a file
 * @property {() => string} address the page's address, which holds the settings
 * @property {(set: string) => void} pickData chooses a data set; opens the editor of one that has not been drawn yet
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
 * @property {() => Promise<unknown>} [preload] loads parts that the panel imports later, so that it works when the
 *   network, or this version on its server, is gone by then
 * @property {(root: HTMLElement, app: PanelContext) => Panel | Promise<Panel>} [create] called when the panel becomes
 *   visible for the first time, with the element of its markup; a panel that is not seen at once imports its parts here
 */

/** Every sample space. @type {Space[]} */
export const EVERYWHERE = ["plane", "line", "images"];
/** Densities in one or two dimensions. @type {Space[]} */
export const DENSITIES = ["plane", "line"];
/** @type {Space[]} */
export const IMAGES = ["images"];
