import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, titleOf } from "../../www/app/differences.js";
import { RunNotices } from "../../www/app/errors.js";
import { LockStep } from "../../www/app/lock-step.js";
import { aboutChoice, imageMetricsOf, nameBeside } from "../../www/views/comparison.js";

/** @import { Notices } from "../../www/app/errors.js" */
/** @import { Catalog, Field } from "../../www/protocol.js" */

const field = (
  /** @type {string} */ key,
  /** @type {string} */ label,
  /** @type {Field["group"]} */ group,
  /** @type {any} */ values = { type: "real", min: 0, max: 1, open: false },
  extra = {},
) => ({ key, label, group, unit: "", help: "", source: "", live: true, basic: false, only: null, values, ...extra });

const penalty = {
  type: "choice",
  options: [
    { value: "none", label: "none" },
    { value: "r1", label: "R1 (real samples)" },
  ],
};
/** @type {Catalog} */
const catalog = {
  fields: [
    field("batch", "Batch size", "data", { type: "integer", min: 1, max: 9 }, { unit: "images" }),
    field("g_lr", "Learning rate", "generator"),
    field("d_lr", "Learning rate", "discriminator"),
    field("penalty", "Penalty", "discriminator", penalty),
    field("weight", "Weight", "discriminator", undefined, { only: ["penalty", ["r1"]] }),
  ],
  defaults: { batch: 4, g_lr: 0.002, d_lr: 0.001, penalty: "none", weight: 1, seed: 7 },
  presets: [],
  dataSets: [],
  toys: [],
  first: "",
  needs: 0,
};
const a = catalog.defaults;

test("a difference has the schema's label, and its network where both have one", () => {
  const b = { ...a, d_lr: 0.0001, batch: 8 };
  const fields = differences(a, b, catalog);
  assert.equal(titleOf(a, fields, catalog), "Batch size 4 images, Learning rate of D 0.001");
  assert.equal(nameBeside("B", b, fields, catalog), "B: Batch size 8 images, Learning rate of D 0.0001");
});

test("a setting that means nothing in a run is not said of it, and nowhere if it means nothing in both", () => {
  const b = { ...a, penalty: "r1", weight: 5 };
  const fields = differences(a, b, catalog);
  assert.equal(titleOf(a, fields, catalog), "Penalty none");
  assert.equal(titleOf(b, fields, catalog), "Penalty R1 (real samples), Weight 5");
  assert.deepEqual(differences(a, { ...a, weight: 5 }, catalog), []);
});

test("many differences are cut in a title, and all named while choosing", () => {
  const b = { batch: 8, g_lr: 0.1, d_lr: 0.1, penalty: "r1", weight: 5, seed: 7 };
  const fields = differences(a, b, catalog);
  assert.match(
    nameBeside("A", a, fields, catalog),
    /^A: Batch size 4 images, Learning rate of G 0\.002, Learning rate of D 0\.001 and 2 more$/,
  );
  assert.match(aboutChoice(fields, a, b, catalog), /seed 7.*Penalty \(A: none, B: R1 \(real samples\)\); Weight/);
  assert.match(aboutChoice([], a, a, catalog), /Change a setting/);
});

test("measures are said with the step they are of, and their absence too", () => {
  assert.equal(imageMetricsOf(undefined), "Not evaluated yet.");
  const measured = /** @type {any} */ ({ step: 1200, averaged: { coverage: 0.5, score: 8, frechet: 1.234 } });
  assert.equal(
    imageMetricsOf(measured),
    "Step 1,200, EMA of G: coverage 0.500, MNIST score 8.00, Fréchet distance 1.23.",
  );
});

/** A run that trains when it is told to. */
class FakeRun {
  alive = true;
  busy = false;
  step = 0;
  goal = 0;
  elapsedMs = 0;
  /** @type {any} */
  samples = { fake: { step: 0 } };
  /** @type {any} */
  density = { snapshot: null };
  onPoints = false;
  /** @type {number[]} */
  looks = [];
  get shownStep() {
    return (this.samples?.fake ?? this.density.snapshot)?.step;
  }
  get arrived() {
    return !this.busy && this.step >= this.goal;
  }
  trainTo(/** @type {number} */ goal) {
    this.goal = goal;
  }
  stepOnce() {
    this.busy = true;
  }
  requestFrame() {
    this.looks.push(this.step);
    this.samples = { fake: { step: this.step } };
  }
  train(ms = 1) {
    this.elapsedMs += ms * (this.goal - this.step);
    this.step = this.goal;
  }
}

