// What belongs to the page and not to a panel: options in its address, keys, the embed code, and expected times.

import assert from "node:assert/strict";
import { test } from "node:test";
import { embedCode } from "../dialogs/share/embed.js";
import { expectedTime, slowness } from "../dialogs/gallery/expected.js";
import { takesKey } from "./keyboard.js";
import { optionsIn, withOptions } from "./page-options.js";
import { settled } from "./state.js";

test("options of a link are written and read, and do not make it an experiment", () => {
  const hash = withOptions("data=ring", {
    play: true,
    controls: "play",
    tab: "charts",
    lesson: "tour",
    size: "projector",
  });
  assert.equal(hash, "data=ring&play=1&controls=play&tab=charts&lesson=tour&size=projector");
  assert.deepEqual(optionsIn(`#${hash}`), {
    play: true,
    controls: "play",
    tab: "charts",
    lesson: "tour",
    size: "projector",
  });
  assert.equal(withOptions("data=ring", optionsIn("")), "data=ring");
  assert.equal(settled("lesson=tour&tab=charts"), false);
});

test("an option that does not exist is the usual one", () => {
  assert.deepEqual(optionsIn("play=yes&controls=none&tab=x&size=9"), optionsIn(""));
});

test("the embed code cannot be broken out of", () => {
  const code = embedCode('https://a.example/#data=ring&seed="><script>');
  assert.ok(code.includes("#data=ring&amp;seed=&quot;&gt;&lt;script&gt;"));
});

/** An element of which only `matches` is asked. @param {...string} kinds */
const element = (...kinds) =>
  /** @type {Element} */ (
    /** @type {unknown} */ ({
      matches: (/** @type {string} */ selector) =>
        kinds.some((kind) => selector.split(", ").some((s) => s.startsWith(kind))),
    })
  );

test("keys are left to a control that uses them", () => {
  assert.equal(takesKey(null, " "), false);
  assert.equal(takesKey(element("select"), "s"), true);
  assert.equal(takesKey(element("button"), " "), true);
  assert.equal(takesKey(element("button"), "s"), false);
  assert.equal(takesKey(element("[role=application]"), "ArrowLeft"), true);
});

test("the expected time grows with the device's slowness, and says whose it is", () => {
  const made = { step: 2000, ms: 10 };
  assert.equal(expectedTime(undefined, 1), "");
  assert.equal(expectedTime(made, null), "about 20 s on a laptop");
  assert.equal(slowness(made, { step: 100, elapsedMs: 3000 }), 3);
  assert.equal(slowness(made, { step: 10, elapsedMs: 3000 }), null);
  assert.equal(expectedTime(made, 12), "about 4 min here");
});
