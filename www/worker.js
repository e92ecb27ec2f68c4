// Owns the wasm session: a command comes in, a call is made, an event goes out. One worker has one device for its whole life.

import { reportAdapter } from "./adapter.js";
import { watchCompilations } from "./compilations.js";
import { ClassifierError, Measuring } from "./measuring.js";
import { PointRun } from "./points-run.js";
import { sendEvent } from "./protocol.js";
import { Stores } from "./stores.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { Catalog, Command, MeasureEvery, SceneWish, SetId, Shown } from "./protocol.js" */

/** A pause between batches while data is arriving, so that the download gets its turn: 15 ms take in about 2 MB. */
const LOADING_PAUSE_MS = 15;

/** @type {typeof Core} */
let core;
/** The module's linear memory. @type {WebAssembly.Memory} */
let memory;
/** @type {Core.Device} */
let device;
/** What the device is. @type {"cpu" | "webgpu"} */
let kind;
/** @type {Catalog} */
let catalog;
/** @type {Stores} */
let stores;
/** A run on points has no set of files. @type {{id: number, session: Core.Session, set: SetId | null, points: PointRun | null, msPerStep: number} | null} */
let run = null;
/** @type {Measuring} */
let measuring;
/** How often the page wants the run measured. @type {MeasureEvery} */
let measureEvery = "auto";
/** @type {Shown} */
let shown = { averaged: false, marks: false, view: { type: "classes" } };
/** What scenes of runs on points hold. @type {SceneWish} */
let wish = { points: 400, grid: 40, field: 0, averaged: false };
/** Settled when the page has been told of the last batch. @type {Promise<void>} */
let lastBatch = Promise.resolve();
/** When the last batch's numbers had been read. */
let lastDone = 0;
/** The configuration, but for its seed, for which the GPU's programs are compiled. */
let rehearsed = "";
/** Programs that the GPU was asked for, and has, since the worker began. */
let programs = { compiled: 0, asked: 0 };
/** The run that waits for its programs, and how many had been asked for before. @type {{run: number, before: number} | null} */
let preparing = null;

self.onmessage = async ({ data: command }) => {
  try {
    await handle(command);
  } catch (error) {
    report(error, "run" in command ? command.run : null);
  }
};

/** A refusal keeps the worker; anything else (a panic in the core) leaves it unusable. @param {any} error @param {number | null} id */
function report(error, id) {
  if (typeof error?.kind === "string") {
    sendEvent({ type: "refused", run: id, kind: error.kind, key: error.key ?? null, message: error.message });
  } else {
    sendEvent({ type: "crashed", message: String(error?.message ?? error) });
  }
}

/** @param {Command} command @returns {Promise<void> | void} */
function handle(command) {
  switch (command.type) {
    case "start": return start(command);
    case "load": return stores.load(command.set);
    case "cancel-load": return stores.cancel(command.set);
    case "create": return create(command);
    case "update": return update(command);
    case "train": return train(command);
    case "show":
      shown = command;
      return look();
    case "look": return run?.id === command.run ? look() : undefined;
    case "nearest": return nearest(command);
    case "measure":
      measureEvery = command.every;
      if (run) measuring.retry();
      return mark();
    case "report": return measureNow(command.run);
    case "cancel-report": return measuring.cancel();
    case "scene":
      wish = command.wish;
      return look();
    case "walk": return run?.id === command.run ? run.points?.walk(command.player) : undefined;
    case "map": return run?.id === command.run ? run.points?.map(command.id, command.z, wish.averaged) : undefined;
    case "dirac": return sendEvent({ type: "dirac", id: command.id, dirac: core.diracPortrait(command.wish) });
    case "outline": return sendEvent({ ...command, outline: core.outline(command.config) });
  }
}

/** The CPU's code is small and always loaded; the GPU's only when it will be used. @param {Command & {type: "start"}} command */
async function start(command) {
  const cpu = await import("../pkg/cpu/counterfeit.js");
  const [report, cpuModule] = await Promise.all([reportAdapter(), cpu.default()]);
  memory = cpuModule.memory;
  catalog = cpu.catalog();
  const choice = cpu.chooseDevice(command.wish, report);
  core = cpu;
  if (choice.kind === "webgpu") {
    watchCompilations((compiled, asked) => {
      programs = { compiled, asked };
      tellPrograms();
    });
    const gpu = await import("../pkg/webgpu/counterfeit.js");
    ({ memory } = await gpu.default());
    core = /** @type {typeof Core} */ (/** @type {unknown} */ (gpu));
  }
  kind = choice.kind;
  device = await core.openDevice(kind);
  stores = new Stores(core, catalog, command.base);
  measuring = new Measuring(core, {
    progress: (done, of) => run && sendEvent({ type: "measuring", run: run.id, done, of }),
    done: (measured, diagnosis, report, ms) => run && sendEvent({ type: "measured", run: run.id, measured, diagnosis, report, ms }),
    failed: measureFailed,
    marking: mark,
  });
  sendEvent({ type: "ready", catalog, device: choice });
}

/** @param {Command & {type: "create"}} command */
async function create({ run: id, config, drawn }) {
  const onPoints = catalog.toys.some((toy) => toy.id === config.data);
  const set = onPoints ? null : /** @type {SetId} */ (config.data);
  const session = set ? new core.Session(config, stores.of(set).data, device) : core.Session.onPoints(config, drawn ?? undefined, device);
  run?.session.free();
  run = { id, session, set, points: onPoints ? new PointRun(id, session, () => run?.id === id) : null, msPerStep: 0 };
  if (set) measuring.reset(set);
  stores.freeAllBut(set);
  sendEvent({ type: "created", run: id, info: session.info() });
  if (kind === "cpu") return look();
  // A GPU compiles its programs when they are first used: better now, while images arrive, than after Play.
  const shape = JSON.stringify({ ...config, seed: 0 });
  if (shape === rehearsed) return look();
  preparing = { run: id, before: programs.asked };
  tellPrograms();
  await look();
  if (run?.id !== id) return;
  await session.rehearse();
  rehearsed = shape;
  if (preparing?.run !== id) return;
  preparing = null;
  sendEvent({ type: "preparing", run: id, ...programs, done: true });
}

