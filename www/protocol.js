// The messages between the page and the worker, and the only functions that send them: the page sends commands, the
// worker sends events. Messages about a run carry its id, and the client drops those of an old run.

// The types of what the core gives come from Rust: contract.d.ts is generated from them.
/** @typedef {import("./contract").Part} Part */
/** @typedef {import("./contract").Networks} Networks */
/** @typedef {import("./contract").DevicePreference} DevicePreference */
/** @typedef {import("./contract").Space} Space */
/** @typedef {import("./contract").Field} Field */
/** @typedef {import("./contract").Preset} Preset */
/** @typedef {import("./contract").FileInfo} FileInfo */
/** @typedef {import("./contract").Fallback} Fallback */
/** @typedef {import("./contract").DataSetInfo} DataSetInfo */
/** @typedef {import("./contract").ToyInfo} ToyInfo */
/** @typedef {import("./contract").Catalog} Catalog */
/** @typedef {import("./contract").Reference} Reference */
/** @typedef {import("./contract").RunInfo} RunInfo */
/** @typedef {import("./contract").Metrics} Metrics */
/** @typedef {import("./contract").Block} Block */
/** @typedef {import("./contract").Control} Control */
/** @typedef {import("./contract").Sketch} Sketch */
/** @typedef {import("./contract").Outline} Outline */
/** @typedef {import("./contract").ImageMetrics} ImageMetrics */
/** @typedef {import("./contract").LayerGradientStats} LayerGradientStats */
/** @typedef {import("./contract").Algorithm} Algorithm */
/** @typedef {import("./contract").Output} Output */
/** @typedef {import("./contract").OutputHistogram} OutputHistogram */
/** @typedef {import("./contract").ImageEvaluation} ImageEvaluation */
/** @typedef {import("./contract").Agreement} Agreement */
/** @typedef {import("./contract").CodeRecognition} CodeRecognition */
/** @typedef {import("./contract").View} View */
/** @typedef {import("./contract").Diagnosis} Diagnosis */
/** @typedef {import("./contract").Samples} Samples */
/** @typedef {import("./contract").SampleShape} SampleShape */
/** @typedef {import("./contract").Growth} Growth */
/** @typedef {import("./contract").Modes} Modes */
/** @typedef {import("./contract").DensityMetrics} DensityMetrics */
/** @typedef {import("./contract").DensityEvaluation} DensityEvaluation */
/** @typedef {DataSetInfo["id"]} SetId */
/** @typedef {import("./contract").Config} Config the keys and values of a RunConfig; the schema describes each key */
/**
 * @typedef {import("./contract").DeviceChoice & {unloaded?: boolean, failed?: boolean}} DeviceChoice
 *   `unloaded`: the code for the GPU did not load; `failed`: the GPU did not open or was lost in this worker, and may work
 *   in another
 */
/**
 * @typedef {import("./contract").Divergence & {breakdown: import("./contract").Breakdown[]}} Divergence see
 *   src/breakdown.rs
 */
/** @typedef {{metrics: Metrics, divergence: Divergence | null}} Report */
/** @typedef {"auto" | "never" | number} MeasureEvery steps between evaluations */
/** @typedef {import("./contract").AdapterReport} AdapterReport */
/** @typedef {import("./contract").Marks} Marks */
/** @typedef {import("./contract").Frame} Frame */
/** @typedef {import("./contract").ImageContent} ImageContent */
/** @typedef {import("./contract").DensityContent} DensityContent */
/** @typedef {import("./contract").DensityFrame} DensityFrame */
/** @typedef {import("./contract").Evaluation} Evaluation */
/** @typedef {import("./contract").NearestImage} NearestImage */
/** @typedef {import("./contract").Walk} Walk */
/** @typedef {import("./contract").Mapped} Mapped */
/** @typedef {import("./contract").Dirac} Dirac */
/** @typedef {import("./contract").DiracRequest} DiracRequest */
/** @typedef {ImageContent & {marks: boolean}} Shown the generated images, with or without classifier labels */

/**
 * Whether a batch of steps ends with a frame. `if-cheap`: if the frame budget allows (frame-budget.js).
 * @typedef {"never" | "if-cheap" | "always"} FramePolicy
 */

