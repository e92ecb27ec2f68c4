// Curves of any length in constant memory: one bucket a step at first; when there are too many, neighbours merge and each bucket
// keeps its minimum, mean and maximum. No spike is ever lost, only its exact place.

/** Twice the pixels of a wide chart: merging never shows. */
const BUCKETS = 4096;

/**
 * @typedef {{step: number, steps: number, min: number[], max: number[], sum: number[], count: number[]}} Bucket
 */

export class Series {
  /** @type {Bucket[]} */
  #buckets = [];
  /** Steps a full bucket holds. */
  #width = 1;
  #names;
  #limit;

  /** @param {string[]} names @param {number} [limit] most buckets kept */
  constructor(names, limit = BUCKETS) {
    this.#names = names;
    this.#limit = limit;
  }

  get names() {
    return this.#names;
  }

  get length() {
    return this.#buckets.length;
  }

  clear() {
    this.#buckets = [];
    this.#width = 1;
  }

  /** Adds one step; null or a value that is not finite leaves a gap. @param {number} step @param {(number | null)[]} values */
  push(step, values) {
    let last = this.#buckets.at(-1);
    if (!last || last.steps >= this.#width) {
      if (this.#buckets.length >= this.#limit) this.#merge();
      last = empty(this.#names.length);
      this.#buckets.push(last);
    }
    last.step = step;
    last.steps += 1;
    values.forEach((value, i) => {
      if (value === null || !Number.isFinite(value)) return;
      last.min[i] = Math.min(last.min[i], value);
      last.max[i] = Math.max(last.max[i], value);
      last.sum[i] += value;
      last.count[i] += 1;
    });
  }

  #merge() {
    const merged = [];
    for (let i = 0; i < this.#buckets.length; i += 2) {
      const [a, b] = [this.#buckets[i], this.#buckets[i + 1]];
      merged.push(b ? join(a, b) : a);
    }
    this.#buckets = merged;
    this.#width *= 2;
  }

  /** The last step of each bucket. */
  steps() {
    return this.#buckets.map((b) => b.step);
  }

  /** @param {number} i which curve @param {"min" | "max" | "mean"} what @returns {(number | null)[]} */
  column(i, what) {
    return this.#buckets.map((b) => (b.count[i] === 0 ? null : what === "mean" ? b.sum[i] / b.count[i] : b[what][i]));
  }

  /** One line a bucket. */
  csv() {
    const head = ["step", "steps", ...this.#names.flatMap((n) => [`${n}_mean`, `${n}_min`, `${n}_max`])];
    const columns = this.#names.map((_, i) => /** @type {const} */ (["mean", "min", "max"]).map((what) => this.column(i, what))).flat();
    const rows = this.#buckets.map((b, row) => [b.step, b.steps, ...columns.map((c) => c[row] ?? "")]);
    return [head, ...rows].map((r) => r.join(",")).join("\n") + "\n";
  }
}

/** @param {number} n @returns {Bucket} */
function empty(n) {
  const fill = (/** @type {number} */ v) => new Array(n).fill(v);
  return { step: 0, steps: 0, min: fill(Infinity), max: fill(-Infinity), sum: fill(0), count: fill(0) };
}

/** @param {Bucket} a @param {Bucket} b @returns {Bucket} */
function join(a, b) {
  return {
    step: b.step,
    steps: a.steps + b.steps,
    min: a.min.map((v, i) => Math.min(v, b.min[i])),
    max: a.max.map((v, i) => Math.max(v, b.max[i])),
    sum: a.sum.map((v, i) => v + b.sum[i]),
    count: a.count.map((v, i) => v + b.count[i]),
  };
}

/**
 * Exponential smoothing that does not start at zero: a running weighted mean, gaps skipped.
 * @param {(number | null)[]} values
 * @param {number} memory from 0 (none) to below 1
 * @returns {(number | null)[]}
 */
export function smooth(values, memory) {
  let sum = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = memory * sum + value;
    weight = memory * weight + 1;
    return sum / weight;
  });
}
