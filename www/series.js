// Stores curves of any length in constant memory. At first every bucket holds one step; when the buckets are full,
// adjacent ones merge, and each keeps its minimum, mean and maximum. Every spike stays visible; only its exact step is
// lost.

/** Number of buckets: more than the width of a chart on a laptop in pixels, so that merging is hardly visible. */
const BUCKETS = 512;

export class Series {
  #names;
  #limit;
  /** Number of buckets in use. */
  #length = 0;
  /** Steps per full bucket. */
  #width = 1;
  // Allocated once, at full size, indexed by bucket and curve, so that a run of any length allocates nothing more.
  #step;
  #steps;
  #min;
  #max;
  #sum;
  #count;

  /** @param {string[]} names @param {number} [limit] largest number of buckets; even */
  constructor(names, limit = BUCKETS) {
    this.#names = names;
    this.#limit = limit;
    this.#step = new Float64Array(limit);
    this.#steps = new Float64Array(limit);
    const cells = limit * names.length;
    this.#min = new Float64Array(cells);
    this.#max = new Float64Array(cells);
    this.#sum = new Float64Array(cells);
    this.#count = new Float64Array(cells);
  }

  get length() {
    return this.#length;
  }

  clear() {
    this.#length = 0;
    this.#width = 1;
  }

  /**
   * Adds one step. A value that is null or not finite leaves a gap.
   * @param {number} step @param {(number | null)[]} values
   */
  push(step, values) {
    if (this.#length === 0 || this.#steps[this.#length - 1] >= this.#width) {
      if (this.#length >= this.#limit) this.#merge();
      this.#begin(this.#length++);
    }
    const bucket = this.#length - 1;
    this.#step[bucket] = step;
    this.#steps[bucket] += 1;
    values.forEach((value, i) => {
      if (value !== null && Number.isFinite(value)) this.#add(bucket * this.#names.length + i, value, value, value, 1);
    });
  }

  /** @param {number} bucket */
  #begin(bucket) {
    const [from, to] = [bucket * this.#names.length, (bucket + 1) * this.#names.length];
    this.#step[bucket] = this.#steps[bucket] = 0;
    this.#min.fill(Infinity, from, to);
    this.#max.fill(-Infinity, from, to);
    this.#sum.fill(0, from, to);
    this.#count.fill(0, from, to);
  }

  /** @param {number} cell @param {number} min @param {number} max @param {number} sum @param {number} count */
  #add(cell, min, max, sum, count) {
    this.#min[cell] = Math.min(this.#min[cell], min);
    this.#max[cell] = Math.max(this.#max[cell], max);
    this.#sum[cell] += sum;
    this.#count[cell] += count;
  }

  /** Merges pairs of adjacent buckets, which frees half of them. */
  #merge() {
    const n = this.#names.length;
    for (let bucket = 0; bucket < this.#limit / 2; bucket++) {
      const [a, b] = [2 * bucket, 2 * bucket + 1];
      const pairs = Array.from({ length: n }, (_, i) =>
        [a * n + i, b * n + i].map((c) => [this.#min[c], this.#max[c], this.#sum[c], this.#count[c]]),
      );
      const [step, steps] = [this.#step[b], this.#steps[a] + this.#steps[b]];
      this.#begin(bucket);
      [this.#step[bucket], this.#steps[bucket]] = [step, steps];
      pairs.forEach((pair, i) =>
        pair.forEach(([min, max, sum, count]) => this.#add(bucket * n + i, min, max, sum, count)),
      );
    }
    this.#length = this.#limit / 2;
    this.#width *= 2;
  }

  /** The last step of each bucket. */
  steps() {
    return Array.from(this.#step.subarray(0, this.#length));
  }

  /** @param {number} i which curve @param {"min" | "max" | "mean"} what @returns {(number | null)[]} */
  column(i, what) {
    const value = {
      min: (/** @type {number} */ c) => this.#min[c],
      max: (/** @type {number} */ c) => this.#max[c],
      mean: (/** @type {number} */ c) => this.#sum[c] / this.#count[c],
    }[what];
    return Array.from({ length: this.#length }, (_, bucket) => {
      const cell = bucket * this.#names.length + i;
      return this.#count[cell] === 0 ? null : value(cell);
    });
  }

  /** The curves as CSV, one line per bucket. */
  csv() {
    const head = ["step", "steps", ...this.#names.flatMap((n) => [`${n}_mean`, `${n}_min`, `${n}_max`])];
    const columns = this.#names.flatMap((_, i) =>
      /** @type {const} */ (["mean", "min", "max"]).map((what) => this.column(i, what)),
    );
    const rows = this.steps().map((step, row) => [step, this.#steps[row], ...columns.map((c) => c[row] ?? "")]);
    return `${[head, ...rows].map((r) => r.join(",")).join("\n")}\n`;
  }
}

/**
 * Exponential smoothing without a bias towards zero at the start: a running weighted mean that skips gaps.
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
