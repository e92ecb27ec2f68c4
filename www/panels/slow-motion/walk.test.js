// Slow motion: the order of its stages, its clock, and the algorithm beside it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NAMES, aboutStage, algorithm, linesAt } from "./algorithm.js";
import { piecesOf } from "../figure/figure-overlay.js";
import { drawWalk } from "../data-space/walk-overlay.js";
import { STAGES, STAGE_MS, SlowMotion } from "../../app/slow-motion.js";

/** @import { Walk } from "../../protocol.js" */

/** @param {"discriminator" | "generator"} network @returns {Walk} */
const walk = (network) => ({
  network: network,
  width: 1,
  zWidth: 1,
  ...(network === "discriminator"
    ? { real: Float32Array.of(1, 2), realScores: Float32Array.of(0.8, 0.6) }
    : { real: new Float32Array(0), realScores: new Float32Array(0) }),
  z: Float32Array.of(0, 1),
  fake: Float32Array.of(-1, 0),
  fakeScores: Float32Array.of(0.2, 0.4),
  arrows: Float32Array.of(0.5, -1.5),
  loss: 1.2,
});

/** A slow motion whose actions and timers are written down. */
function setUp() {
  /** @type {string[]} */
  const done = [];
  /** @type {{run: () => void, ms: number} | null} */
  let timer = null;
  const slow = new SlowMotion(
    {
      ask: (network) => done.push(`ask ${network}`),
      update: (network) => done.push(`update ${network}`),
      changed: () => {},
    },
    {
      set: (run, ms) => {
        timer = { run, ms };
        return 1;
      },
      clear: () => {
        timer = null;
      },
    },
  );
  return { slow, done, timer: () => timer, tick: () => timer?.run() };
}

/** Through one update, to its last stage. @param {SlowMotion} slow @param {"discriminator" | "generator"} network */
function through(slow, network) {
  slow.next();
  slow.receive(walk(network));
  const seen = [slow.stage];
  for (let i = 1; i < STAGES.length; i++) {
    slow.next();
    seen.push(slow.stage);
  }
  return seen;
}

test("an update has six stages in order, and is made once, in the last", () => {
  const { slow, done } = setUp();
  assert.deepEqual([slow.stage, slow.overlay], [null, null]);
  assert.deepEqual(through(slow, "discriminator"), STAGES);
  assert.deepEqual(done, ["ask discriminator", "update discriminator"]);
  assert.ok(slow.waits, "the next stage waits for the update");
  slow.next();
  assert.equal(slow.stage, "update");
  slow.updated();
  slow.next();
  assert.deepEqual(done.at(-1), "ask generator");
});

test("both take turns, and one alone stays", () => {
  const { slow, done } = setUp();
  through(slow, "discriminator");
  slow.updated();
  through(slow, "generator");
  slow.updated();
  slow.next();
  assert.deepEqual(
    done.filter((d) => d.startsWith("ask")),
    ["ask discriminator", "ask generator", "ask discriminator"],
  );
  slow.receive(walk("discriminator"));
  slow.choose("generator");
  assert.equal(slow.overlay, null, "what was walked of D is left");
  through(slow, "generator");
  slow.updated();
  slow.next();
  assert.deepEqual(done.slice(-2), ["update generator", "ask generator"]);
});

test("by the clock every stage takes as long, and the clock waits for what is on its way", () => {
  const { slow, timer, tick } = setUp();
  slow.time(true);
  assert.equal(timer(), null, "the minibatch has not come");
  slow.receive(walk("discriminator"));
  assert.equal(timer()?.ms, STAGE_MS);
  for (const stage of STAGES.slice(1)) {
    tick();
    assert.equal(slow.stage, stage);
  }
  assert.equal(timer(), null, "the update has not been made");
  slow.updated();
  assert.equal(timer()?.ms, STAGE_MS);
  slow.time(false);
  assert.equal(timer(), null);
  assert.equal(slow.stage, "update", "a pause leaves the stage lit");
});

test("what was not asked for, or of another network, is not shown, and an end is an end", () => {
  const { slow } = setUp();
  slow.receive(walk("discriminator"));
  assert.equal(slow.stage, null);
  slow.next();
  slow.receive(walk("generator"));
  assert.equal(slow.stage, null);
  slow.receive(walk("discriminator"));
  assert.equal(slow.stage, "noise");
  slow.stop();
  assert.deepEqual([slow.stage, slow.waits, slow.timed], [null, false, false]);
});

test("every stage has a name, a lit line of the algorithm and words with the minibatch's numbers", () => {
  const ids = algorithm(undefined, 2, 128).map((l) => l.id);
  for (const network of /** @type {const} */ (["discriminator", "generator"])) {
    for (const stage of STAGES) {
      assert.ok(NAMES[stage]);
      const lit = linesAt(stage, network);
      assert.ok(lit.length > 0 && lit.every((id) => ids.includes(id)), `${network} ${stage}`);
      assert.ok(
        lit.every((id) => id.startsWith(network[0])),
        "the lines of that network",
      );
    }
  }
  const overlay = (/** @type {any} */ stage, /** @type {"discriminator" | "generator"} */ network) => ({
    stage,
    network,
    walk: walk(network),
  });
  assert.match(
    aboutStage(overlay("score", "discriminator"), { type: "probability" }, 1),
    /0\.700 on the real and 0\.300 on the generated/,
  );
  assert.match(aboutStage(overlay("gradient", "generator"), { type: "probability" }, 1), /1\.000 long on average/);
  assert.match(aboutStage(overlay("update", "discriminator"), { type: "probability" }, 3), /k = 3 times/);
  assert.doesNotMatch(
    aboutStage(overlay("loss", "discriminator"), { type: "critic" }, 1),
    /from 1 on/,
    "a critic has no target",
  );
});

