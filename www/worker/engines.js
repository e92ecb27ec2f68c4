// The WebAssembly modules with their devices: the CPU's is loaded at the start, the GPU's with the first run on a GPU.

import { EvaluationScheduler } from "./evaluation.js";
import { Gpu } from "./gpu.js";
import { Stores } from "../data/stores.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { Catalog, Config, DeviceChoice, DevicePreference } from "../protocol.js" */
/** @import { EvaluationCallbacks } from "./evaluation.js" */
/**
 * A WebAssembly module with its device and the data in its memory. `shape`: the configuration without its seed for
 * which the GPU programs are compiled.
 * @typedef {{kind: "cpu" | "webgpu", core: typeof Core, memory: WebAssembly.Memory, device: Core.Device,
 *   stores: Stores, evaluation: EvaluationScheduler, shape: string}} Engine
 */

export class Engines {
  /** The CPU's module. @type {typeof Core} */
  cpu = /** @type {any} */ (null);
  /** The reason why the GPU can no longer be used, shown after "because". @type {string | null} */
  gpuFailed = null;
  /** @type {Catalog} */
  catalog = /** @type {any} */ (null);
  /** @type {WebAssembly.Memory} */
  #cpuMemory = /** @type {any} */ (null);
  /** Address of the page. */
  #base = "";
  /** @type {Map<"cpu" | "webgpu", Engine>} */
  #all = new Map();
  /** The GPU device while it is being opened. @type {Promise<Engine | {why: string, unloaded: boolean}> | null} */
  #opening = null;
  #callbacks;
  #gpu;

  /**
   * @param {EvaluationCallbacks} callbacks of evaluations
   * @param {(reason: string) => void} gpuLost
   * @param {(compiled: number, asked: number) => void} compiling number of GPU programs compiled and requested
   */
  constructor(callbacks, gpuLost, compiling) {
    this.#callbacks = callbacks;
    this.#gpu = new Gpu((reason) => {
      // While a device is being opened, `#openGpu` handles its loss.
      if (!this.#all.delete("webgpu")) return;
      this.gpuFailed = "the GPU was lost";
      gpuLost(reason);
    }, compiling);
  }

  /** Loads the CPU's module, which is small. @param {string} base */
  async start(base) {
    this.#base = base;
    this.cpu = await import("../../pkg/cpu/counterfeit.js");
    ({ memory: this.#cpuMemory } = await this.cpu.default());
    this.catalog = this.cpu.catalog();
  }

  /** Whether the core no longer uses its GPU device. */
  get gpuAbandoned() {
    return this.#gpu.abandoned;
  }

  get all() {
    return [...this.#all.values()];
  }

  /** Size of the modules' memory in bytes. */
  get bytes() {
    return this.all.reduce((sum, { memory }) => sum + memory.buffer.byteLength, 0);
  }

  /** Whether a module's device has not been lost. @param {Engine} engine */
  has(engine) {
    return this.#all.get(engine.kind) === engine;
  }

  /** The CPU's module with its device. */
  get onCpu() {
    return this.#all.get("cpu") ?? this.#add("cpu", this.cpu, this.#cpuMemory, this.cpu.openCpu());
  }

  /**
   * Chooses and opens the device of a run.
   * @param {DevicePreference} wanted @param {Config} config @param {string | null} avoid
   */
  async choose(wanted, config, avoid) {
    const known = this.cpu.chooseDevice(wanted, config, null, avoid ?? this.gpuFailed ?? undefined);
    if (known) return this.#open(known, wanted);
    const report = await this.#gpu.report(wanted === "webgpu" ? "webgpu" : "auto");
    return this.#open(this.cpu.chooseDevice(wanted, config, report, undefined), wanted);
  }

  /**
   * Returns the module of a device, which is opened on first use. If the GPU does not open, returns the CPU's with the
   * reason.
   * @param {DeviceChoice} choice @param {DevicePreference} wanted @returns {Promise<{on: Engine, choice: DeviceChoice}>}
   */
  async #open(choice, wanted) {
    const there = this.#all.get(choice.kind);
    if (there) return { on: there, choice };
    if (choice.kind === "cpu") return { on: this.onCpu, choice };
    // An adapter gives only one device, so two runs that are requested at once wait for the same one.
    this.#opening ??= this.#openGpu(wanted === "webgpu" ? "webgpu" : "auto").finally(() => {
      this.#opening = null;
    });
    const opened = await this.#opening;
    if (!("why" in opened)) return { on: opened, choice };
    const { why, unloaded } = opened;
    const onCpu = { kind: /** @type {const} */ ("cpu"), name: "CPU", why: `On the CPU because ${why}.` };
    return this.#open({ ...onCpu, refused: wanted === "webgpu", unloaded }, wanted);
  }

  /**
   * @param {import("./gpu.js").GpuPreference} preference @returns {Promise<Engine | {why: string, unloaded: boolean}>}
   */
  async #openGpu(preference) {
    const report = await this.#gpu.report(preference);
    let unloaded = true;
    try {
      const core = /** @type {typeof Core} */ (
        /** @type {unknown} */ (await import("../../pkg/webgpu/counterfeit.js"))
      );
      const { memory } = await core.default();
      unloaded = false;
      const device = await this.#gpu.open(preference, () => core.openDevice("webgpu", report));
      return this.#add("webgpu", core, memory, device);
    } catch (error) {
      const reason = String(/** @type {any} */ (error)?.message ?? error)
        .split("\n")[0]
        .replace(/\.$/, "");
      const why = unloaded
        ? `the code for the GPU could not be loaded: ${reason}`
        : `the GPU could not be opened: ${reason}`;
      // Code that did not load may load later; a device is opened only once.
      if (!unloaded) this.gpuFailed = why;
      return { why, unloaded };
    }
  }

  /**
   * @param {"cpu" | "webgpu"} kind @param {typeof Core} core @param {WebAssembly.Memory} memory
   * @param {Core.Device} device
   */
  #add(kind, core, memory, device) {
    const evaluation = new EvaluationScheduler(core, this.#callbacks);
    const stores = new Stores(core, this.catalog, this.#base);
    /** @type {Engine} */
    const made = { kind, core, memory, device, stores, evaluation, shape: "" };
    this.#all.set(kind, made);
    return made;
  }
}
