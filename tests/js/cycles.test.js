// Modules of a crate do not import each other in a circle: scripts/cycles.mjs finds where they would.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cycles, cyclesIn, graphOf, importsOf } from "../../scripts/cycles.mjs";

/** @param {Record<string, string[]>} imports */
const graph = (imports) => new Map(Object.entries(imports).map(([name, names]) => [name, new Set(names)]));

test("no crate has an import cycle", () => {
  assert.deepEqual(cycles(), []);
});

test("a planted cycle is found, of two modules and of more", () => {
  assert.deepEqual(cyclesIn(graph({ a: ["b"], b: ["a"], c: ["a"] })), [["a", "b"]]);
  assert.deepEqual(cyclesIn(graph({ a: ["b"], b: ["c"], c: ["d"], d: ["b"], e: [] })), [["b", "c", "d"]]);
  const planted = graphOf("src");
  planted.get("error")?.add("trainer");
  assert.ok(cyclesIn(planted)[0]?.includes("trainer"), "the errors would import the trainer that imports them");
});

test("imports are read from code, not from comments, texts or unit tests", () => {
  const code = `
use crate::config::{Family, RunConfig};
use crate::{data::Images, error::{Error, Result}, loss};
/// See [\`crate::trainer\`].
fn f() -> crate::metrics::Size { panic!("crate::presets") }
#[cfg(test)]
mod tests {
    use crate::schema::Field;
}
`;
  assert.deepEqual([...importsOf(code)].sort(), ["config", "data", "error", "loss", "metrics"]);
});
