// Measures all engines in one browser, in turn, over several rounds, so that what slows the machine down for a while
// slows all of them. An engine that fails keeps its row, with the reason, and the others go on.

import { Runner } from "./drive.mjs";
import { nameOf } from "./engines.mjs";
import { median, sum } from "./stats.mjs";

/** @import { Browser } from "playwright-core" */
/** @import { Entry } from "./engines.mjs" */
/** @import { Opened } from "./drive.mjs" */
/** @import { Losses } from "../page/worker.js" */
/** @typedef {{rounds: number, budgetMs: number, warmUpMs: number, hostBudgetMs: number, firstSteps: number}} Plan */
/**
 * @typedef {object} Figures of one engine on one device with one network; what could not be measured is absent
 * @property {Entry} entry
 * @property {string} [error] why it cannot be measured
 * @property {number[]} firstStepMs
 * @property {Record<string, number>} [phases] of the last first step
 * @property {number[]} roundMs median of each round, per step
 * @property {number[]} hostMs the same with the GPU's work left out
 * @property {number[]} hostCallMs of that, what was spent inside step()
 * @property {{counts: Record<string, number>, steps: number}} counted over all rounds: pools and caches are refilled now and then
 * @property {[number, number]} [dLoss] D's loss in the first step, and the lowest mean of a group of steps within the first hundred
 */
/** @typedef {{figures: Figures, runner: Runner, group: number}} Racer */

/** Steps between two reads of the losses: what a page that draws a few times a second does. */
const GROUP = 5;
/** Steps within which D must have learnt something; later the two players balance. */
const LEARNING = 100;

/** @type {Plan} */
export const FULL = { rounds: 7, budgetMs: 4000, warmUpMs: 4000, hostBudgetMs: 1000, firstSteps: 3 };
/** @type {Plan} */
export const QUICK = { rounds: 3, budgetMs: 1500, warmUpMs: 1500, hostBudgetMs: 500, firstSteps: 1 };

const say = (/** @type {string} */ text) => console.log(`  ${text}`);
/** @param {Figures[]} all @param {(figures: Figures) => number | undefined} value @param {number} digits */
const listed = (all, value, digits) =>
  all.map((f) => `${nameOf(f.entry)} ${value(f)?.toFixed(digits) ?? "-"}`).join(", ");

/**
 * So that what is timed is training: the losses are numbers, and D's fall.
 * @param {number} first D's @param {Losses} losses @param {number} group
 * @returns {[number, number]} D's before and after
 */
function learning(first, losses, group) {
  if (![first, ...losses.d, ...losses.g].every(Number.isFinite)) throw new Error("its losses are not finite");
  let lowest = Infinity;
  for (let i = 0; i + group <= Math.min(losses.d.length, LEARNING); i += group) {
    lowest = Math.min(lowest, sum(losses.d.slice(i, i + group)) / group);
  }
  if (!(lowest < first))
    throw new Error(`it does not learn: D's loss began at ${first} and never fell below ${lowest}`);
  return [first, lowest];
}

/**
 * Loads an engine and warms it up, or notes why that cannot be.
 * @param {Browser} browser @param {string} url @param {Figures} figures @param {Plan} plan
 * @returns {Promise<Racer | null>}
 */
async function enter(browser, url, figures, plan) {
  const { entry } = figures;
  /** @type {Runner | null} */
  let runner = null;
  try {
    runner = await Runner.start(browser, url, entry);
    const opened = await runner.open();
    note(figures, opened);
    // Slow engines get smaller groups: waiting for the losses costs them next to nothing, compared with a step.
    const alone = await runner.measure({ group: 1, groups: 1 });
    const group = Math.max(1, Math.min(GROUP, Math.floor(plan.budgetMs / alone.groupMs[0])));
    // A step that takes longer than the warm-up is warm.
    const warm =
      alone.groupMs[0] > plan.warmUpMs ? alone : await runner.measure({ group, groups: 1000, budgetMs: plan.warmUpMs });
    figures.dLoss = learning(opened.losses.d[0], warm.losses, group);
    const learnt = `D's loss ${figures.dLoss.map((l) => l.toFixed(3)).join(" -> ")} in ${Math.min(LEARNING, warm.steps)} steps`;
    say(`${nameOf(entry)}: first step ${opened.firstStepMs.toFixed(0)} ms, ${learnt}`);
    return { figures, runner, group };
  } catch (error) {
    await drop(figures, runner, error);
    return null;
  }
}

