// The page's model of the data sets: download progress and failure of each.

import { whenOnline } from "../delivery.js";
import { dataNotice } from "./failures.js";

/** @import { Client } from "./client.js" */
/** @import { Event, SetId } from "../protocol.js" */
/** @typedef {import("./errors.js").NoticeSink} NoticeSink */
/** @typedef {{loaded: number, total: number, source: string} | null} Progress */
/**
 * @typedef {{available: number, complete: boolean, loading: boolean, progress: Progress, failure: string | null}}
 *   LoadState
 */

/** @type {LoadState} */
const IDLE = { available: 0, complete: false, loading: false, progress: null, failure: null };

/** The failure of a data set while the worker is stopped; the notice of the run gives the reason. */
const STOPPED = "The training has stopped: start it again to load this.";

export class DataSets {
  #client;
  #notices;
  #changed;
  /** @type {Map<SetId, LoadState>} */
  #states = new Map();
  #stopped = false;

  /** @param {Client} client @param {NoticeSink} notices @param {(change: "data") => void} changed */
  constructor(client, notices, changed) {
    this.#client = client;
    this.#notices = notices;
    this.#changed = changed;
  }

  /** @param {SetId} set */
  of(set) {
    return this.#states.get(set) ?? IDLE;
  }

  /** The states of all data sets that have been requested. @returns {Record<string, LoadState>} */
  get all() {
    return Object.fromEntries(this.#states);
  }

  /** Resets the states, because a new worker holds no data. */
  forget() {
    this.#stopped = false;
    this.#states.clear();
  }

  /** Marks all downloads as stopped, because there is no worker any more. */
  stop() {
    this.#stopped = true;
    for (const [set, { loading }] of this.#states)
      if (loading) this.#patch(set, { loading: false, progress: null, failure: STOPPED });
  }

  /**
   * Downloads the missing files of a data set. Also sent for a complete set, because the worker may have freed it.
   * @param {SetId} set
   */
  load(set) {
    const { complete, loading } = this.of(set);
    if (loading) return;
    if (this.#stopped) return this.#patch(set, { failure: STOPPED });
    this.#notices.clear(`data-${set}`);
    this.#client.load(set);
    if (!complete) this.#patch(set, { loading: true, progress: null, failure: null });
  }

  /** @param {SetId} set */
  cancel(set) {
    this.#client.cancelLoad(set);
  }

  /** @param {Event & {type: "progress" | "data" | "data-failed"}} event */
  receive(event) {
    const { set } = event;
    switch (event.type) {
      case "progress":
        return this.#patch(set, { progress: event });
      case "data":
        return this.#patch(set, { available: event.available, complete: event.complete, loading: !event.complete });
      case "data-failed":
        this.#patch(set, { loading: false, progress: null, failure: event.message });
        if (event.kind === "offline") whenOnline(() => this.of(set).failure !== null && this.load(set));
        if (event.kind !== "cancelled") this.#notices.show(dataNotice(set, event.message, () => this.load(set)));
    }
  }

  /** @param {SetId} set @param {Partial<LoadState>} patch */
  #patch(set, patch) {
    this.#states.set(set, { ...this.of(set), ...patch });
    this.#changed("data");
  }
}
