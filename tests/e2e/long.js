// Tests of `make test-long`: other cases of a kind that `make test` tries once or twice, and what takes long.

import { test } from "node:test";

/**
 * As `test`, but only run by `make test-long`, which chooses tests by this beginning of their names; left out and said
 * so elsewhere.
 * @param {string} name @param {...any} rest as of `test`: options if any, then the function
 */
export function long(name, ...rest) {
  const run = rest.pop();
  const skip = process.env.LONG ? false : "long: make test-long";
  return test(`long: ${name}`, { ...rest[0], skip }, run);
}

/**
 * `test` for the first cases of a table, `long` for the others. The first are chosen to differ most.
 * @param {number} i place in the table @param {number} [quick] how many are always run
 */
export const ofTable = (i, quick = 1) => (i < quick ? test : long);
