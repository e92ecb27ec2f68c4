// The worker owns the wasm sessions: it turns each command into calls of the core, and answers with events. It loads
// the CPU module at the start and the GPU module with the first run on a GPU. A run never changes its device.

import { BatchSize } from "./batch-size.js";
import { FrameBudget } from "./frame-budget.js";
import { Gpu } from "./gpu.js";
import { OtherWork, negligible } from "./other-work.js";
import { ClassifierError, EvaluationScheduler } from "./evaluation.js";
import { DensityReporter } from "./density-reporter.js";
import { sendEvent } from "./protocol.js";
import { Stores } from "./stores.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { AdapterReport } from "./gpu.js" */
/** @import { Catalog, Command, DeviceChoice, MeasureEvery, FrameRequest, SetId, Shown } from "./protocol.js" */
/**
 * A WebAssembly module with its device and the data in its memory. `shape`: the configuration without its seed for
 * which the GPU programs are compiled.
 * @typedef {{kind: "cpu" | "webgpu", core: typeof Core, memory: WebAssembly.Memory, device: Core.Device,
 *   stores: Stores, measuring: EvaluationScheduler, shape: string}} Engine
 */
/**
 * A run. `set` is null for a density; `history` holds the evaluations of a run that was replaced.
 * @typedef {{id: number, config: import("./protocol.js").Config, engine: Engine, session: Core.Session, set: SetId |
 *   null, points: DensityReporter | null, batch: BatchSize, frames: FrameBudget, history: Core.History | null}}
 *   WorkerRun
 */

/**
 * Pause between batches while images are loading, in milliseconds. It leaves time for the download: about 2 MB in 15
 * ms.
 */
const LOADING_PAUSE_MS = 15;
/** Time for the steps of a batch on a GPU, in milliseconds, without the latency of reading the results. */
const GPU_BATCH_MS = 80;
/** Longest time to queue a batch for a GPU, in milliseconds. */
const QUEUE_MS = 250;
/** Most steps of a batch. More would only delay the results. */
const MOST_STEPS = 256;
/**
 * Delay in milliseconds before a GPU run compiles its programs, so that of several presets selected quickly only the
 * last is compiled.
 */
const SETTLE_MS = 300;

/** Time limit in milliseconds for the last steps of a run that is being replaced; on the CPU they take tens. */
const LAST_BATCH_MS = 1000;

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
/** The reason why the GPU can no longer be used, shown after "because". @type {string | null} */
let gpuFailed = null;
/** @type {WorkerRun | null} */
let run = null;
/** The previous run, which Undo returns to. @type {WorkerRun | null} */
let kept = null;
/** Id of the newest requested run; an older one that is still being created is abandoned. */
let newest = 0;
/** Settled when no run is being created. @type {Promise<unknown>} */
let making = Promise.resolve();
/** How often the run is evaluated. @type {MeasureEvery} */
let measureEvery = "auto";
/** @type {Shown} */
let shown = { averaged: false, marks: false, view: { type: "classes" } };
/** The content of frames of density runs. @type {FrameRequest} */
let frameRequest = { points: 400, grid: 40, field: 0, averaged: false };
/** Settled when the last batch has been reported to the page. @type {Promise<void>} */
let lastBatch = Promise.resolve();
/** Time at which the results of the last batch were read. */
let lastDone = 0;
/** Frames and evaluations, which share the device with the steps. */
const otherWork = new OtherWork();
/** Steps that were queued and whose results were not read yet. */
let unread = 0;
/** Number of GPU programs compiled and requested since the worker started. */
let programs = { compiled: 0, asked: 0 };
/**
 * The run whose programs are being compiled, and the number of programs requested before it.
 * @type {{run: number, before: number} | null}
 */
let preparing = null;