/**
 * The page's commands. Every command has a number, to which its answer refers. In `create`, `device` is the visitor's
 * choice, `avoid` the reason not to use the GPU (null if there is none), and `keep` whether the replaced run may be
 * resumed.
 * @typedef {{command: number} & ({type: "start", base: string}
 *   | {type: "load", set: SetId}
 *   | {type: "cancel-load", set: SetId}
 *   | {type: "create", run: number, config: Config, drawn: Float32Array | null, device: DevicePreference,
 *     avoid: string | null, keep: boolean}
 *   | {type: "resume", run: number}
 *   | {type: "update", run: number, changes: Config}
 *   | {type: "train", run: number, networks: Networks, steps: number, budgetMs: number, frame: FramePolicy}
 *   | {type: "frame", run: number}
 *   | ({type: "show"} & Shown)
 *   | {type: "nearest", run: number, id: number, pixels: Uint8Array<ArrayBuffer>}
 *   | {type: "measure", run: number, every: MeasureEvery}
 *   | {type: "report", run: number}
 *   | {type: "outline", config: Config}
 *   | {type: "frame-request", run: number, request: DensityContent}
 *   | {type: "walk", run: number, network: "generator" | "discriminator"}
 *   | {type: "map", run: number, id: number, z: Float32Array}
 *   | {type: "dirac", id: number, request: DiracRequest}
 *   | {type: "cancel-report", run: number})} Command
 */
/**
 * A command without its number.
 * @typedef {Command extends infer C ? C extends Command ? Omit<C, "command"> : never : never} Unnumbered
 */

/**
 * The worker's events. `answers` is the number of the command that an event answers. `accepted`: the worker can create
 * the run. `crashed`: no more events come from this worker; `gpu-lost`: the browser lost the GPU device; `memory`: an
 * allocation failed; `no-worker`: the browser does not start a worker; `not-started`: its files did not arrive, or the
 * core did not start.
 * @typedef {{type: "ready", catalog: Catalog}
 *   | {type: "progress", set: SetId, loaded: number, total: number, source: string}
 *   | {type: "data", set: SetId, available: number, complete: boolean}
 *   | {type: "data-failed", set: SetId, kind: string, message: string}
 *   | {type: "accepted", run: number}
 *   | {type: "created", run: number, answers: number, config: Config, device: DeviceChoice, info: RunInfo}
 *   | {type: "resumed", run: number, step: number}
 *   | {type: "preparing", run: number, compiled: number, asked: number, done: boolean}
 *   | {type: "updated", run: number, answers: number, config: Config, info: RunInfo}
 *   | {type: "trained", run: number, answers: number, step: number, steps: number, ms: number, report: Report,
 *     waiting: string | null, memory: number, growth: Growth | null}
 *   | {type: "frame", run: number, frame: Frame, marks: Marks | null}
 *   | ({type: "nearest", run: number, id: number} & Omit<NearestImage, "label"> & {label: string})
 *   | {type: "measuring", run: number, done: number, of: number}
 *   | {type: "evaluation", run: number, evaluation: Evaluation, diagnosis: Diagnosis | null, report: boolean, ms: number}
 *   | {type: "measure-failed", run: number, message: string, report: boolean,
 *     cause: import("./delivery.js").Cause | null}
 *   | {type: "outline", config: Config, outline: Outline}
 *   | {type: "walk", run: number, walk: Walk}
 *   | ({type: "mapped", run: number, id: number} & Mapped)
 *   | {type: "dirac", id: number, dirac: Dirac}
 *   | {type: "refused", run: number | null, answers: number | null, kind: string, key: string | null, message: string}
 *   | {type: "crashed", kind: "gpu-lost" | "memory" | "no-worker" | "not-started" | "error", message: string}} Event
 */

/**
 * @param {Worker} worker
 * @param {Command} command
 */
export function sendCommand(worker, command) {
  worker.postMessage(command);
}

/**
 * Sends an event to the page. Runs in the worker.
 * @param {Event} event
 * @param {Transferable[]} [transfer]
 */
export function sendEvent(event, transfer = []) {
  self.postMessage(event, { transfer });
}
