// Everything that passes between the page and the worker, and the only functions that send it.
// A command goes in, an event comes out. What concerns a run carries its id: what comes from an old run is dropped by the client.

/** @typedef {"mnist" | "fashion"} SetId */
/** @typedef {"train-images" | "train-labels" | "test-images" | "test-labels"} Part */
/** @typedef {"both" | "discriminator" | "generator"} Players */
/** @typedef {"auto" | "cpu" | "webgpu"} Wish */
/** @typedef {Record<string, string | number>} Config a RunConfig, key by key; the schema says what each key means */

/** @typedef {{type: "choice", options: {value: string, label: string}[]} | {type: "integer", min: number, max: number} |
 *   {type: "real", min: number, max: number, open: boolean}} Values */
/** @typedef {{key: string, label: string, group: string, unit: string, help: string, source: string, values: Values,
 *   live: boolean, only: [string, string] | null}} Field */
/** @typedef {{id: string, name: string, look: string, source: string, config: Config}} Preset */
/** @typedef {{part: Part, path: string, bytes: number, sha256: string}} FileInfo */
/** @typedef {{format: "idx" | "json-by-class", base: string}} Fallback */
/** @typedef {{id: SetId, name: string, about: string, train: number, test: number, classes: string[], source: string,
 *   source_url: string, licence: string, files: FileInfo[], fallback: Fallback}} DataSetInfo */
/** @typedef {{fields: Field[], defaults: Config, presets: Preset[], dataSets: DataSetInfo[], needs: number}} Catalog */
/** @typedef {{kind: "cpu" | "webgpu", name: string, why: string, refused: boolean}} DeviceChoice */
/** @typedef {{curve: string, value: number, label: string}} Reference */
/** @typedef {{gParameters: number, dParameters: number, references: Reference[]}} RunInfo */
/** @typedef {{step: number[], dLoss: (number | null)[], gLoss: (number | null)[], dReal: (number | null)[], dFake: (number | null)[]}} Metrics */
/** @typedef {{player: "generator" | "discriminator", step: number, value: string, cause: "generator" | "discriminator"}} Divergence */
/** @typedef {{metrics: Metrics, divergence: Divergence | null}} Report */
/** @typedef {{step: number, pixels: Uint8Array<ArrayBuffer>, scores: Float32Array, z: Float32Array}} Samples */

/**
 * @typedef {{type: "start", wish: Wish, base: string}
 *   | {type: "load", set: SetId}
 *   | {type: "cancel-load", set: SetId}
 *   | {type: "create", run: number, config: Config}
 *   | {type: "update", run: number, config: Config}
 *   | {type: "train", run: number, players: Players, steps: number, budgetMs: number, samples: boolean}
 *   | {type: "look", run: number}} Command
 */

/**
 * @typedef {{type: "ready", catalog: Catalog, device: DeviceChoice}
 *   | {type: "progress", set: SetId, loaded: number, total: number, source: string}
 *   | {type: "data", set: SetId, available: number, complete: boolean}
 *   | {type: "data-failed", set: SetId, kind: string, message: string}
 *   | {type: "created", run: number, info: RunInfo}
 *   | {type: "preparing", run: number, compiled: number, asked: number, done: boolean}
 *   | {type: "updated", run: number, info: RunInfo}
 *   | {type: "trained", run: number, step: number, steps: number, ms: number, report: Report, waiting: string | null, memory: number}
 *   | {type: "samples", run: number, forged: Samples, genuine: Samples | null}
 *   | {type: "refused", run: number | null, kind: string, key: string | null, message: string}
 *   | {type: "crashed", message: string}} Event
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
