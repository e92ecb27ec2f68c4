// `--profile`: which kernels a step runs, how often, on how much, and how long each takes.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Runner } from "./drive.mjs";
import { nameOf } from "./engines.mjs";
import { perStep, sum } from "./stats.mjs";

/** @import { Entry } from "./engines.mjs" */
/** @import { Profile } from "../page/profile.js" */
/** @typedef {{steps: number, wgsl: string | null, sequence: boolean}} ProfileOptions */

/** Steps before anything is counted. */
const WARM_UP = { group: 5, groups: 2 };

const fixed = (/** @type {number} */ x, /** @type {number} */ digits, /** @type {number} */ width) =>
  x.toFixed(digits).padStart(width);

/** @param {Profile} profile @param {number} steps */
function printKernels(profile, steps) {
  const total = sum(profile.lines.map((line) => line.ms));
  console.log(
    `\n${steps} steps and one read of their losses; per step ${profile.sequence.length / steps} dispatches, ${(total / steps).toFixed(2)} ms on the GPU`,
  );
  if (!profile.timed) console.log("the adapter's timestamps are all zero: counts only");
  console.log("\n share  ms/step  calls/step  us/call  kernel  workgroups       bytes bound, name");
  const names = new Map(profile.kernels.map((k) => [k.id, k.name]));
  for (const line of profile.lines.toSorted((a, b) => b.ms - a.ms)) {
    console.log(
      [
        `${fixed((100 * line.ms) / (total || 1), 1, 5)}%`,
        fixed(line.ms / steps, 3, 8),
        fixed(line.calls / steps, 2, 10),
        fixed((1000 * line.ms) / line.calls, 1, 9),
        `#${line.kernel}`.padStart(7),
        ` ${line.groups.padEnd(16)}`,
        `${line.buffers}, ${names.get(line.kernel)}`,
      ].join(" "),
    );
  }
}

/** The same by name alone. @param {Profile} profile @param {number} steps */
function printNames(profile, steps) {
  const names = new Map(profile.kernels.map((k) => [k.id, k.name]));
  /** @type {Map<string, {ms: number, calls: number}>} */
  const sums = new Map();
  for (const { kernel, ms, calls } of profile.lines) {
    const name = names.get(kernel) ?? "?";
    const so = sums.get(name) ?? { ms: 0, calls: 0 };
    sums.set(name, { ms: so.ms + ms, calls: so.calls + calls });
  }
  console.log("\n ms/step  calls/step  name");
  for (const [name, { ms, calls }] of [...sums].sort(([, a], [, b]) => b.ms - a.ms)) {
    console.log(`${fixed(ms / steps, 3, 8)} ${fixed(calls / steps, 2, 11)}  ${name}`);
  }
}

/** What one step dispatches, in order. @param {Profile} profile */
function printSequence(profile) {
  const names = new Map(profile.kernels.map((k) => [k.id, k.name]));
  const last = profile.sequence.slice(profile.marks.at(-2), profile.marks.at(-1));
  console.log("\nwhat was recorded during the last step, in order (an engine may record some of it one step later):");
  last.forEach((index, i) => {
    const line = profile.lines[index];
    console.log(
      `${String(i + 1).padStart(4)}  #${line.kernel} ${line.groups}  ${line.buffers}, ${names.get(line.kernel)}`,
    );
  });
}

/** @param {string} folder @param {Profile} profile */
async function writeShaders(folder, profile) {
  await mkdir(folder, { recursive: true });
  const used = new Set(profile.lines.map((line) => line.kernel));
  for (const { id, name, code } of profile.kernels.filter((k) => used.has(k.id))) {
    await writeFile(
      join(folder, `${String(id).padStart(3, "0")}-${name.replace(/\W+/g, "_").slice(0, 60)}.wgsl`),
      code,
    );
  }
  console.log(`\nthe kernels' code is in ${folder}`);
}

/**
 * @param {import("playwright-core").Browser} browser one with exact clocks @param {string} url @param {Entry} entry @param {ProfileOptions} options
 */
export async function printProfile(browser, url, entry, { steps, wgsl, sequence }) {
  const runner = await Runner.start(browser, url, entry, { profiling: entry.device === "webgpu" });
  const opened = await runner.open();
  console.log(`${nameOf(entry)}: first step after ${opened.firstStepMs.toFixed(0)} ms`, opened.phases ?? "");
  await runner.measure(WARM_UP);
  const plain = await runner.measure({ group: 5, groups: 4 });
  const [d, g] = [plain.losses.d, plain.losses.g].map((losses) => losses[losses.length - 1].toFixed(3));
  console.log(`${(sum(plain.groupMs) / plain.steps).toFixed(2)} ms a step; losses of the last: D ${d}, G ${g}`);
  if (entry.device === "webgpu") {
    console.log("per step:", perStep(plain.counts, plain.steps));
    const profile = await runner.profile(steps);
    if (sequence) printSequence(profile);
    printKernels(profile, steps);
    printNames(profile, steps);
    if (wgsl) await writeShaders(wgsl, profile);
    await runner.host(WARM_UP);
    const host = await runner.host({ group: 5, groups: 4 });
    const [all, calls] = [host.groupMs, host.callMs].map((ms) => (sum(ms) / host.steps).toFixed(2));
    console.log(`\nhost time without the GPU's work: ${all} ms a step, of which ${calls} ms inside step()`);
  }
  await runner.close();
}
