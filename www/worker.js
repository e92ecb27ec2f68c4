// The worker owns the wasm sessions: it turns each command into calls of the core, and answers with events. It loads
// the CPU module at the start and the GPU module with the first run on a GPU. A run never changes its device.

import { BatchSize } from "./batch-size.js";
import { FrameBudget } from "./frame-budget.js";
import { Gpu } from "./gpu.js";
import { ClassifierError, EvaluationScheduler } from "./evaluation.js";
import { DensityReporter } from "./density-reporter.js";
import { sendEvent } from "./protocol.js";
import { Stores } from "./stores.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { AdapterReport } from "./gpu.js" */
/** @import { Catalog, Command, DeviceChoice, MeasureEvery, FrameRequest, SetId, Shown } from "./protocol.js" */
/**
 * A module with its device, and what lives in its memory. `shape`: the configuration, but for its seed, whose programs are compiled.
 * @typedef {{kind: "cpu" | "webgpu", core: typeof Core, memory: WebAssembly.Memory, device: Core.Device, stores: Stores, measuring: EvaluationScheduler,
 *   shape: string}} Engine
 */
/**
 * A run; one on a density has no set of files. `history`: what was measured of it, while it stands aside.
 * @typedef {{id: number, config: import("./protocol.js").Config, engine: Engine, session: Core.Session, set: SetId | null, points: DensityReporter | null, batch: BatchSize,
 *   frames: FrameBudget, history: Core.History | null}} WorkerRun
 */

/** Pause between batches while images are loading, which leaves time for the download: about 2 MB in 15 ms. */
const LOADING_PAUSE_MS = 15;
/** Steps of a batch take this long on a GPU, beside the latency of reading their numbers. */
const GPU_BATCH_MS = 80;
/** Upper bound on the time to queue a batch for a GPU. */
const QUEUE_MS = 250;
/** More queued steps would only delay the numbers. */
const MOST_STEPS = 256;
/** Delay before a run on a GPU compiles its programs: of presets picked in quick succession only the last is compiled. */
const SETTLE_MS = 300;

/** The CPU's module. @type {typeof Core} */
let cpu;
/** @type {WebAssembly.Memory} */
let cpuMemory;
/** @type {Catalog} */
let catalog;
/** Address of the page. */
let base = "";
/** @type {Map<"cpu" | "webgpu", Engine>} */
const engines = new Map();
/** The GPU device while it is being opened. @type {Promise<Engine | {why: string, unloaded: boolean}> | null} */
let opening = null;
/** Why the GPU cannot be used any more, to be said after "because". @type {string | null} */
let gpuFailed = null;
/** @type {WorkerRun | null} */
let run = null;
/** The previous run, which Undo returns to. @type {WorkerRun | null} */
let kept = null;
/** Id of the newest requested run; an older one that is still being created is abandoned. */
let newest = 0;
/** Settled when no run is being created. @type {Promise<unknown>} */
let making = Promise.resolve();
/** How often the page wants the run evaluated. @type {MeasureEvery} */
let measureEvery = "auto";
/** @type {Shown} */
let shown = { averaged: false, marks: false, view: { type: "classes" } };
/** What frames of density runs hold. @type {FrameRequest} */
let frameRequest = { points: 400, grid: 40, field: 0, averaged: false };
/** Settled when the page has been told of the last batch. @type {Promise<void>} */
let lastBatch = Promise.resolve();
/** When the last batch's numbers had been read. */
let lastDone = 0;
/** Programs that the GPU was asked for, and has, since the worker began. */
let programs = { compiled: 0, asked: 0 };
/** The run that waits for its programs, and how many had been asked for before. @type {{run: number, before: number} | null} */
let preparing = null;

const gpu = new Gpu(
  (reason) => {
    // While a device is being opened, that is heard of where it is opened.
    if (!engines.delete("webgpu")) return;
    gpuFailed = "the GPU was lost";
    if (kept?.engine.kind === "webgpu") kept = null;
    if (run?.engine.kind === "webgpu") sendEvent({ type: "crashed", kind: "gpu-lost", message: reason });
  },
  (compiled, asked) => {
    programs = { compiled, asked };
    tellPrograms();
  },
);