test("a relativistic loss shows real samples in the G step too", () => {
  const compared = { ...walk("generator"), real: Float32Array.of(1) };
  assert.match(
    aboutStage({ stage: "generate", network: "generator", walk: compared }, { type: "probability" }, 1),
    /to be compared with/,
  );
  assert.match(
    aboutStage({ stage: "generate", network: "generator", walk: walk("generator") }, { type: "probability" }, 1),
    /no real samples/,
  );
  assert.match(
    algorithm({ discriminator: "", generator: "", gSeesReal: true }, 1, 8)
      .map((l) => l.words)
      .join(),
    /real x to compare with/,
  );
});

test("the algorithm has the losses of the run", () => {
  const updates = { discriminator: "ascend the value", generator: "descend log(1 − D(G(z)))", gSeesReal: false };
  const words = (/** @type {typeof updates | undefined} */ known) =>
    algorithm(known, 1, 64)
      .map((l) => l.words)
      .join("\n");
  assert.match(words(updates), /update D: ascend the value\n.*\nupdate G: descend log\(1 − D\(G\(z\)\)\)$/);
  assert.doesNotMatch(words(updates), /compare/);
  assert.match(words(undefined), /update D: descend the gradient of its loss/);
  assert.match(words(undefined), /draw 64 noise/);
});

test("the figure shows of each stage what is there by then", () => {
  const same = (/** @type {number} */ v) => v;
  const places = {
    x: (/** @type {number} */ x) => 100 + 50 * x,
    z: (/** @type {number} */ z) => 100 + 20 * z,
    density: same,
    says: (/** @type {number} */ d) => 100 - 100 * d,
    base: 100,
    top: 0,
    xRail: 120,
    zRail: 200,
    left: 0,
    right: 300,
  };
  const shown = (/** @type {any} */ stage, /** @type {"discriminator" | "generator"} */ network = "discriminator") =>
    Object.entries(piecesOf({ stage, network, walk: walk(network) }, places, { type: "probability" }))
      .filter(([, d]) => d !== "")
      .map(([name]) => name)
      .sort();
  assert.deepEqual(shown("noise"), ["walk-z"]);
  assert.deepEqual(shown("generate"), ["walk-fake", "walk-lines", "walk-real", "walk-z"]);
  assert.ok(shown("loss").includes("walk-loss"));
  assert.ok(shown("gradient").includes("walk-gradient-real"));
  assert.ok(!shown("gradient", "generator").includes("walk-real"), "G's update sees no real ones");
  const d = piecesOf({ stage: "gradient", network: "generator", walk: walk("generator") }, places, {
    type: "probability",
  })["walk-gradient-fake"];
  // -1.5 is the longest arrow, 46 pixels to the left of x = 100.
  assert.match(d, /M100\.0 60\.0L54\.0 60\.0/);
});

test("the plane shows noise apart, then rings as wide as what a network lacks, and arrows for G", () => {
  const plane = {
    ...walk("generator"),
    width: /** @type {2} */ (2),
    zWidth: 2,
    z: Float32Array.of(0, 0, 1, 1),
    fake: Float32Array.of(0, 0, 1, 1),
    arrows: Float32Array.of(0, 2, 1, 0),
  };
  const drawn = (/** @type {any} */ stage) => {
    /** @type {any[][]} */
    const calls = [];
    const ctx = new Proxy(
      {},
      {
        get:
          (_, name) =>
          (/** @type {any[]} */ ...args) =>
            calls.push([String(name), ...args]),
        set: () => true,
      },
    );
    const colours = { text: "t", panel: "p", real: "r", generator: "g", discriminator: "d" };
    drawWalk(
      /** @type {any} */ (ctx),
      { x: (v) => 100 * v, y: (v) => -100 * v },
      { stage, network: "generator", walk: plane },
      { colours, box: { left: 0, top: 0, width: 300, height: 300 }, probability: true },
    );
    return calls;
  };
  assert.ok(drawn("noise").some(([name, words]) => name === "fillText" && words === "noise z"));
  // D says 0.2 and 0.4: G lacks 0.8 and 0.6.
  const rings = drawn("loss")
    .filter(([name]) => name === "arc")
    .map(([, x, y, r]) => [x, y, Math.round(10 * r) / 10]);
  assert.deepEqual(rings, [
    [0, -0, 18.8],
    [100, -100, 15.6],
  ]);
  const ends = drawn("gradient")
    .filter(([name]) => name === "lineTo")
    .map(([, x, y]) => [x, y]);
  assert.ok(
    ends.some(([x, y]) => x === 0 && y === -48),
    "the longest, upwards",
  );
  assert.ok(
    ends.some(([x, y]) => x === 124 && y === -100),
    "half as long, to the right",
  );
});
