// The data sets that the worker holds: what has arrived of each, and the downloads in progress.

import { LoadError, loadDataSet } from "./loader.js";
import { sendEvent } from "../protocol.js";

/** @import * as Core from "../../pkg/cpu/counterfeit.js" */
/** @import { Catalog, SetId } from "../protocol.js" */
/** @typedef {{data: Core.Data, complete: boolean, loading: AbortController | null}} Store */

/** Time between progress events, in milliseconds, so that chunks do not cause thousands of events per second. */
const PROGRESS_EVERY_MS = 100;

export class Stores {
  /** @type {Map<SetId, Store>} */
  #all = new Map();
  #core;
  #catalog;
  #base;

  /** @param {typeof Core} core @param {Catalog} catalog @param {string} base address of the page's own data files */
  constructor(core, catalog, base) {
    this.#core = core;
    this.#catalog = catalog;
    this.#base = base;
  }

  /** @param {SetId} set @returns {Store} */
  of(set) {
    let store = this.#all.get(set);
    if (!store) this.#all.set(set, (store = { data: new this.#core.Data(set), complete: false, loading: null }));
    return store;
  }

  /** Downloads the missing files of a data set. @param {SetId} set */
  async load(set) {
    const store = this.of(set);
    const info = this.#catalog.dataSets.find((d) => d.id === set);
    if (store.complete || store.loading || !info) return tell(set, store);
    store.loading = new AbortController();
    try {
      await loadDataSet(info, this.#base, this.#sink(set, store), store.loading.signal);
      store.complete = true;
      tell(set, store);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      sendEvent({ type: "data-failed", set, kind: error.kind, message: error.message });
    } finally {
      store.loading = null;
    }
  }

  /** @param {SetId} set */
  cancel(set) {
    this.#all.get(set)?.loading?.abort();
  }

  /**
   * Frees the data sets that no run uses, 55 MB each. Loading one again from Cache Storage takes half a second.
   * @param {SetId[]} used
   */
  freeAllBut(used) {
    for (const [set, store] of this.#all) {
      if (used.includes(set) || store.loading) continue;
      store.data.free();
      this.#all.delete(set);
    }
  }

  /** The sink that passes downloaded bytes to the data set. @param {SetId} set @param {Store} store */
  #sink(set, store) {
    const { data } = store;
    const { needs } = this.#catalog;
    let last = 0;
    return {
      push: (/** @type {any} */ part, /** @type {Uint8Array} */ bytes) => {
        const before = data.available;
        data.push(part, bytes);
        // Training may start as soon as the first block is complete.
        if (before < needs && data.available >= needs) tell(set, store);
      },
      finish: (/** @type {any} */ part) => data.finish(part),
      has: (/** @type {any} */ part) => data.isComplete(part),
      restart: (/** @type {any} */ part) => {
        const before = data.available;
        data.restart(part);
        // The blocks of a failed source are discarded.
        if (data.available < before) tell(set, store);
      },
      progress: (/** @type {number} */ loaded, /** @type {number} */ total, /** @type {string} */ source) => {
        if (loaded < total && performance.now() - last < PROGRESS_EVERY_MS) return;
        last = performance.now();
        sendEvent({ type: "progress", set, loaded, total, source });
      },
    };
  }
}

/** @param {SetId} set @param {Store} store */
function tell(set, { data, complete }) {
  sendEvent({ type: "data", set, available: data.available, complete });
}
