// Everything that passes between the page and the worker, and the only functions that send it. A command goes in, an
// event comes out. What concerns a run carries its id: what comes from an old run is dropped by the client.

/** @typedef {"mnist" | "fashion"} SetId */
/** @typedef {"train-images" | "train-labels" | "test-images" | "test-labels"} Part */
/** @typedef {"both" | "discriminator" | "generator"} Networks */
/** @typedef {"auto" | "cpu" | "webgpu"} DevicePreference */
/** @typedef {"images" | "plane" | "line"} Space what a data set's samples are: 28x28 pixels, points of the plane, numbers on a line */
/** @typedef {Record<string, string | number>} Config a RunConfig, key by key; the schema says what each key means */

/** @typedef {{type: "choice", options: {value: string, label: string}[]} | {type: "integer", min: number, max: number} |
 *   {type: "real", min: number, max: number, open: boolean}} Values */
/** @typedef {{key: string, label: string, group: string, unit: string, help: string, source: string, values: Values,
 *   live: boolean, only: [string, string[]] | null}} Field */
/** @typedef {{id: string, group: string, name: string, description: string, source: string, config: Config}} Preset */
/** @typedef {{part: Part, path: string, bytes: number, sha256: string}} FileInfo */
/** @typedef {{format: "idx" | "json-by-class", base: string}} Fallback */
/** @typedef {{id: SetId, name: string, about: string, train: number, test: number, classes: string[], source: string,
 *   source_url: string, licence: string, files: FileInfo[], fallback: Fallback}} DataSetInfo */
/** @typedef {{id: string, name: string, about: string, space: "plane" | "line", drawn: boolean, config: Config}} ToyInfo a known density
 *   and the experiment on it that is offered; drawn: by the visitor. What is drawn goes with `create`: points x, y, x, y, ..., or heights of
 *   equal bins over [-4, 4] */
/** @typedef {{fields: Field[], defaults: Config, presets: Preset[], dataSets: DataSetInfo[], toys: ToyInfo[], first: string,
 *   needs: number}} Catalog first: the preset that an address without settings opens */
/** @typedef {{kind: "cpu" | "webgpu", name: string, why: string, refused: boolean, unloaded?: boolean}} DeviceChoice
 *   `unloaded`: the code for the GPU could not be had */
/** @typedef {{curve: string, value: number, label: string}} Reference */
/** @typedef {{gParameters: number, dParameters: number, references: Reference[], output: Output, equilibrium: string,
 *   styles: number, space: Space}} RunInfo */
/** @typedef {{step: number[], dLoss: (number | null)[], gLoss: (number | null)[], dReal: (number | null)[], dFake: (number | null)[],
 *   entropy: (number | null)[]}} Metrics */
/** @typedef {{network: "generator" | "discriminator", step: number, what: "gradient" | "weights" | "moments" | "loss", value: string,
 *   cause: "generator" | "discriminator", breakdown: {network: "generator" | "discriminator", tensor: string, broken: number, of: number}[]}} Divergence see src/breakdown.rs */
/** @typedef {{metrics: Metrics, divergence: Divergence | null}} Report */
/** @typedef {{label: string, shape: number[], parameters: number}} Block a layer, or the input before the first */
/** @typedef {{key: string, block: number | null}} Control a setting and the block whose width it is; null: it changes how many there are */
/** @typedef {{blocks: Block[], parameters: number, controls: Control[]}} Sketch one network, see src/outline.rs */
/** @typedef {{generator: Sketch, discriminator: Sketch, problem: string | null}} Outline */
/** @typedef {"auto" | "never" | number} MeasureEvery steps between measurements */
/** @typedef {{score: number, frechet: number, kid: number, kidDeviation: number, precision: number, recall: number, density: number,
 *   coverage: number, shares: number[], entropy: number, divergence: number, diversity: number}} ImageMetrics see src/metrics/report.rs */
/** @typedef {{name: string, gradient: number, ratio: number}} LayerGradientStats see src/signals.rs */
/** @typedef {{type: "probability"} | {type: "score", threshold: number} | {type: "critic"}} Output what D's output means; see src/loss */
/** @typedef {{low: number, high: number, real: number[], fake: number[], output: Output}} OutputHistogram of D's outputs: shares of equal bins; the
 *   outermost hold what lies beyond */