const gpu = new Gpu(
  (reason) => {
    // While a device is being opened, `openGpu` handles its loss.
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
// Handles errors without a caller, such as a panic in an asynchronous task of the GPU's module.
self.addEventListener("unhandledrejection", (event) => uncaught(event, event.reason));
self.addEventListener("error", (event) => uncaught(event, event.error ?? event.message));

/** @param {globalThis.Event} event @param {unknown} error */
function uncaught(event, error) {
  event.preventDefault();
  // A device that did not open may cause a panic later; ignore it.
  if (gpu.abandoned && run?.engine.kind !== "webgpu") return;
  report(error, null);
}

/**
 * Reports an error. After a refusal the worker continues; any other error makes the module unusable.
 * @param {any} error @param {Command | null} command the command that failed
 */
function report(error, command) {
  const answers = command?.command ?? null;
  // A device that fails during a read counts as lost.
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
  // A trap without a panic means that an allocation failed: see src/web/failure.rs.
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

/**
 * Loads the CPU's module, which is small. The GPU's module is loaded with the first run on a GPU.
 * @param {Command & {type: "start"}} command
 */
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

/**
 * @param {"cpu" | "webgpu"} kind @param {typeof Core} core @param {WebAssembly.Memory} memory
 * @param {Core.Device} device
 */
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
 * Returns the module of a device, which is opened on first use. If the GPU does not open, returns the CPU's with the
 * reason.
 * @param {DeviceChoice} choice @param {import("./protocol.js").DevicePreference} wanted
 * @returns {Promise<{on: Engine, choice: DeviceChoice}>}
 */
async function open(choice, wanted) {
  const there = engines.get(choice.kind);
  if (there) return { on: there, choice };
  if (choice.kind === "cpu") return { on: engine("cpu", cpu, cpuMemory, cpu.openCpu()), choice };
  // An adapter gives only one device, so two runs that are requested at once wait for the same one.
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

/**
 * @param {import("./gpu.js").GpuPreference} preference @returns {Promise<Engine | {why: string, unloaded: boolean}>}
 */
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
    // Code that did not load may load later; a device is opened only once.
    if (!unloaded) gpuFailed = why;
    return { why, unloaded };
  }
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

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
  await Promise.all([
    compiles && pause(SETTLE_MS),
    // The last steps of the previous run are reported first; a GPU that does not answer is not waited for.
    Promise.race([lastBatch.catch(() => {}), pause(LAST_BATCH_MS)]),
  ]);
  if (id !== newest) return;
  // The device was lost right after it was opened: choose again.
  if (engines.get(on.kind) !== on) return create(order);
  const made = make(id, on, config, drawn);
  standAside(keep);
  run = made;
  if (made.set) on.measuring.reset(made.set);
  freeStores();
  const device = { ...choice, failed: gpuFailed !== null };
  sendEvent({ type: "created", run: id, answers: command, config, device, info: made.session.info() });
  if (compiles) return prepare(made, shape);
  await sendFrame();
}

/**
 * @param {number} id @param {Engine} on @param {import("./protocol.js").Config} config
 * @param {Float32Array | null} drawn @returns {WorkerRun}
 */
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

/** Removes the present run: keeps it for Undo, or frees it. @param {boolean} keep */
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
  // A run that is being created sees this and is abandoned, so that there is nothing to wait for.
  newest = id;
  if (run?.id !== id) {
    if (kept?.id !== id) return;
    const back = kept;
    kept = null;
    standAside(true);
    run = back;
    if (back.set) {
      back.engine.measuring.reset(back.set);
      if (back.history) back.engine.measuring.resume(back.history);
      back.history = null;
      // Its data set may have been freed for another run.
      void back.engine.stores.load(back.set);
    }
  }
  sendEvent({ type: "resumed", run: id, step: run.session.steps });
  await sendFrame();
}

/**
 * Compiles the GPU programs of a run while its images are loading, and not after Play. The programs of frames and of
 * steps are requested together.
 * @param {WorkerRun} made @param {string} shape
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

/** Reports the progress of compiling the run's programs. */
function tellPrograms() {
  if (!preparing) return;
  const { run, before } = preparing;
  // Programs are compiled in the order of their requests.
  const compiled = Math.max(0, programs.compiled - before);
  sendEvent({ type: "preparing", run, compiled, asked: programs.asked - before, done: false });
}

/**
 * Changes live settings. Each change is validated alone, so that a refused one does not affect the next.
 * @param {Command & {type: "update"}} command
 */
function update({ run: id, command, changes }) {
  if (run?.id !== id) return;
  const config = { ...run.config, ...changes };
  run.session.update(config);
  run.config = config;
  sendEvent({ type: "updated", run: id, answers: command, config, info: run.session.info() });
}

/**
 * Trains a batch and reports it. Of two batches in flight the earlier is reported first.
 * @param {Command & {type: "train"}} command
 */
function train(command) {
  const before = lastBatch;
  const batch = takeBatch(command);
  const tell = async () => {
    const text = await batch;
    // The failure of the earlier batch is reported by its own call.
    await before.catch(() => {});
    if (text && run?.id === command.run) sendEvent(text);
  };
  lastBatch = tell();
  return lastBatch;
}

/**
 * Trains until the budget is spent, then reads all results at once.
 * @param {Command & {type: "train"}} command
 * @returns {Promise<(import("./protocol.js").Event & {type: "trained"}) | undefined>}
 */
async function takeBatch({ run: id, command, networks, steps, budgetMs, frame }) {
  if (run?.id !== id) return undefined;
  const { session, points, engine: on, batch, frames } = run;
  const store = run.set ? on.stores.of(run.set) : null;
  const start = performance.now();
  const otherBefore = otherWork.ms;
  // Queuing a step takes less time than the GPU needs for it, so the number of steps follows from the times of earlier
  // batches, not from the time to queue.
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
  // Read before any await, because the next request may queue more steps in the meantime.
  const step = session.steps;
  const queued = (unread += done);
  const numbers = await session.metrics().finally(() => {
    unread -= done;
  });
  // Time since the previous batch was done, or since this one began if that is later.
  const ms = performance.now() - Math.max(start, lastDone);
  lastDone = performance.now();
  // After every await, check that the run has not been replaced and its session freed.
  if (run?.id !== id) return undefined;
  if (negligible(otherWork.ms - otherBefore, lastDone - start)) batch.note(done, lastDone - start, queued);
  frames.trained(ms);
  if (numbers.divergence) {
    numbers.divergence.breakdown = await session.breakdown();
    if (run?.id !== id) return undefined;
  }
  /** @returns {import("./protocol.js").Event & {type: "trained"}} */
  const trained = () => ({
    type: "trained",
    run: id,
    answers: command,
    step,
    steps: done,
    ms,
    report: numbers,
    waiting,
    memory: [...engines.values()].reduce((sum, e) => sum + e.memory.buffer.byteLength, 0),
    growth: session.growth(),
  });
  // The run is being replaced: its steps are reported, and nothing is drawn or evaluated any more.
  if (newest !== id) return trained();
  if (frame === "always" || (frame === "if-cheap" && frames.due) || numbers.divergence) {
    await frames.draw(sendFrame);
    if (run?.id !== id) return undefined;
  }
  if (points && !numbers.divergence) {
    await otherWork.during(() => points.measure(measureEvery, frameRequest.averaged));
    if (run?.id !== id) return undefined;
  }
  if (store?.complete && !numbers.divergence) on.measuring.consider({ session, data: store.data }, measureEvery, step);
  if (store?.loading) {
    await pause(LOADING_PAUSE_MS);
    if (run?.id !== id) return undefined;
  }
  return trained();
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

/** Starts the report that the page has requested. @param {number} id */
function evaluateNow(id) {
  if (run?.id !== id || !run.set) return;
  const store = run.engine.stores.of(run.set);
  if (store.complete) run.engine.measuring.report({ session: run.session, data: store.data });
  else evaluationFailed(new ClassifierError("Measuring needs all images, and they have not all arrived yet."), true);
}

/** @param {unknown} error @param {boolean} asked whether the page has requested this evaluation */
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
function sendFrame() {
  return otherWork.during(drawFrame);
}

async function drawFrame() {
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

/** Sends the grid again, because labels of its images have become available. */
function refreshMarks() {
  if (shown.marks) sendFrame().catch((error) => report(error, null));
}