test("two runs go to common goals, the faster one waits, and pictures are of one step", () => {
  const [fast, slow] = [new FakeRun(), new FakeRun()];
  const pace = new LockStep([fast, slow]);
  pace.play();
  assert.deepEqual([fast.goal, slow.goal], [1, 1], "the first picture comes at once");
  fast.train();
  pace.arrived();
  assert.equal(fast.goal, 1, "it waits");
  slow.train();
  pace.arrived();
  assert.ok(fast.goal === slow.goal && fast.goal > 1);
  fast.train();
  pace.pause();
  pace.arrived();
  assert.notEqual(fast.looks.at(-1), fast.step, "not before the other is there");
  slow.train();
  pace.arrived();
  assert.deepEqual([fast.step, fast.looks], [slow.step, slow.looks]);
  assert.equal(fast.looks.at(-1), fast.step, "where they stop");
  const stopped = fast.goal;
  pace.arrived();
  assert.equal(fast.goal, stopped, "paused");
});

test("of two runs on points each round is seen, and where they stop", () => {
  const runs = [new FakeRun(), new FakeRun()];
  const pace = new LockStep(runs);
  for (const run of runs) Object.assign(run, { samples: null, density: { snapshot: { step: 0 } }, onPoints: true });
  pace.play();
  for (let round = 0; round < 3; round++) {
    for (const run of runs) run.train();
    pace.arrived();
    assert.deepEqual(
      runs.map((r) => r.looks.length),
      [round + 1, round + 1],
    );
  }
  pace.pause();
  for (const run of runs) run.train();
  pace.arrived();
  assert.ok(runs.every((r) => r.looks.at(-1) === r.step));
});

test("a run that cannot go on is not waited for, and single steps need both at rest", () => {
  const [one, two] = [new FakeRun(), new FakeRun()];
  const pace = new LockStep([one, two]);
  pace.step("both");
  assert.ok(one.busy && two.busy);
  one.busy = false;
  one.stepOnce = () => assert.fail("the other has not come back");
  pace.step("generator");
  two.alive = false;
  one.step = 1;
  pace.play();
  assert.equal(one.goal, 2, "one alone goes on from where it is");
});

test("a round is as long as the slower run's steps take, grows at most twofold, and has one step at least", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const [fast, slow] = [new FakeRun(), new FakeRun()];
  const pace = new LockStep([fast, slow]);
  pace.play();
  /** @type {number[]} */
  const sizes = [];
  for (let round = 0; round < 12; round++) {
    sizes.push(slow.goal - slow.step);
    now += 50 * sizes[round];
    fast.train();
    slow.train();
    pace.arrived();
  }
  assert.ok(
    sizes.every((n, i) => i === 0 || n <= 2 * sizes[i - 1]),
    String(sizes),
  );
  assert.deepEqual([sizes[0], sizes.at(-1)], [1, 5], "250 ms at 50 ms a step");
});

test("row 16: slow frames of two density runs leave most of the time to their steps, and rounds grow all the same", (t) => {
  const [FRAME_MS, STEP_MS] = [2000, 10];
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const runs = [new FakeRun(), new FakeRun()];
  /** What the workers do, one thing after the other. @type {(() => void)[]} */
  const queue = [];
  let [frames, training] = [0, 0];
  for (const run of runs) {
    Object.assign(run, { samples: null, density: { snapshot: { step: 0 } }, onPoints: true });
    run.requestFrame = () => {
      frames += 1;
      queue.push(() => {
        now += FRAME_MS;
        run.density = { snapshot: { step: run.step } };
      });
    };
    run.trainTo = (goal) => {
      run.goal = goal;
      queue.push(() => {
        now += STEP_MS * (goal - run.step);
        training += STEP_MS * (goal - run.step);
        run.step = goal;
      });
    };
  }
  const pace = new LockStep(runs);
  pace.play();
  while (now < 200_000) {
    queue.shift()?.();
    pace.arrived();
  }
  assert.ok(frames >= 10, `${frames} frames`);
  assert.ok(training > 0.6 * now, `${training} ms of training in ${now} ms`);
  assert.ok(runs[0].goal - runs[0].step <= 256 && runs[0].step > 1000, `step ${runs[0].step}`);
});

test("what is said of one of two runs has its letter, and is taken back with it", () => {
  /** @type {Map<string, string>} */
  const said = new Map();
  const all = /** @type {Notices} */ (
    /** @type {any} */ ({
      show: (/** @type {any} */ n) => said.set(n.kind, n.text),
      clear: (/** @type {string} */ kind) => said.delete(kind),
    })
  );
  const notices = new RunNotices(all);
  notices.show({ kind: "diverged", text: "No number." });
  assert.deepEqual([...said], [["diverged", "No number."]]);
  notices.setLetter("B");
  assert.equal(said.size, 0);
  notices.show({ kind: "diverged", text: "No number." });
  assert.deepEqual([...said], [["diverged-b", "B: No number."]]);
  notices.setLetter("");
  assert.equal(said.size, 0);
});
