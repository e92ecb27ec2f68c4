import assert from "node:assert/strict";
import { test } from "node:test";
import { changesSince, originOfAddress, originOnData } from "../../www/app/origin.js";

/** @param {string} key @param {any} [only] @returns {any} */
const field = (key, only = null) => ({ key, label: key, values: { type: "choice", options: [] }, only });
const digits = { data: "mnist", lr: "slow", units: "8", seed: 7 };
const ring = { data: "ring", lr: "fast", units: "4", seed: 7 };
const catalog = /** @type {any} */ ({
  fields: [field("data"), field("lr"), field("units", ["lr", ["fast"]]), field("seed")],
  defaults: digits,
  first: "ring",
  presets: [
    { id: "ring", name: "A ring", config: ring },
    { id: "wgan", name: "WGAN", config: { ...digits, lr: "fast" } },
  ],
  toys: [
    { id: "ring", name: "ring", space: "plane", config: ring },
    { id: "moons", name: "two moons", space: "plane", config: { ...ring, data: "moons" } },
  ],
  dataSets: [
    { id: "mnist", name: "MNIST" },
    { id: "fashion", name: "Fashion-MNIST" },
  ],
});

test("an address comes from the preset that it names or equals, else from the default of its data", () => {
  const origin = (/** @type {string} */ hash, /** @type {any} */ config) => originOfAddress(hash, config, catalog).name;
  assert.equal(origin("", ring), "A ring", "a first visit");
  assert.equal(origin("#preset=wgan&units=9", { ...digits, lr: "fast", units: "9" }), "WGAN");
  assert.equal(origin("#data=ring", { ...ring, seed: 9 }), "A ring", "whatever the seed");
  assert.equal(origin("#data=mnist", digits), "the default of “MNIST”");
  assert.equal(origin("#data=moons&lr=slow", { ...ring, data: "moons", lr: "slow" }), "the default of “two moons”");
});

test("other data of the same kind keep the origin, another kind brings its own", () => {
  const wgan = { name: "WGAN", config: { ...digits, lr: "fast" } };
  assert.equal(originOnData(wgan, { ...wgan.config, data: "fashion" }, catalog), wgan);
  assert.equal(originOnData(wgan, ring, catalog).name, "A ring");
  assert.equal(originOnData(null, { ...ring, data: "moons" }, catalog).name, "the default of “two moons”");
});

test("what was changed applies on one side at least, and the seed is no change", () => {
  const origin = { name: "", config: digits };
  const changed = (/** @type {any} */ config) => changesSince(origin, config, catalog).map(({ key }) => key);
  assert.deepEqual(changed({ ...digits, seed: 9, units: "9" }), []);
  assert.deepEqual(changed({ ...digits, lr: "fast", units: "9" }), ["lr", "units"]);
});
