// What a link can say about the page beside the settings: whether training starts, which controls there are, which tab
// or lesson is open, and how large everything is. They stay in the address as long as the page is open.

/** @typedef {{play: boolean, controls: "all" | "play", tab: string | null, lesson: string | null, size: "usual" | "projector"}} PageOptions */

/** The keys of the options, which are no settings of a run. */
export const OPTION_KEYS = ["play", "controls", "tab", "lesson", "size"];
/** Tabs that a link can open. */
export const TABS = ["learn", "charts", "quality", "signals"];

/** @param {string} hash with or without the '#' @returns {PageOptions} */
export function optionsIn(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const tab = params.get("tab");
  return {
    play: params.get("play") === "1",
    controls: params.get("controls") === "play" ? "play" : "all",
    tab: tab && TABS.includes(tab) ? tab : null,
    lesson: params.get("lesson"),
    size: params.get("size") === "projector" ? "projector" : "usual",
  };
}

/** An address with options; those at their default are left out. @param {string} hash of the settings, without '#' @param {PageOptions} options */
export function withOptions(hash, { play, controls, tab, lesson, size }) {
  const params = new URLSearchParams(hash);
  if (play) params.set("play", "1");
  if (controls !== "all") params.set("controls", controls);
  if (tab) params.set("tab", tab);
  if (lesson) params.set("lesson", lesson);
  if (size !== "usual") params.set("size", size);
  return params.toString();
}