/** @typedef {{step: number, n: number, classifier: number, raw: ImageMetrics, averaged: ImageMetrics, realReference: ImageMetrics,
 *   accuracy: {training: number, heldOut: number, fake: number}, meanDOutput: {training: number, heldOut: number, fake: number},
 *   signals: {generator: LayerGradientStats[], discriminator: LayerGradientStats[]}, outputs: OutputHistogram, gLoss: number,
 *   memorisationRatio: number, codes: CodeRecognition | null, agreement: Agreement | null}} ImageEvaluation see src/evaluator.rs */
/** @typedef {{pairs: number, shuffled: number}} Agreement see src/coupling.rs */
/** @typedef {{confusion: number[][], accuracy: number, purity: number, information: number | null}} CodeRecognition see src/evaluator/codes.rs */
/** @typedef {{type: "fixed"} | {type: "classes"} | {type: "sweep", code: number} | {type: "mixing", code: number}} View see src/snapshot/pictures.rs */
/** @typedef {{state: string, alarm: boolean, title: string, evidence: string, why: string,
 *   advice: {label: string, changes: Config, restart: boolean}[]}} Diagnosis see src/diagnosis.rs */
/** @typedef {{step: number, columns: number, pixels: Uint8Array<ArrayBuffer>, scores: Float32Array, classes: Uint8Array,
 *   z: Float32Array}} Samples */
/** @typedef {{averaged: boolean, marks: boolean, view: View, truncation?: number}} Shown whose pictures, whether the classifier marks them, of
 *   what, and how far a style generator's w is from its mean */
/** @typedef {{side: number, alpha: number}} Growth resolution, and how much of it has faded in; see src/growth.rs */
/** @typedef {{classes: Uint8Array, realism: Float32Array | null}} Marks what the classifier says of each image; no realism before there is
 *   a reference of real images */

/** @typedef {{points: number, grid: number, field: number, averaged: boolean}} FrameRequest what a scene is to hold: how many generated points with
 *   their arrows, nodes along a side of the maps, arrows along a side of the field (0: none), and whose points */
/**
 * What a frame of a run on points shows: see src/snapshot/density_frame.rs. Points and vectors have `width` numbers each, one after the other.
 * Maps have `side` nodes along each axis of `window`, at the centres of equal cells, row after row from the bottom; on a line, `side` in all.
 * @typedef {object} DensityFrame
 * @property {number} step
 * @property {1 | 2} width
 * @property {number} zWidth
 * @property {[number, number, number, number]} window left, right, bottom, top of what is worth seeing of the data
 * @property {Float32Array} real real points, always the same
 * @property {Float32Array} realScores what D says of each
 * @property {Float32Array} z fixed noise
 * @property {Float32Array} fake G(z)
 * @property {Float32Array} fakeScores what D says of each
 * @property {Float32Array} arrows -dL_G/dx of each: where G's loss wants it to go
 * @property {number} side nodes of the maps
 * @property {Float32Array} dOutput D at the nodes
 * @property {Float32Array} dOptimal D* = p_data / (p_data + p_g) there, of smoothed densities; NaN where both are 0; empty where the game has none
 * @property {Float32Array} pData p_data, smoothed
 * @property {Float32Array} pG p_g, from many samples, smoothed alike
 * @property {Float32Array} exact p_data as it is; empty in the plane
 * @property {number} bandwidth standard deviation of the smoothing, in units of x
 * @property {number} fieldSide
 * @property {Float32Array} field -dL_G/dx on a coarser grid, as in maps
 * @property {number} sheetSide
 * @property {Float32Array} sheetZ values of z along one side of the sheet: its first two numbers take all pairs of them, the others are 0
 * @property {Float32Array} sheet G of each, the first number of z changing fastest; of a z of one number, `sheetSide` in all
 * @property {number} gap mean |D - D*| under (p_data + p_g) / 2; NaN where the game has no D*
 * @property {number} value E log D(x) + E log(1 - D(G(z))) as the maps have it; NaN where D is no probability
 * @property {number} optimalValue the same with D* everywhere, 2 JS - log 4 of what D sees; NaN as value
 * @property {number} divergence Jensen and Shannon's divergence of the smoothed densities, in nats: at D* the value is 2 JS - log 4
 */
