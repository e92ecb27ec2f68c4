// The page's state as plain data under `window.counterfeit.state`. It serves end-to-end tests, which would otherwise
// parse the page, and people who report faults from the browser's console. It is read-only.

import { phase } from "../views/status.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Run } from "./run.js" */
/** @import { Config } from "../protocol.js" */
/**
 * @typedef {{step: number, phase: string, config: Config | null, device: import("../protocol.js").DeviceChoice | null,
 *   alive: boolean, lost: {kind: string, message: string} | null, refusal: string | null,
 *   divergence: import("../protocol.js").Divergence | null, waiting: string | null,
 *   diagnosis: {state: string, alarm: boolean, title: string} | null, losses: number, shown: number | null,
 *   data: Record<string, import("./data-sets.js").LoadState>}} RunState `losses`: number of buckets of the curves;
 *   `shown`: the step of the visible pictures
 */
/**
 * @typedef {{playing: boolean, slow: boolean, canTrain: boolean, config: Config, devicePreference: string,
 *   preset: string | null, hash: string, choosing: boolean, before: {step: number, config: Config | null} | null,
 *   runs: RunState[], notices: {kind: string, tone: string, text: string, actions: string[]}[],
 *   events: {ms: number, change: string, run: number}[], counts: Record<string, number>}} PageState `events`: the
 *   latest events; `counts`: number of events of each kind
 */

/** Number of latest events that are kept. */
const EVENTS = 200;

export class Inspector {
  #experiment;
  #notices;
  /** @type {PageState["events"]} */
  #events = [];
  /** @type {Record<string, number>} */
  #counts = {};

  /** @param {Experiment} experiment @param {import("./errors.js").Notices} notices */
  constructor(experiment, notices) {
    this.#experiment = experiment;
    this.#notices = notices;
  }

  /** Records a change. @param {string} change @param {Run} run */
  note(change, run) {
    this.#events.push({ ms: Math.round(performance.now()), change, run: this.#experiment.runs.indexOf(run) });
    this.#counts[change] = (this.#counts[change] ?? 0) + 1;
    if (this.#events.length > EVENTS) this.#events.shift();
  }

  /** The experiments of the gallery. */
  get presets() {
    return this.#experiment.catalog?.presets.map(({ id, name, group }) => ({ id, name, group })) ?? [];
  }

  /** @returns {PageState} */
  get state() {
    const { playing, slow, canTrain, config, devicePreference, preset, hash, choosing, runs, before } =
      this.#experiment;
    return {
      playing,
      slow,
      canTrain,
      devicePreference,
      hash,
      choosing,
      config: { ...config },
      preset: preset?.id ?? null,
      before: before && { step: before.of.step, config: before.of.running },
      runs: runs.map((run) => stateOf(run, playing)),
      notices: this.#notices.list.map(({ kind, text, tone = "error", actions = [] }) => ({
        kind,
        tone,
        text,
        actions: actions.map((a) => a.label),
      })),
      events: [...this.#events],
      counts: { ...this.#counts },
    };
  }
}

/** @param {Run} run @param {boolean} playing @returns {RunState} */
function stateOf(run, playing) {
  const {
    step,
    running,
    device,
    alive,
    lost,
    refusal,
    divergence,
    waiting,
    series,
    quality: { diagnosis },
    data,
  } = run;
  return {
    step,
    device,
    alive,
    refusal,
    divergence,
    waiting,
    lost: lost && { kind: lost.kind, message: lost.message },
    phase: phase(run, playing),
    config: running && { ...running },
    diagnosis: diagnosis && { state: diagnosis.state, alarm: diagnosis.alarm, title: diagnosis.title },
    losses: series.length,
    shown: run.shownStep ?? null,
    data: data.all,
  };
}
