// The data sets that the worker holds: what of each has arrived, and what is on its way.

import { LoadError, loadDataSet } from "./loader.js";
import { sendEvent } from "./protocol.js";

/** @import * as Core from "../pkg/cpu/counterfeit.js" */
/** @import { Catalog, SetId } from "./protocol.js" */
/** @typedef {{data: Core.Data, complete: boolean, loading: AbortController | null}} Store */

/** Progress is news ten times a second, not a thousand times. */
const PROGRESS_EVERY_MS = 100;

export class Stores {
  /** @type {Map<SetId, Store>} */
  #all = new Map();
  #core;
  #catalog;
  #base;

  /** @param {typeof Core} core @param {Catalog} catalog @param {string} base where the page's own data lies */
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

  /** Fetches what is not there yet. @param {SetId} set */
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

  /** A data set that no run uses is 55 MB of nothing; it comes back from Cache Storage in half a second. @param {SetId[]} used */
  freeAllBut(used) {
    for (const [set, store] of this.#all) {
      if (used.includes(set) || store.loading) continue;
      store.data.free();
      this.#all.delete(set);
    }
  }

  /** Where the loader puts what arrives. @param {SetId} set @param {Store} store */
  #sink(set, store) {
    const { data } = store;
    const { needs } = this.#catalog;
    let last = 0;
    return {
      push: (/** @type {any} */ part, /** @type {Uint8Array} */ bytes) => {
        const before = data.available;
        data.push(part, bytes);
        // Training may start the moment the first block is there.
        if (before < needs && data.available >= needs) tell(set, store);
      },
      finish: (/** @type {any} */ part) => data.finish(part),
      has: (/** @type {any} */ part) => data.isComplete(part),
      restart: (/** @type {any} */ part) => {
        const before = data.available;
        data.restart(part);
        // What a source brought before it failed is no longer there.
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