/** @typedef {{captured: number, strict: number, of: number, highQuality: number, reverseKl: number, spread: number,
 *   shares: number[], due: number[]}} Modes see src/measure/modes.rs */
/** @typedef {{modes: Modes | null, js: number, w1: number | null}} DensityMetrics see src/metrics/density.rs; W1 is null where the data has no mean */
/** @typedef {{step: number, n: number, generated: DensityMetrics, realReference: DensityMetrics}} DensityEvaluation of generated points, and the same of as many new real ones */
/** A step in slow motion: the minibatch that the next update of a network will use, before it. Arrays as in a scene.
 * @typedef {{network: "generator" | "discriminator", width: 1 | 2, zWidth: number, real: Float32Array, realScores: Float32Array, z: Float32Array,
 *   fake: Float32Array, fakeScores: Float32Array, arrows: Float32Array, loss: number}} Walk */
/** @typedef {{objective: string, penalty: string, weight: number, lr: number, steps: number, alternating: boolean, start: [number, number],
 *   extent: number, field: number}} DiracRequest see src/dirac.rs: field arrows along a side of [-extent, extent] squared */
/** @typedef {{path: Float32Array, field: Float32Array, eigenvalues: [number, number][] | null, circle: number | null}} Dirac
 *   path: (theta, psi) after each step, from the start on; field: the direction of simultaneous descent, row after row from the bottom;
 *   eigenvalues of its Jacobian at the equilibrium (0, 0), as [real, imaginary], null at a kink; circle: radius of the circle that the flow
 *   stays on; null where there is none */

/** Whether a batch is followed by pictures: `if-cheap`, where the time allows (frame-budget.js). @typedef {"never" | "if-cheap" | "always"} FramePolicy */

/**
 * Every command has a number, which its answer names. In `create`, `device` is what the visitor asked for, `avoid` why the GPU is not to be
 * tried, and `keep` whether the run that it replaces can be gone back to.
 * @typedef {{command: number} & ({type: "start", base: string}
 *   | {type: "load", set: SetId}
 *   | {type: "cancel-load", set: SetId}
 *   | {type: "create", run: number, config: Config, drawn: Float32Array | null, device: DevicePreference, avoid: string | null, keep: boolean}
   | {type: "resume", run: number}
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
/** A command before it is numbered. @typedef {Command extends infer C ? C extends Command ? Omit<C, "command"> : never : never} Unnumbered */

/**
 * `answers` is the number of the command that an event answers. `accepted`: the worker is free to make the run. `crashed`: nothing more comes
 * of this worker; `gpu-lost`: the browser took the device away; `memory`: an allocation failed;
 * `no-worker`: the browser starts none; `not-started`: its files did not come, or the core did not start.
 * @typedef {{type: "ready", catalog: Catalog}
 *   | {type: "progress", set: SetId, loaded: number, total: number, source: string}
 *   | {type: "data", set: SetId, available: number, complete: boolean}
 *   | {type: "data-failed", set: SetId, kind: string, message: string}
 *   | {type: "accepted", run: number}
   | {type: "created", run: number, answers: number, config: Config, device: DeviceChoice, info: RunInfo}
   | {type: "resumed", run: number, step: number}
 *   | {type: "preparing", run: number, compiled: number, asked: number, done: boolean}
 *   | {type: "updated", run: number, answers: number, config: Config, info: RunInfo}
 *   | {type: "trained", run: number, answers: number, step: number, steps: number, ms: number, report: Report, waiting: string | null, memory: number,
 *     growth: Growth | null}
 *   | {type: "samples", run: number, fake: Samples, real: Samples | null, marks: Marks | null}
 *   | {type: "nearest", run: number, id: number, index: number, distance: number, label: string, pixels: Uint8Array<ArrayBuffer>}
 *   | {type: "measuring", run: number, done: number, of: number}
 *   | {type: "measured", run: number, measured: ImageEvaluation, diagnosis: Diagnosis | null, report: boolean, ms: number}
 *   | {type: "measure-failed", run: number, message: string, report: boolean, cause: import("./delivery.js").Cause | null}
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
 * Called inside the worker.
 * @param {Event} event
 * @param {Transferable[]} [transfer]
 */
export function sendEvent(event, transfer = []) {
  self.postMessage(event, { transfer });
}
