// Chooses how many steps to request at once when an answer has a latency of its own. Reading from a GPU takes 0.2 ms in
// one browser and 100 ms in another. The time of a batch is modelled as latency + steps x cost, with both estimated
// from batches of different sizes. Otherwise a latency above the budget would be taken for the cost of a step, and
// would keep every batch at one step.

/**
 * Weight of a new, longer time in the estimate for its batch size. A shorter time replaces the estimate, because what
 * lengthens a batch now and then, such as compiling, is not a cost of its steps.
 */
const LONGER = 0.2;
/**
 * Lower bound of the cost of a step, as a share of the batch's time per step: with noise, two times may give a cost of
 * zero or less.
 */
const LEAST_COST = 0.02;

/** Batches that all take this multiple of the budget wait for results, or have very slow steps. */
const HIDES = 1.5;
/** Batches whose times differ by less than this factor take equally long. */
const HIDDEN = 1.25;

export class BatchSize {
  #budgetMs;
  #most;
  /** Number of steps of the next batch. */
  steps = 1;
  /** Estimated times in milliseconds, by number of queued steps. @type {Map<number, number>} */
  #times = new Map();

  /** @param {number} budgetMs time for the steps of a batch, without latency @param {number} most steps */
  constructor(budgetMs, most) {
    this.#budgetMs = budgetMs;
    this.#most = most;
  }

  /**
   * Records the time of a batch, from its first step to its results. The GPU works through the steps of the batches
   * before it first, so the time is that of all of them. The time between two results would not do: of two batches in
   * flight the second is read at once after the first.
   * @param {number} steps of the batch @param {number} ms
   * @param {number} queued steps of this batch and of those before it that were in flight when it was queued
   */
  note(steps, ms, queued = steps) {
    if (steps <= 0 || !(ms > 0)) return;
    const before = this.#times.get(queued);
    const time = before === undefined || ms < before ? ms : before + LONGER * (ms - before);
    // Newest last, so that the search below finds the newest estimate of a clearly different size.
    this.#times.delete(queued);
    this.#times.set(queued, time);
    if (this.#times.size > 4) this.#times.delete([...this.#times.keys()][0]);
    const other = [...this.#times]
      .reverse()
      .find(([n]) => n !== queued && Math.max(n, queued) >= 1.5 * Math.min(n, queued));
    // One size alone does not separate latency from cost, so the next batch has another size.
    if (!other) return this.#set(2 * steps);
    const cost = Math.max((time - other[1]) / (queued - other[0]), (LEAST_COST * time) / queued);
    const latency = Math.max(0, time - queued * cost);
    // A batch lasts as long as the budget, or as long as the latency if that is longer, so that the steps hide it.
    const wanted = Math.max(Math.floor(Math.max(this.#budgetMs, latency) / cost), this.#free * (steps / queued));
    // At most twofold; a batch may have been shorter than allowed, because only its steps were missing to a goal.
    this.#set(Math.min(Math.floor(wanted), 2 * Math.max(steps, this.steps)));
  }

  /**
   * The largest number of queued steps that took hardly longer than the fewest: they are hidden, whatever the model says.
   * A browser that looks for results every 100 ms takes that long at least, not that long in addition, so that the time
   * of a larger batch would leave no latency. 0 where the least time is that of the steps.
   */
  get #free() {
    const least = Math.min(...this.#times.values());
    if (least < HIDES * this.#budgetMs) return 0;
    return Math.max(...[...this.#times].filter(([, ms]) => ms <= HIDDEN * least).map(([n]) => n));
  }

  /** @param {number} steps */
  #set(steps) {
    this.steps = Math.max(1, Math.min(steps, this.#most));
  }
}
