// The command line.

import { ENGINES, NETWORK_IDS } from "./engines.mjs";

/** @import { DeviceId, EngineId, Entry, NetworkId } from "./engines.mjs" */
/**
 * @typedef {object} Options
 * @property {boolean} quick
 * @property {number} memorySteps 0 to leave memory out
 * @property {boolean} isolated
 * @property {boolean} partial only some rows were asked for: the committed file must not be replaced by them
 * @property {string | null} out
 * @property {(entry: Entry) => boolean} wanted
 * @property {{entry: Entry, steps: number, wgsl: string | null, sequence: boolean} | null} profile
 */

export const USAGE = `usage: node bench/run.mjs [options]
  --quick                 fewer and shorter rounds: about five minutes
  --only ENGINE,...       of ${Object.keys(ENGINES).join(", ")}
  --device DEVICE,...     of webgpu, wasm, cpu (ours on the CPU is wasm)
  --network NETWORK,...   of ${NETWORK_IDS.join(", ")}
  --memory STEPS          memory after 200 and after so many steps; a full run has 2,000, a quick one none
  --isolated              cross-origin isolated, which gives engines that have threads their threads
  --out FILE              where the figures go; bench/speed.json if everything was measured, nowhere otherwise
  --profile ENGINE DEVICE NETWORK
                          time, calls and sizes of each kernel instead; on a CPU device the time of a step alone
      --steps N           steps that are profiled (5)
      --sequence          also every dispatch of one step, in order
      --wgsl FOLDER       also write the kernels' code there
CHROME names the browser.`;

/** What the user got wrong. */
export class UsageError extends Error {}

/** @template {string} T @param {T[] | string[]} allowed @param {string} text @returns {T} */
function one(allowed, text) {
  if (!(/** @type {string[]} */ (allowed).includes(text)))
    throw new UsageError(`“${text}” is none of ${allowed.join(", ")}`);
  return /** @type {T} */ (text);
}

/** Our CPU device has two names. @param {string} engine @param {string} device */
const deviceNamed = (engine, device) => (engine === "counterfeit" && device === "cpu" ? "wasm" : device);

/** @param {string[]} words @returns {Entry} */
function entryOf([engine = "", device = "", network = ""]) {
  const id = /** @type {EngineId} */ (one(Object.keys(ENGINES), engine));
  return {
    engine: id,
    device: /** @type {DeviceId} */ (one(Object.keys(ENGINES[id]), deviceNamed(engine, device))),
    network: /** @type {NetworkId} */ (one(NETWORK_IDS, network)),
  };
}

/** @param {string[]} words @returns {Options} */
export function parse(words) {
  const rest = [...words];
  /** How many words each takes. @type {Record<string, number>} */
  const known = {
    quick: 0,
    memory: 1,
    isolated: 0,
    sequence: 0,
    only: 1,
    device: 1,
    network: 1,
    out: 1,
    steps: 1,
    wgsl: 1,
    profile: 3,
  };
  /** @type {Record<string, string[]>} */
  const given = {};
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const name = word.replace(/^--/, "");
    if (!word.startsWith("--") || !(name in known)) throw new UsageError(`“${word}” is no option`);
    given[name] = rest.splice(0, known[name]);
    if (given[name].length < known[name]) throw new UsageError(`--${name} needs ${known[name]} more`);
  }
  const list = (/** @type {string} */ name, /** @type {string[]} */ all) =>
    given[name]?.[0].split(",").map((w) => one(all, w)) ?? all;
  const engines = list("only", Object.keys(ENGINES));
  const devices = list("device", ["webgpu", "wasm", "cpu"]);
  const networks = list("network", NETWORK_IDS);
  const steps = Number(given.steps?.[0] ?? 5);
  if (!Number.isInteger(steps) || steps < 1) throw new UsageError("--steps is a whole number from 1");
  const memorySteps = Number(given.memory?.[0] ?? ("quick" in given ? 0 : 2000));
  if (!Number.isInteger(memorySteps) || memorySteps < 0) throw new UsageError("--memory is a whole number from 0");
  return {
    quick: "quick" in given,
    memorySteps,
    isolated: "isolated" in given,
    partial: ["only", "device", "network", "isolated"].some((name) => name in given),
    out: given.out?.[0] ?? null,
    wanted: ({ engine, device, network }) =>
      engines.includes(engine) && devices.includes(device) && networks.includes(network),
    profile: given.profile
      ? { entry: entryOf(given.profile), steps, wgsl: given.wgsl?.[0] ?? null, sequence: "sequence" in given }
      : null,
  };
}