/** How far the GPU is with the programs of the run that is being prepared. */
function tellPrograms() {
  if (!preparing) return;
  const { run, before } = preparing;
  // Those that were asked for before are compiled first.
  const compiled = Math.max(0, programs.compiled - before);
  sendEvent({ type: "preparing", run, compiled, asked: programs.asked - before, done: false });
}

/** @param {Command & {type: "update"}} command */
function update({ run: id, config }) {
  if (run?.id !== id) return;
  run.session.update(config);
  sendEvent({ type: "updated", run: id, info: run.session.info() });
}

/** The batch before is told of first, although two are on their way. @param {Command & {type: "train"}} command */
function train(command) {
  const before = lastBatch;
  const batch = takeBatch(command);
  const tell = async () => {
    const told = await batch;
    // Whoever asked for it hears of its failure.
    await before.catch(() => {});
    if (told && run?.id === command.run) sendEvent(told);
  };
  lastBatch = tell();
  return lastBatch;
}

/**
 * Steps until the budget is spent, then reads all their numbers at once.
 * @param {Command & {type: "train"}} command
 * @returns {Promise<(import("./protocol.js").Event & {type: "trained"}) | undefined>}
 */
async function takeBatch({ run: id, players, steps, budgetMs, samples }) {
  if (run?.id !== id) return undefined;
  const { session, points } = run;
  const store = run.set && stores.of(run.set);
  const start = performance.now();
  // A GPU takes its time after a step was queued: what it took last says how many fit.
  steps = Math.min(steps, Math.max(1, Math.round(budgetMs / run.msPerStep)));
  let done = 0;
  let waiting = null;
  try {
    while (done < steps && (done === 0 || performance.now() - start < budgetMs)) {
      if (store) session.step(store.data, players);
      else session.stepOnPoints(players);
      done++;
    }
  } catch (error) {
    if (/** @type {any} */ (error).kind !== "not-enough-data") throw error;
    waiting = /** @type {Error} */ (error).message;
  }
  // Before waiting: the next request may queue more steps meanwhile.
  const step = session.steps;
  const numbers = await session.metrics();
  // Since the batch before was done, or since this one began.
  const ms = performance.now() - Math.max(start, lastDone);
  lastDone = performance.now();
  // Whenever something was waited for, the run may have been replaced meanwhile, and its session freed.
  if (run?.id !== id) return undefined;
  if (kind === "webgpu" && done > 0) run.msPerStep = ms / done;
  if (numbers.divergence) {
    numbers.divergence.breakdown = await session.breakdown();
    if (run?.id !== id) return undefined;
  }
  if (samples) {
    await look();
    if (run?.id !== id) return undefined;
  }
  if (points && !numbers.divergence) {
    await points.measure(measureEvery, wish.averaged);
    if (run?.id !== id) return undefined;
  }
  if (store?.complete && !numbers.divergence) measuring.consider({ session, data: store.data }, measureEvery, step);
  if (store?.loading) {
    await new Promise((resolve) => setTimeout(resolve, LOADING_PAUSE_MS));
    if (run?.id !== id) return undefined;
  }
  return { type: "trained", run: id, step, steps: done, ms, report: numbers, waiting, memory: memory.buffer.byteLength, growth: session.growth() };
}

/** @param {Command & {type: "nearest"}} command */
function nearest({ run: id, id: question, pixels }) {
  if (run?.id !== id || !run.set) return;
  const { data } = stores.of(run.set);
  const found = data.nearest(run.session, pixels);
  if (!found) return;
  const name = catalog.dataSets.find((d) => d.id === run?.set)?.classes[found.label] ?? "";
  sendEvent({ type: "nearest", run: id, id: question, ...found, label: name });
}

/** The report that the page asked for. @param {number} id */
function measureNow(id) {
  if (run?.id !== id || !run.set) return;
  const store = stores.of(run.set);
  if (store.complete) measuring.report({ session: run.session, data: store.data });
  else measureFailed(new ClassifierError("Measuring needs all images, and they have not all arrived yet."), true);
}

/** @param {unknown} error @param {boolean} asked whether the page asked for this measurement */
function measureFailed(error, asked) {
  const known = error instanceof ClassifierError || typeof (/** @type {any} */ (error).kind) === "string";
  if (!run || !known) return report(error, run?.id ?? null);
  const cause = error instanceof ClassifierError ? error.cause : null;
  sendEvent({ type: "measure-failed", run: run.id, message: /** @type {Error} */ (error).message, report: asked, cause });
}

/** Sends the two grids, or a scene. */
async function look() {
  if (!run) return;
  const { id, session, set, points } = run;
  if (!set) return points?.look(wish);
  const [forged, genuine] = await Promise.all([session.forged(shown.averaged, shown.view, shown.truncation), session.genuine(stores.of(set).data)]);
  if (run?.id !== id) return;
  const marks = shown.marks ? measuring.marks(forged.pixels) : null;
  const parts = [forged, genuine].filter(Boolean);
  sendEvent({ type: "samples", run: id, forged, genuine, marks }, parts.map((p) => p.pixels.buffer));
}

/** More can be said of the grid than before. */
function mark() {
  if (shown.marks) look().catch((error) => report(error, run?.id ?? null));
}
