// The worker's runs: the present one, and the previous one, which Undo returns to. Turns commands into calls of their
// sessions.

import { sendEvent } from "../protocol.js";
import { BatchSize } from "../pace/batch-size.js";
import { Batches, pause } from "./batches.js";
import { ClassifierError } from "./classifiers.js";
import { DensityEvaluation } from "./density-evaluation.js";
import { Engines } from "./engines.js";
import { FrameBudget } from "../pace/frame-budget.js";
import { Programs } from "./programs.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { Command, Config, DensityContent, MeasureEvery, SetId, Shown } from "../protocol.js" */
/** @import { Engine } from "./engines.js" */
/**
 * A run. `set` and `density` are null for a run on a density and on images, respectively.
 * @typedef {{id: number, config: Config, engine: Engine, session: Core.Session, set: SetId | null,
 *   density: DensityEvaluation | null, batch: BatchSize, frames: FrameBudget}} WorkerRun
 */

/** Time for the steps of a batch on a GPU, in milliseconds, without the latency of reading the results. */
const GPU_BATCH_MS = 80;
/** Most steps of a batch. More would only delay the results. */
const MOST_STEPS = 256;
/**
 * Delay in milliseconds before a GPU run compiles its programs, so that of several presets selected quickly only the
 * last is compiled.
 */
const SETTLE_MS = 300;
/** Time limit in milliseconds for the last steps of a run that is being replaced; on the CPU they take tens. */
const LAST_BATCH_MS = 1000;

export class SessionOwner {
  #report;
  /** @type {WorkerRun | null} */
  run = null;
  /** @type {WorkerRun | null} */
  #kept = null;
  /** Id of the newest requested run; an older one that is still being created is abandoned. */
  newest = 0;
  /** Settled when no run is being created. @type {Promise<unknown>} */
  #making = Promise.resolve();
  /** How often the run is evaluated. @type {MeasureEvery} */
  #every = "auto";
  /** @type {Shown} */
  #shown = { averaged: false, marks: false, view: { type: "classes" } };
  /** The content of frames of density runs. @type {DensityContent} */
  #content = { points: 400, grid: 40, field: 0, averaged: false };
  #batches = new Batches(this);
  #programs = new Programs();
  engines = new Engines(
    {
      progress: (done, of) => this.run && sendEvent({ type: "measuring", run: this.run.id, done, of }),
      done: (evaluated) => this.run && sendEvent({ type: "evaluation", run: this.run.id, ...evaluated }),
      failed: (error, report) => this.#evaluationFailed(error, report),
      onMarksChange: () => this.#refreshMarks(),
    },
    (reason) => this.#gpuLost(reason),
    (compiled, asked) => this.#programs.note(compiled, asked),
  );

  /** @param {(error: unknown) => void} report called with errors of work that no command waits for */
  constructor(report) {
    this.#report = report;
  }

  /** @param {string} reason */
  #gpuLost(reason) {
    if (this.#kept?.engine.kind === "webgpu") this.#kept = null;
    if (this.run?.engine.kind === "webgpu") sendEvent({ type: "crashed", kind: "gpu-lost", message: reason });
  }

  /** @param {Command} command @returns {Promise<void> | void} */
  handle(command) {
    switch (command.type) {
      case "start":
        return this.#start(command.base);
      case "create":
        return this.#accept(command);
      case "resume":
        sendEvent({ type: "accepted", run: command.run });
        return this.#resume(command.run);
      case "load":
        return this.#making.then(() => this.#stores.load(command.set));
      case "cancel-load":
        return this.#making.then(() => this.#stores.cancel(command.set));
      case "show":
        this.#shown = command;
        return this.sendFrame();
      case "frame-request":
        this.#content = command.request;
        return this.sendFrame();
      case "measure":
        this.#every = command.every;
        this.run?.engine.evaluation.retry();
        return this.#refreshMarks();
      case "cancel-report":
        return this.run?.engine.evaluation.cancel();
      case "dirac":
        return sendEvent({ type: "dirac", id: command.id, dirac: this.engines.cpu.diracPortrait(command.request) });
      case "outline":
        return this.#outline(command.config);
      default:
        return this.run?.id === command.run ? this.#ask(this.run, command) : undefined;
    }
  }