self.onmessage = async ({ data: command }) => {
  try {
    await handle(command);
  } catch (error) {
    report(error, command);
  }
};
// Errors that nobody waits for: a panic in a task of the GPU's module, for instance.
self.addEventListener("unhandledrejection", (event) => uncaught(event, event.reason));
self.addEventListener("error", (event) => uncaught(event, event.error ?? event.message));

/** @param {globalThis.Event} event @param {unknown} error */
function uncaught(event, error) {
  event.preventDefault();
  // A device that could not be opened may leave a panic behind.
  if (gpu.abandoned && run?.engine.kind !== "webgpu") return;
  report(error, null);
}

/** Reports an error. After a refusal the worker goes on; any other error leaves the module unusable. @param {any} error @param {Command | null} command what it answers */
function report(error, command) {
  const answers = command?.command ?? null;
  // A device that fails while it is read is as good as lost.
  if (typeof error?.kind === "string" && error.kind !== "device") {
    const id = command && "run" in command ? command.run : null;
    return sendEvent({
      type: "refused",
      run: id,
      answers,
      kind: error.kind,
      key: error.key ?? null,
      message: error.message,
    });
  }
  sendEvent({ type: "crashed", ...whatCrashed(error) });
}

/** @param {any} error @returns {{kind: "gpu-lost" | "memory" | "error", message: string}} */
function whatCrashed(error) {
  const message = String(error?.message ?? error);
  if (run?.engine.kind === "webgpu" && (gpuFailed || error?.kind === "device"))
    return { kind: "gpu-lost", message: gpuFailed ?? message };
  const panic = (run?.engine.core ?? cpu)?.lastPanic?.();
  // A trap without a panic is an allocation that failed: see src/web/failure.rs.
  const trapped = error instanceof WebAssembly.RuntimeError && /unreachable/i.test(message);
  if (
    error instanceof RangeError ||
    (trapped && !panic) ||
    /out of memory|OutOfMemory|memory allocation/i.test(panic ?? message)
  ) {
    return { kind: "memory", message: panic ?? message };
  }
  return { kind: "error", message: panic ?? message };
}

/** @param {Command} command @returns {Promise<void> | void} */
function handle(command) {
  switch (command.type) {
    case "start":
      return start(command);
    case "create": {
      newest = command.run;
      sendEvent({ type: "accepted", run: command.run });
      const made = create(command);
      making = made.catch(() => {});
      return made;
    }
    case "resume":
      sendEvent({ type: "accepted", run: command.run });
      return resume(command);
    case "load":
      return making.then(() => storesOf(command.set).load(command.set));
    case "cancel-load":
      return making.then(() => storesOf(command.set).cancel(command.set));
    case "update":
      return update(command);
    case "train":
      return train(command);
    case "show":
      shown = command;
      return sendFrame();
    case "frame":
      return run?.id === command.run ? sendFrame() : undefined;
    case "nearest":
      return nearest(command);
    case "measure":
      measureEvery = command.every;
      run?.engine.measuring.retry();
      return refreshMarks();
    case "report":
      return evaluateNow(command.run);
    case "cancel-report":
      return run?.engine.measuring.cancel();
    case "frame-request":
      frameRequest = command.request;
      return sendFrame();
    case "walk":
      return run?.id === command.run ? run.points?.walk(command.network) : undefined;
    case "map":
      return run?.id === command.run ? run.points?.map(command.id, command.z, frameRequest.averaged) : undefined;
    case "dirac":
      return sendEvent({ type: "dirac", id: command.id, dirac: cpu.diracPortrait(command.request) });
    case "outline":
      return sendEvent({ type: "outline", config: command.config, outline: cpu.outline(command.config) });
  }
}

/** The CPU's module is small and always loaded; the GPU's only when a run is on it. @param {Command & {type: "start"}} command */
async function start(command) {
  ({ base } = command);
  cpu = await import("../pkg/cpu/counterfeit.js");
  ({ memory: cpuMemory } = await cpu.default());
  catalog = cpu.catalog();
  sendEvent({ type: "ready", catalog });
}

