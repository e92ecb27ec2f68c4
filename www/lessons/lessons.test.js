// Lessons: their format, their goals, and those that come with the page.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { entryOf, parseGlossary } from "../glossary.js";
import { GoalProgress, checkGoal } from "./goals.js";
import { paragraphsOf, readLesson } from "./lesson.js";

/** @import { Facts, Goal } from "./goals.js" */

const GLOSSARY = parseGlossary(readFileSync(join(import.meta.dirname, "../../docs/glossary.md"), "utf8"));
const PAGE = readFileSync(join(import.meta.dirname, "../../index.html"), "utf8");
const SHIPPED = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"));

/** @type {Facts} */
const NOTHING = {
  step: 0,
  playing: false,
  comparing: false,
  preset: null,
  config: {},
  modes: null,
  outputs: { d_real: null, d_fake: null },
  metrics: {},
  diagnosis: null,
  tab: "learn",
};

/** Whether a goal is reached after each of some facts. @param {Goal} goal @param {Partial<Facts>[]} course */
function along(goal, course) {
  const progress = new GoalProgress(goal);
  return course.map((facts) => progress.update({ ...NOTHING, ...facts }));
}

for (const name of SHIPPED)
  test(`${name} is a lesson whose terms and parts of the page exist`, () => {
    const json = JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
    const read = readLesson(json);
    assert.ok("lesson" in read, "reason" in read ? read.reason : "");
    assert.equal(read.lesson.id, name.replace(".json", ""));
    for (const { text, point } of read.lesson.steps) {
      if (point) assert.ok(PAGE.includes(`data-point="${point}"`), `no part of the page is ${point}`);
      for (const { text: term, isTerm } of paragraphsOf(text).flat())
        if (isTerm) assert.ok(entryOf(GLOSSARY, term), `the glossary has no ${term}`);
    }
  });

test("an invalid lesson is described by its step and property", () => {
  const step = { title: "a", text: "b" };
  const lesson = (/** @type {object} */ changes) => ({ id: "a", title: "b", about: "c", steps: [step], ...changes });
  const reason = (/** @type {unknown} */ value) => {
    const read = readLesson(value);
    return "reason" in read ? read.reason : null;
  };
  assert.equal(reason(lesson({})), null);
  assert.match(reason([]) ?? "", /JSON object/);
  assert.match(reason(lesson({ title: 3 })) ?? "", /title/);
  assert.match(reason(lesson({ steps: [] })) ?? "", /steps/);
  assert.match(reason(lesson({ controls: "play" })) ?? "", /controls/);
  assert.match(reason(lesson({ steps: [step, { title: "a" }] })) ?? "", /step 2: .*text/);
  assert.match(reason(lesson({ steps: [{ ...step, colour: 1 }] })) ?? "", /step 1: .*colour.* not one of/);
  assert.match(reason(lesson({ steps: [{ ...step, play: "yes" }] })) ?? "", /play.* a boolean/);
  assert.match(reason(lesson({ steps: [{ ...step, goal: { check: { step: 3 } } }] })) ?? "", /“text”/);
  assert.match(reason(lesson({ steps: [{ ...step, goal: { text: "a", check: { stpe: 3 } } }] })) ?? "", /stpe.*step/);
  assert.match(checkGoal(undefined) ?? "", /check/);
});

test("a goal is reached once and stays so", () => {
  assert.deepEqual(along({ step: 10 }, [{ step: 9 }, { step: 10 }, { step: 2 }]), [false, true, true]);
});

test("goals of the run, its settings and the page", () => {
  const once = (/** @type {Goal} */ goal, /** @type {Partial<Facts>} */ facts) => along(goal, [{}, facts]);
  assert.deepEqual(once({ playing: true }, { playing: true }), [false, true]);
  assert.deepEqual(once({ comparing: true }, { comparing: true }), [false, true]);
  assert.deepEqual(once({ preset: "ring" }, { preset: "ring" }), [false, true]);
  assert.deepEqual(once({ tab: "charts" }, { tab: "charts" }), [false, true]);
  assert.deepEqual(once({ setting: "d_steps", value: 5 }, { config: { d_steps: 5 } }), [false, true]);
  assert.deepEqual(once({ metric: "w1", most: 0.5 }, { metrics: { w1: 0.5 } }), [false, true]);
  assert.deepEqual(once({ metric: "w1", least: 0.6 }, { metrics: { w1: 0.5 } }), [false, false]);
  assert.deepEqual(once({ diagnosis: ["collapse"] }, { diagnosis: "collapse" }), [false, true]);
});

test("modes count from a step on, and lost ones against the most so far, in the same run", () => {
  const modes = (/** @type {number} */ step, /** @type {number} */ captured) => ({ step, modes: { captured, of: 8 } });
  assert.deepEqual(along({ modes: { most: 4, after: 100 } }, [modes(10, 0), modes(100, 5), modes(200, 4)]), [
    false,
    false,
    true,
  ]);
  assert.deepEqual(along({ modesLost: 4 }, [modes(10, 3), modes(20, 6), modes(30, 2)]), [false, false, true]);
  assert.deepEqual(along({ modesLost: 4 }, [modes(50, 8), modes(10, 2)]), [false, false], "another run");
});

test("an output has to stay near its value without a break", () => {
  const output = (/** @type {number} */ step, /** @type {number | null} */ d_real) => ({ step, outputs: { d_real } });
  const goal = /** @type {const} */ ({ output: "d_real", near: 0.5, within: 0.05, steps: 200 });
  assert.deepEqual(along(goal, [output(0, 0.5), output(100, 0.56), output(200, 0.48), output(400, 0.54)]), [
    false,
    false,
    false,
    true,
  ]);
  assert.deepEqual(along(goal, [output(0, null), output(300, null)]), [false, false]);
});

test("a text has paragraphs and terms", () => {
  assert.deepEqual(paragraphsOf("a **b** c\n\nd"), [
    [
      { text: "a ", isTerm: false },
      { text: "b", isTerm: true },
      { text: " c", isTerm: false },
    ],
    [{ text: "d", isTerm: false }],
  ]);
});