/** @param {Figures} figures @param {Opened} opened */
function note(figures, { firstStepMs, phases }) {
  figures.firstStepMs.push(firstStepMs);
  if (Object.keys(phases).length) figures.phases = phases;
}

/** Playwright's and our own layers around the engine's words. @param {unknown} error */
const reason = (error) =>
  String(/** @type {Error} */ (error)?.message ?? error)
    .split("\n")[0]
    .replace(/^(page\.\w+: )?(Error: )*/, "");

/** @param {Figures} figures @param {Runner | null} runner @param {unknown} error */
async function drop(figures, runner, error) {
  figures.error = reason(error);
  say(`${nameOf(figures.entry)}: not possible: ${figures.error}`);
  await runner?.close().catch(() => {});
}

/**
 * One round: every racer once, beginning with another one each time.
 * @param {Racer[]} racers @param {number} round @param {(racer: Racer) => Promise<void>} turn
 */
async function lap(racers, round, turn) {
  const order = racers.map((_, i) => racers[(i + round) % racers.length]);
  for (const racer of order.filter((r) => !r.figures.error)) {
    await turn(racer).catch((error) => drop(racer.figures, racer.runner, error));
  }
}

/** @param {Plan} plan @returns {(racer: Racer) => Promise<void>} */
const timed =
  (plan) =>
  async ({ figures, runner, group }) => {
    const measured = await runner.measure({ group, groups: 1000, budgetMs: plan.budgetMs });
    if (!measured.losses.d.concat(measured.losses.g).every(Number.isFinite))
      throw new Error("its losses are not finite");
    figures.roundMs.push(median(measured.groupMs) / group);
    const { counted } = figures;
    counted.steps += measured.steps;
    for (const [key, n] of Object.entries(measured.counts)) counted.counts[key] = (counted.counts[key] ?? 0) + n;
  };

/** @param {Plan} plan @returns {(racer: Racer) => Promise<void>} */
const withoutGpu =
  (plan) =>
  async ({ figures, runner }) => {
    const measured = await runner.host({ group: GROUP, groups: 1000, budgetMs: plan.hostBudgetMs });
    figures.hostMs.push(median(measured.groupMs) / GROUP);
    figures.hostCallMs.push(median(measured.callMs) / GROUP);
  };

/**
 * First steps of visitors whose browser has just been started: nothing is compiled, nothing is stored.
 * @param {() => Promise<{browser: Browser}>} launch @param {string} url @param {Figures[]} all @param {number} times
 */
export async function firstSteps(launch, url, all, times) {
  for (let i = 0; i < times; i++) {
    for (const figures of all.filter((f) => !f.error)) {
      const { browser } = await launch();
      try {
        const runner = await Runner.start(browser, url, figures.entry);
        note(figures, await runner.open());
      } catch (error) {
        await drop(figures, null, error);
      } finally {
        await browser.close();
      }
    }
    say(`${i + 1} of ${times}, ms: ${listed(all, (f) => f.firstStepMs.at(-1), 0)}`);
  }
}

/** @param {Browser} browser @param {string} url @param {Figures[]} all @param {Plan} plan */
export async function race(browser, url, all, plan) {
  const entered = [];
  for (const figures of all.filter((f) => !f.error)) entered.push(await enter(browser, url, figures, plan));
  const racers = entered.filter((racer) => racer !== null);
  for (let round = 0; round < plan.rounds; round++) {
    await lap(racers, round, timed(plan));
    say(
      `round ${round + 1} of ${plan.rounds}, ms a step: ${listed(
        racers.map((r) => r.figures),
        (f) => f.roundMs.at(-1),
        1,
      )}`,
    );
  }
  const onGpu = racers.filter(({ figures }) => figures.entry.device === "webgpu");
  // Compiled code for the stub's paths, and whatever the switch itself unsettles.
  await lap(onGpu, 0, async ({ runner }) => void (await runner.host({ group: GROUP, groups: 2 })));
  for (let round = 0; round < plan.rounds; round++) await lap(onGpu, round, withoutGpu(plan));
  say(
    `host time, ms a step: ${listed(
      onGpu.map((r) => r.figures),
      (f) => median(f.hostMs),
      1,
    )}`,
  );
  for (const { runner, figures } of racers) if (!figures.error) await runner.close();
}

/** @param {Entry} entry @returns {Figures} */
export const blank = (entry) => ({
  entry,
  counted: { counts: {}, steps: 0 },
  firstStepMs: [],
  roundMs: [],
  hostMs: [],
  hostCallMs: [],
});