/** The data sets of the run's module, or of the CPU's before there is a run. @param {SetId} _set */
function storesOf(_set) {
  return (run?.engine ?? engines.get("cpu") ?? engine("cpu", cpu, cpuMemory, cpu.openCpu())).stores;
}

/** @param {"cpu" | "webgpu"} kind @param {typeof Core} core @param {WebAssembly.Memory} memory @param {Core.Device} device */
function engine(kind, core, memory, device) {
  const measuring = new EvaluationScheduler(core, {
    progress: (done, of) => run && sendEvent({ type: "measuring", run: run.id, done, of }),
    done: (measured, diagnosis, report, ms) =>
      run && sendEvent({ type: "measured", run: run.id, measured, diagnosis, report, ms }),
    failed: evaluationFailed,
    onMarksChange: refreshMarks,
  });
  /** @type {Engine} */
  const made = { kind, core, memory, device, stores: new Stores(core, catalog, base), measuring, shape: "" };
  engines.set(kind, made);
  return made;
}

/**
 * The module of a device, opened when it is first used. A GPU that cannot be opened leaves the run on the CPU, with the reason.
 * @param {DeviceChoice} choice @param {import("./protocol.js").DevicePreference} wanted @returns {Promise<{on: Engine, choice: DeviceChoice}>}
 */
async function open(choice, wanted) {
  const there = engines.get(choice.kind);
  if (there) return { on: there, choice };
  if (choice.kind === "cpu") return { on: engine("cpu", cpu, cpuMemory, cpu.openCpu()), choice };
  // An adapter gives one device: of two runs that are asked for at once, both wait for the same.
  opening ??= openGpu(wanted === "webgpu" ? "webgpu" : "auto").finally(() => {
    opening = null;
  });
  const opened = await opening;
  if (!("why" in opened)) return { on: opened, choice };
  const { why, unloaded } = opened;
  return open(
    { kind: "cpu", name: "CPU", why: `On the CPU because ${why}.`, refused: wanted === "webgpu", unloaded },
    wanted,
  );
}

/** @param {import("./gpu.js").GpuPreference} preference @returns {Promise<Engine | {why: string, unloaded: boolean}>} */
async function openGpu(preference) {
  const report = await gpu.report(preference);
  let unloaded = true;
  try {
    const core = /** @type {typeof Core} */ (/** @type {unknown} */ (await import("../pkg/webgpu/counterfeit.js")));
    const { memory } = await core.default();
    unloaded = false;
    const device = await gpu.open(preference, () => core.openDevice("webgpu", report));
    return engine("webgpu", core, memory, device);
  } catch (error) {
    const reason = String(/** @type {any} */ (error)?.message ?? error)
      .split("\n")[0]
      .replace(/\.$/, "");
    const why = unloaded
      ? `the code for the GPU could not be loaded: ${reason}`
      : `the GPU could not be opened: ${reason}`;
    // The code may come another time; a GPU's module is opened once.
    if (!unloaded) gpuFailed = why;
    return { why, unloaded };
  }
}

/** @param {Command & {type: "create"}} order @returns {Promise<void>} */
async function create(order) {
  const { run: id, command, config, drawn, device: wanted, avoid, keep } = order;
  const known = cpu.chooseDevice(wanted, config, null, avoid ?? gpuFailed ?? undefined);
  const { on, choice } = await open(
    known ?? cpu.chooseDevice(wanted, config, await gpu.report(wanted === "webgpu" ? "webgpu" : "auto"), undefined),
    wanted,
  );
  const shape = JSON.stringify({ ...config, seed: 0 });
  const compiles = on.kind === "webgpu" && shape !== on.shape;
  if (compiles) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  if (id !== newest) return;
  // A device that was lost as soon as it was there.
  if (engines.get(on.kind) !== on) return create(order);
  const made = make(id, on, config, drawn);
  standAside(keep);
  run = made;
  if (made.set) on.measuring.reset(made.set);
  freeStores();
  sendEvent({ type: "created", run: id, answers: command, config, device: choice, info: made.session.info() });
  if (compiles) return prepare(made, shape);
  await sendFrame();
}