  /**
   * Turns a command about the present run into a call of its session.
   * @param {WorkerRun} run
   * @param {Command & {type: "train" | "update" | "frame" | "nearest" | "report" | "walk" | "map"}} command
   */
  #ask(run, command) {
    switch (command.type) {
      case "train":
        return this.#batches.train(command);
      case "update":
        return this.#update(run, command);
      case "frame":
        return this.sendFrame();
      case "nearest":
        return this.#nearest(run, command);
      case "report":
        return this.#evaluateNow(run);
      case "walk":
        return run.density ? walk(run, command.network) : undefined;
      case "map":
        return run.density ? map(run, command, this.#content.averaged) : undefined;
    }
  }

  /** @param {string} base address of the page */
  async #start(base) {
    await this.engines.start(base);
    sendEvent({ type: "ready", catalog: this.engines.catalog });
  }

  /** @param {Config} config */
  #outline(config) {
    sendEvent({ type: "outline", config, outline: this.engines.cpu.outline(config) });
  }

  /** The data sets of the run's module, or of the CPU's before there is a run. */
  get #stores() {
    return (this.run?.engine ?? this.engines.onCpu).stores;
  }

  /** Whether a run has not been replaced, and its session not freed. @param {WorkerRun} run */
  isPresent(run) {
    return this.run?.id === run.id;
  }

  /** @param {Command & {type: "create"}} command */
  #accept(command) {
    this.newest = command.run;
    sendEvent({ type: "accepted", run: command.run });
    const made = this.#create(command);
    this.#making = made.catch(() => {});
    return made;
  }

  /** @param {Command & {type: "create"}} order @returns {Promise<void>} */
  async #create(order) {
    const { run: id, command, config, drawn, device: wanted, avoid, keep } = order;
    const { on, choice } = await this.engines.choose(wanted, config, avoid);
    const shape = JSON.stringify({ ...config, seed: 0 });
    const compiles = on.kind === "webgpu" && shape !== on.shape;
    await Promise.all([
      compiles && pause(SETTLE_MS),
      // The last steps of the previous run are reported first; a GPU that does not answer is not waited for.
      Promise.race([this.#batches.last.catch(() => {}), pause(LAST_BATCH_MS)]),
    ]);
    if (id !== this.newest) return;
    // The device was lost right after it was opened: choose again.
    if (!this.engines.has(on)) return this.#create(order);
    const made = this.#make(id, on, config, drawn);
    this.#standAside(keep);
    this.run = made;
    if (made.set) on.evaluation.reset(made.set);
    this.#freeStores();
    const device = { ...choice, failed: this.engines.gpuFailed !== null };
    sendEvent({ type: "created", run: id, answers: command, config, device, info: made.session.info() });
    if (compiles) return this.#prepare(made, shape);
    await this.sendFrame();
  }

  /**
   * @param {number} id @param {Engine} on @param {Config} config @param {Float32Array | null} drawn
   * @returns {WorkerRun}
   */
  #make(id, on, config, drawn) {
    const { core, stores, device } = on;
    const isDensity = this.engines.catalog.toys.some((toy) => toy.id === config.data);
    const set = isDensity ? null : /** @type {SetId} */ (config.data);
    const session = set
      ? new core.Session(config, stores.of(set).data, device)
      : core.Session.onDensity(config, drawn ?? undefined, device);
    const evaluator = core.Evaluator.ofDensity(session);
    const density = evaluator ? new DensityEvaluation(session, evaluator, () => this.run?.id === id) : null;
    const [batch, frames] = [new BatchSize(GPU_BATCH_MS, MOST_STEPS), new FrameBudget()];
    return { id, config, engine: on, session, set, density, batch, frames };
  }

  /** Removes the present run: keeps it for Undo, or frees it. @param {boolean} keep */
  #standAside(keep) {
    this.run?.engine.evaluation.leave();
    if (this.run && keep) {
      free(this.#kept);
      this.#kept = this.run;
    } else free(this.run);
    this.run = null;
  }

  /** Frees data sets that no run uses: 55 MB each. */
  #freeStores() {
    for (const on of this.engines.all)
      on.stores.freeAllBut([this.run, this.#kept].flatMap((r) => (r?.engine === on && r.set ? [r.set] : [])));
  }

  /** Returns to the previous run; the present one is kept in its place. @param {number} id */
  async #resume(id) {
    // A run that is being created sees this and is abandoned, so that there is nothing to wait for.
    this.newest = id;
    if (this.run?.id !== id) {
      if (this.#kept?.id !== id) return;
      const back = this.#kept;
      this.#kept = null;
      this.#standAside(true);
      this.run = back;
      if (back.set) {
        back.engine.evaluation.reset(back.set);
        // Its data set may not have arrived completely.
        void back.engine.stores.load(back.set);
      }
    }
    sendEvent({ type: "resumed", run: id, step: this.run.session.steps });
    await this.sendFrame();
  }

  /**
   * Compiles the GPU programs of a run while its images are loading, and not after Play. The programs of frames and of
   * steps are requested together.
   * @param {WorkerRun} made @param {string} shape
   */
  async #prepare(made, shape) {
    this.#programs.begin(made.id);
    await Promise.all([made.session.rehearse(), this.sendFrame()]);
    if (!this.isPresent(made)) return;
    made.engine.shape = shape;
    this.#programs.end(made.id);
  }

  /**
   * Changes live settings. Each change is validated alone, so that a refused one does not affect the next.
   * @param {WorkerRun} run @param {Command & {type: "update"}} command
   */
  #update(run, { run: id, command, changes }) {
    const config = { ...run.config, ...changes };
    run.session.update(config);
    run.config = config;
    sendEvent({ type: "updated", run: id, answers: command, config, info: run.session.info() });
  }

  /** @param {WorkerRun} run @param {Command & {type: "nearest"}} command */
  #nearest(run, { run: id, id: question, pixels }) {
    /** @type {import("../protocol.js").NearestImage | null} */
    const found = run.session.nearest(pixels);
    if (!found) return;
    const names = this.engines.catalog.dataSets.find((d) => d.id === run.set)?.classes;
    sendEvent({ type: "nearest", run: id, id: question, ...found, label: names?.[found.label ?? -1] ?? "" });
  }

  /** Evaluates a run after a batch of steps, if an evaluation is due. @param {WorkerRun} run @param {number} step */
  async evaluateIfDue(run, step) {
    const { density, set, engine, session } = run;
    if (density) {
      const found = await this.#batches.otherWork.during(() => density.consider(this.#every, this.#content.averaged));
      if (found && this.isPresent(run)) sendEvent({ type: "evaluation", run: run.id, ...found, report: false });
    } else if (set && engine.stores.of(set).complete) engine.evaluation.consider(session, this.#every, step);
  }

  /** Starts the report that the page has requested. @param {WorkerRun} run */
  #evaluateNow({ set, engine, session }) {
    if (!set) return;
    if (engine.stores.of(set).complete) return engine.evaluation.report(session);
    const reason = "Measuring needs all images, and they have not all arrived yet.";
    this.#evaluationFailed(new ClassifierError(reason), true);
  }

  /** @param {unknown} error @param {boolean} asked whether the page has requested this evaluation */
  #evaluationFailed(error, asked) {
    const known = error instanceof ClassifierError || typeof (/** @type {any} */ (error).kind) === "string";
    if (!this.run || !known) return this.#report(error);
    const cause = error instanceof ClassifierError ? error.cause : null;
    const { message } = /** @type {Error} */ (error);
    sendEvent({ type: "measure-failed", run: this.run.id, message, report: asked, cause });
  }

  /** Sends a frame of the present run. */
  sendFrame() {
    return this.#batches.otherWork.during(() => this.#drawFrame());
  }

  async #drawFrame() {
    const { run } = this;
    if (!run) return;
    /** @type {import("../protocol.js").Frame} */
    const frame = await run.session.frame({ images: this.#shown, density: this.#content });
    if (!this.isPresent(run)) return;
    if (frame.type === "density") return sendEvent({ type: "frame", run: run.id, frame, marks: null });
    const marks = this.#shown.marks ? run.engine.evaluation.marks(frame.fake.pixels) : null;
    const pixels = [frame.fake, ...(frame.real ? [frame.real] : [])].map((samples) => samples.pixels.buffer);
    sendEvent({ type: "frame", run: run.id, frame, marks }, pixels);
  }

  /** Sends the grid again, because labels of its images have become available. */
  #refreshMarks() {
    if (this.#shown.marks) this.sendFrame().catch((error) => this.#report(error));
  }
}

/** @param {WorkerRun | null} old */
function free(old) {
  old?.density?.free();
  old?.session.free();
}

/**
 * Sends the minibatch of the next update, for slow motion.
 * @param {WorkerRun} run @param {"generator" | "discriminator"} network
 */
async function walk({ id, session }, network) {
  sendEvent({ type: "walk", run: id, walk: await session.walk(network) });
}

/** Sends G(z) of some z. @param {WorkerRun} run @param {Command & {type: "map"}} command @param {boolean} averaged */
async function map({ id, session }, { id: question, z }, averaged) {
  sendEvent({ type: "mapped", run: id, id: question, ...(await session.map(z, averaged)) });
}
