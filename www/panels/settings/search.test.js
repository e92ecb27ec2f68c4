import assert from "node:assert/strict";
import { test } from "node:test";
import { whyNot } from "./parts.js";
import { matchOf } from "./search.js";

/** @param {string} key @param {string} label @param {string} help @param {any} [values] @returns {any} */
const field = (key, label, help, values = { type: "integer", min: 1, max: 9 }) => ({ key, label, help, values });
const k = field("d_steps", "D steps per G step, k", "D steps before each G step, each on a new minibatch.");
const family = field("family", "Architecture", "The type of both networks.", {
  type: "choice",
  options: [
    { value: "dcgan", label: "DCGAN" },
    { value: "mlp", label: "fully connected" },
  ],
});
const rate = field("g_lr", "Learning rate", "Step size of G's optimizer.");

test("a setting is found by its label before its key and options, and by these before its help", () => {
  assert.equal(matchOf(rate, "learn"), 0);
  assert.equal(matchOf(rate, "LR"), 1);
  assert.equal(matchOf(family, "dcgan"), 1);
  assert.equal(matchOf(rate, "optimizer"), 2);
  assert.equal(matchOf(rate, "training rate", "Training"), 0, "its section counts as its label");
  assert.equal(matchOf(rate, "penalty"), null);
  assert.equal(matchOf(rate, "  "), null);
});

test("a short word must be a whole one", () => {
  assert.equal(matchOf(k, "k"), 0);
  assert.equal(matchOf(family, "k"), null, "networks have one in their name");
});

test("all words must be found", () => {
  assert.equal(matchOf(k, "steps k"), 0);
  assert.equal(matchOf(k, "steps rate"), null);
});

test("why a setting has no effect is said in the words of the form", () => {
  const units = { ...field("g_units", "Hidden units", ""), only: ["family", ["mlp"]] };
  const catalog = /** @type {any} */ ({ fields: [family, units] });
  assert.equal(whyNot(units, { family: "mlp" }, catalog), "");
  assert.equal(whyNot(units, { family: "dcgan" }, catalog), "Applies when Architecture is fully connected.");
  const many = { ...units, only: ["data", ["a", "b", "c", "d", "e"]] };
  assert.equal(whyNot(many, { data: "x" }, catalog), "Applies when data is a, b, c or 2 others.");
});