/** @param {number} id @param {Engine} on @param {import("./protocol.js").Config} config @param {Float32Array | null} drawn @returns {WorkerRun} */
function make(id, on, config, drawn) {
  const density = catalog.toys.some((toy) => toy.id === config.data);
  const set = density ? null : /** @type {SetId} */ (config.data);
  const { core, stores, device } = on;
  const session = set
    ? new core.Session(config, stores.of(set).data, device)
    : core.Session.onDensity(config, drawn ?? undefined, device);
  const points = density ? new DensityReporter(id, session, () => run?.id === id) : null;
  return {
    id,
    config,
    engine: on,
    session,
    set,
    points,
    batch: new BatchSize(GPU_BATCH_MS, MOST_STEPS),
    frames: new FrameBudget(),
    history: null,
  };
}

/** Replaces the present run by none: keeps it for Undo, or frees it. @param {boolean} keep */
function standAside(keep) {
  run?.engine.measuring.leave();
  if (run && keep) {
    free(kept);
    kept = run;
    if (run.set) run.history = run.engine.measuring.takeHistory();
  } else free(run);
  run = null;
}

/** @param {WorkerRun | null} old */
function free(old) {
  old?.session.free();
  old?.history?.free();
}

/** Frees data sets that no run uses: 55 MB each. */
function freeStores() {
  for (const on of engines.values())
    on.stores.freeAllBut([run, kept].flatMap((r) => (r?.engine === on && r.set ? [r.set] : [])));
}

/** Returns to the previous run; the present one is kept in its place. @param {Command & {type: "resume"}} command */
async function resume({ run: id }) {
  newest = id;
  await making;
  if (newest !== id || kept?.id !== id) return;
  const back = kept;
  kept = null;
  standAside(true);
  run = back;
  if (back.set) {
    back.engine.measuring.reset(back.set);
    if (back.history) back.engine.measuring.resume(back.history);
    back.history = null;
    // Where another run's data set took its place.
    void back.engine.stores.load(back.set);
  }
  sendEvent({ type: "resumed", run: id, step: back.session.steps });
  await sendFrame();
}

/**
 * A GPU compiles its programs when they are first used: better now, while images arrive, than after Play. Those of frames and of steps
 * are asked for together. @param {WorkerRun} made @param {string} shape
 */
async function prepare(made, shape) {
  preparing = { run: made.id, before: programs.asked };
  tellPrograms();
  await Promise.all([made.session.rehearse(), sendFrame()]);
  if (run?.id !== made.id) return;
  made.engine.shape = shape;
  preparing = null;
  sendEvent({ type: "preparing", run: made.id, ...programs, done: true });
}

/** How far the GPU is with the programs of the run that is being prepared. */
function tellPrograms() {
  if (!preparing) return;
  const { run, before } = preparing;
  // Those that were asked for before are compiled first.
  const compiled = Math.max(0, programs.compiled - before);
  sendEvent({ type: "preparing", run, compiled, asked: programs.asked - before, done: false });
}

/** Changes live settings. Each change is validated alone, so that a refused one does not affect the next. @param {Command & {type: "update"}} command */
function update({ run: id, command, changes }) {
  if (run?.id !== id) return;
  const config = { ...run.config, ...changes };
  run.session.update(config);
  run.config = config;
  sendEvent({ type: "updated", run: id, answers: command, config, info: run.session.info() });
}

/** Trains a batch and reports it. Of two batches in flight the earlier is reported first. @param {Command & {type: "train"}} command */
function train(command) {
  const before = lastBatch;
  const batch = takeBatch(command);
  const tell = async () => {
    const text = await batch;
    // Whoever asked for it hears of its failure.
    await before.catch(() => {});
    if (text && run?.id === command.run) sendEvent(text);
  };
  lastBatch = tell();
  return lastBatch;
}

/**
 * Steps until the budget is spent, then reads all their numbers at once.
 * @param {Command & {type: "train"}} command
 * @returns {Promise<(import("./protocol.js").Event & {type: "trained"}) | undefined>}
 */
