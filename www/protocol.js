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
/**
 * @typedef {{averaged: boolean, marks: boolean, view: View, truncation?: number}} Shown the generated images: of G or
 *   its EMA, with or without classifier labels, the view, and for a style generator the truncation psi, which scales
 *   the distance of w from its mean
 */
/**
 * @typedef {{classes: Uint8Array, realism: Float32Array | null}} Marks the predicted class and the realism score of
 *   each image; `realism` is null until the real-data reference is computed
 */

/**
 * @typedef {{points: number, grid: number, field: number, averaged: boolean}} FrameRequest the requested content of a
 *   frame: number of generated points with their gradients, nodes per axis of the maps, nodes per axis of the gradient
 *   field (0 for none), and whether the points are those of the EMA
 */
/**
 * The content of a frame of a density run: see src/snapshot/density_frame.rs. Arrays of points and vectors hold `width`
 * numbers per item. Maps have `side` nodes per axis of `window`, at the centres of equal cells, in rows from the
 * bottom; in 1-D, `side` nodes in all.
 * @typedef {object} DensityFrame
 * @property {number} step
 * @property {1 | 2} width
 * @property {number} zWidth
 * @property {[number, number, number, number]} window left, right, bottom, top of the part of data space that is shown
 * @property {Float32Array} real a fixed set of real points
 * @property {Float32Array} realScores D's output for each
 * @property {Float32Array} z fixed noise
 * @property {Float32Array} fake G(z)
 * @property {Float32Array} fakeScores D's output for each
 * @property {Float32Array} arrows -dL_G/dx of each: the direction in which G's loss falls fastest
 * @property {number} side nodes per axis of the maps
 * @property {Float32Array} dOutput D at the nodes
 * @property {Float32Array} dOptimal D* = p_data / (p_data + p_g) at the nodes, from the smoothed densities, with D's
 *   instance noise; NaN where both are 0; empty if the loss has no D*
 * @property {Float32Array} pData p_data at the nodes, smoothed
 * @property {Float32Array} pG p_g at the nodes, estimated from many samples with the same smoothing
 * @property {Float32Array} exact p_data without smoothing; empty in 2-D
 * @property {number} bandwidth standard deviation of the smoothing, in units of x
 * @property {number} fieldSide
 * @property {Float32Array} field -dL_G/dx on a grid of `fieldSide` nodes per axis, in the order of the maps
 * @property {number} sheetSide
 * @property {Float32Array} sheetZ values of a latent coordinate along one side of the generator manifold: the first two
 *   coordinates of z take all pairs of them, the others are 0
 * @property {Float32Array} sheet G(z) of each, with the first coordinate changing fastest; with a latent dimension of
 *   1, `sheetSide` points in all
 * @property {number} gap mean |D - D*| under (p_data + p_g) / 2; NaN if the loss has no D*
 * @property {number} value E log D(x) + E log(1 - D(G(z))) computed from the maps; NaN if D's output is not a
 *   probability, or with packing
 * @property {number} optimalValue the same with D* in place of D: 2 JS - log 4, with D's instance noise; NaN if
 *   `value` is NaN
 * @property {number} divergence Jensen-Shannon divergence of the smoothed densities, in nats
 */
/**
 * The minibatch of the next update of a network, computed before the update, for slow motion. Arrays as in a frame.
 * @typedef {{network: "generator" | "discriminator", width: 1 | 2, zWidth: number, real: Float32Array,
 *   realScores: Float32Array, z: Float32Array, fake: Float32Array, fakeScores: Float32Array, arrows: Float32Array,
 *   loss: number}} Walk
 */
/**
 * @typedef {{objective: string, penalty: string, weight: number, lr: number, steps: number, alternating: boolean,
 *   start: [number, number], extent: number, field: number}} DiracRequest see src/dirac.rs; `field`: arrows along a
 *   side of the square [-extent, extent]²
 */
/**
 * @typedef {{path: Float32Array, field: Float32Array, eigenvalues: [number, number][] | null, circle: number | null}}
 *   Dirac `path`: (theta, psi) at the start and after each step; `field`: the direction of simultaneous gradient
 *   descent, in rows from the bottom; `eigenvalues` of the field's Jacobian at the equilibrium (0, 0), as [real,
 *   imaginary], null if the loss has a kink there; `circle`: radius of the circle that the flow stays on, null if there
 *   is none
 */

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
 *   | {type: "frame-request", run: number, request: FrameRequest}
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
 *   | {type: "samples", run: number, fake: Samples, real: Samples | null, marks: Marks | null}
 *   | {type: "nearest", run: number, id: number, index: number, distance: number, label: string,
 *     pixels: Uint8Array<ArrayBuffer>}
 *   | {type: "measuring", run: number, done: number, of: number}
 *   | {type: "measured", run: number, measured: ImageEvaluation, diagnosis: Diagnosis | null, report: boolean,
 *     ms: number}
 *   | {type: "measure-failed", run: number, message: string, report: boolean,
 *     cause: import("./delivery.js").Cause | null}
 *   | {type: "outline", config: Config, outline: Outline}
 *   | {type: "snapshot", run: number, snapshot: DensityFrame}
 *   | {type: "density-evaluation", run: number, evaluation: DensityEvaluation, diagnosis: Diagnosis}
 *   | {type: "walk", run: number, walk: Walk}
 *   | {type: "mapped", run: number, id: number, points: Float32Array, scores: Float32Array, arrows: Float32Array}
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
