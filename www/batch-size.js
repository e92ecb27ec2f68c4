// How many steps to ask for at once where an answer takes a while whatever is asked, as reading a GPU does: 0.2 ms in
// one browser, 100 in another. The time of a batch is taken as latency + steps x cost, and both are estimated from
// batches of different sizes, so that latency is not mistaken for the cost of a step. (Were it, a latency longer than
// the budget would keep every batch at one step.)

/** How much the estimate of a batch size's time moves towards a longer one. A shorter one is taken as it is: what makes a batch longer
 * now and then, compiling for instance, is no cost of its steps. */
const LONGER = 0.2;
/** A cost is never taken as less than this share of the time of a step: two noisy times may give none, or less than none. */
const LEAST_COST = 0.02;

export class BatchSize {
  #budgetMs;
  #most;
  /** Steps of the next batch. */
  steps = 1;
  /** Estimated time of batches, by their number of steps. @type {Map<number, number>} */
  #times = new Map();

  /** @param {number} budgetMs how long the steps of a batch may take, without latency @param {number} most steps */
  constructor(budgetMs, most) {
    this.#budgetMs = budgetMs;
    this.#most = most;
  }

  /** A batch of so many steps took so long, from asking to the answer. @param {number} steps @param {number} ms */
  note(steps, ms) {
    if (steps <= 0 || !(ms > 0)) return;
    const before = this.#times.get(steps);
    const time = before === undefined || ms < before ? ms : before + LONGER * (ms - before);
    // The newest last; of two sizes that are alike the older says nothing more.
    this.#times.delete(steps);
    this.#times.set(steps, time);
    if (this.#times.size > 4) this.#times.delete([...this.#times.keys()][0]);
    const other = [...this.#times]
      .reverse()
      .find(([n]) => n !== steps && Math.max(n, steps) >= 1.5 * Math.min(n, steps));
    // Of one size alone nothing can be told: the next is another.
    if (!other) return this.#set(2 * steps);
    const cost = Math.max((time - other[1]) / (steps - other[0]), (LEAST_COST * time) / steps);
    const latency = Math.max(0, time - steps * cost);
    // As long as the budget says, or as long as the latency that the steps are to hide.
    this.#set(Math.min(Math.floor(Math.max(this.#budgetMs, latency) / cost), 2 * steps));
  }

  /** @param {number} steps */
  #set(steps) {
    this.steps = Math.max(1, Math.min(steps, this.#most));
  }
}