async function takeBatch({ run: id, command, networks, steps, budgetMs, frame }) {
  if (run?.id !== id) return undefined;
  const { session, points, engine: on, batch, frames } = run;
  const store = run.set && on.stores.of(run.set);
  const start = performance.now();
  // A GPU takes its time after a step was queued: what batches took so far says how many fit, and not how long they
  // take to queue.
  if (on.kind === "webgpu") [steps, budgetMs] = [Math.min(steps, batch.steps), QUEUE_MS];
  let done = 0;
  let waiting = null;
  try {
    while (done < steps && (done === 0 || performance.now() - start < budgetMs)) {
      if (store) session.step(store.data, networks);
      else session.stepOnDensity(networks);
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
  batch.note(done, ms);
  frames.trained(ms);
  if (numbers.divergence) {
    numbers.divergence.breakdown = await session.breakdown();
    if (run?.id !== id) return undefined;
  }
  if (frame === "always" || (frame === "if-cheap" && frames.due) || (frame && numbers.divergence)) {
    await frames.draw(sendFrame);
    if (run?.id !== id) return undefined;
  }
  if (points && !numbers.divergence) {
    await points.measure(measureEvery, frameRequest.averaged);
    if (run?.id !== id) return undefined;
  }
  if (store?.complete && !numbers.divergence) on.measuring.consider({ session, data: store.data }, measureEvery, step);
  if (store?.loading) {
    await new Promise((resolve) => setTimeout(resolve, LOADING_PAUSE_MS));
    if (run?.id !== id) return undefined;
  }
  const memory = [...engines.values()].reduce((sum, e) => sum + e.memory.buffer.byteLength, 0);
  return {
    type: "trained",
    run: id,
    answers: command,
    step,
    steps: done,
    ms,
    report: numbers,
    waiting,
    memory,
    growth: session.growth(),
  };
}

/** @param {Command & {type: "nearest"}} command */
function nearest({ run: id, id: question, pixels }) {
  if (run?.id !== id || !run.set) return;
  const { data } = run.engine.stores.of(run.set);
  const found = data.nearest(run.session, pixels);
  if (!found) return;
  const name = catalog.dataSets.find((d) => d.id === run?.set)?.classes[found.label] ?? "";
  sendEvent({ type: "nearest", run: id, id: question, ...found, label: name });
}

/** The report that the page asked for. @param {number} id */
function evaluateNow(id) {
  if (run?.id !== id || !run.set) return;
  const store = run.engine.stores.of(run.set);
  if (store.complete) run.engine.measuring.report({ session: run.session, data: store.data });
  else evaluationFailed(new ClassifierError("Measuring needs all images, and they have not all arrived yet."), true);
}

/** @param {unknown} error @param {boolean} asked whether the page asked for this measurement */
function evaluationFailed(error, asked) {
  const known = error instanceof ClassifierError || typeof (/** @type {any} */ (error).kind) === "string";
  if (!run || !known) return report(error, null);
  const cause = error instanceof ClassifierError ? error.cause : null;
  sendEvent({
    type: "measure-failed",
    run: run.id,
    message: /** @type {Error} */ (error).message,
    report: asked,
    cause,
  });
}

/** Sends the two grids, or a frame of a density run. */
async function sendFrame() {
  if (!run) return;
  const { id, session, set, points, engine: on } = run;
  if (!set) return points?.sendFrame(frameRequest);
  const [fake, real] = await Promise.all([
    session.generatedSamples(shown.averaged, shown.view, shown.truncation),
    session.realSamples(on.stores.of(set).data),
  ]);
  if (run?.id !== id) return;
  const marks = shown.marks ? on.measuring.marks(fake.pixels) : null;
  const parts = [fake, real].filter(Boolean);
  sendEvent(
    { type: "samples", run: id, fake, real, marks },
    parts.map((p) => p.pixels.buffer),
  );
}

/** Sends the grid again, since labels of its images have become available. */
function refreshMarks() {
  if (shown.marks) sendFrame().catch((error) => report(error, null));
}
