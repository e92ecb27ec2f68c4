import assert from "node:assert/strict";
import { test } from "node:test";
import { applies, fromHash, onData, parseValue, presetOf, settled, toHash, wishOf } from "../../www/state.js";

/** @import { Catalog } from "../../www/protocol.js" */

const field = (/** @type {string} */ key, /** @type {any} */ values, extra = {}) =>
  ({ key, label: key.toUpperCase(), group: "data", unit: "", help: "", source: "", live: false, only: null, values, ...extra });

/** @returns {import("../../www/protocol.js").ToyInfo} */
const toy = (/** @type {string} */ id, /** @type {number} */ modes) =>
  ({ id, name: id, about: "", space: "plane", drawn: false, config: { data: id, modes, batch: 128, lr: 0.001, beta: 0.5, family: "mlp", units: 3, seed: 7 } });

/** @type {Catalog} */
const catalog = {
  fields: [
    field("batch", { type: "integer", min: 2, max: 256 }),
    field("lr", { type: "real", min: 1e-6, max: 0.1, open: false }),
    field("beta", { type: "real", min: 0, max: 1, open: true }),
    field("family", { type: "choice", options: [{ value: "mlp", label: "" }, { value: "dcgan", label: "" }] }),
    field("units", { type: "integer", min: 1, max: 10 }, { only: ["family", ["mlp"]] }),
    field("seed", { type: "integer", min: 0, max: 4294967295 }),
    field("data", { type: "choice", options: [{ value: "mnist", label: "" }, { value: "ring", label: "" }, { value: "grid", label: "" }] }),
    field("modes", { type: "integer", min: 1, max: 64 }, { only: ["data", ["ring", "grid"]] }),
  ],
  defaults: { data: "mnist", modes: 1, batch: 32, lr: 0.0002, beta: 0.5, family: "dcgan", units: 4, seed: 7 },
  presets: [{ id: "wide", group: "", name: "", look: "", source: "", config: { data: "mnist", modes: 1, batch: 64, lr: 0.0002, beta: 0.5, family: "mlp", units: 9, seed: 7 } }],
  dataSets: [],
  toys: [toy("ring", 8), toy("grid", 25)],
  first: "wide",
  needs: 5000,
};

test("an address holds only what differs, and leads back to the same configuration", () => {
  assert.equal(toHash(catalog.defaults, "auto", catalog), "data=mnist");
  const config = { ...catalog.defaults, lr: 0.001, family: "mlp" };
  const hash = toHash(config, "cpu", catalog);
  assert.equal(hash, "lr=0.001&family=mlp&device=cpu");
  assert.deepEqual(fromHash(`#${hash}`, catalog), { config, other: null, dropped: [] });
  assert.equal(wishOf({ hash: `#${hash}`, search: "" }).wish, "cpu");
});

test("a density's address holds what differs from the experiment on it", () => {
  const { config } = catalog.toys[0];
  assert.equal(toHash(config, "auto", catalog), "data=ring");
  assert.deepEqual(fromHash("data=ring", catalog).config, config);
  const slower = { ...config, lr: 0.0001 };
  assert.equal(toHash(slower, "auto", catalog), "data=ring&lr=0.0001");
  assert.deepEqual(fromHash("lr=0.0001&data=ring", catalog).config, slower);
});

test("an address without settings opens the first visitor's experiment", () => {
  assert.deepEqual(fromHash("", catalog).config, catalog.presets[0].config);
  assert.deepEqual(fromHash("#device=cpu", catalog).config, catalog.presets[0].config);
  assert.deepEqual([settled("#device=cpu"), settled("#data=mnist")], [false, true]);
});

test("another data set keeps what it can", () => {
  const ring = { ...catalog.toys[0].config, lr: 0.5, seed: 3 };
  assert.deepEqual(onData(ring, "grid", catalog), { ...ring, data: "grid", modes: 25 });
  assert.deepEqual(onData(ring, "mnist", catalog), { ...catalog.defaults, seed: 3 });
  assert.deepEqual(onData({ ...catalog.defaults, seed: 3 }, "ring", catalog), { ...catalog.toys[0].config, seed: 3 });
});

test("a malformed address loads what is valid and names the rest", () => {
  const { config, dropped } = fromHash("#batch=64&lr=abc&beta=1&family=gan&nonsense=1&%E0%A4%A=x&seed=-1&preset=none", catalog);
  assert.deepEqual(config, { ...catalog.defaults, batch: 64 });
  assert.equal(dropped.length, 7);
  for (const word of ["LR", "BETA", "FAMILY", "nonsense", "SEED", "none"]) assert.ok(dropped.some((d) => d.includes(word)), word);
});

test("a preset in the address is the base for what follows", () => {
  assert.deepEqual(fromHash("#preset=wide&batch=16", catalog).config, { ...catalog.presets[0].config, batch: 16 });
});

test("the device can stand in the query or after the hash", () => {
  assert.equal(wishOf({ hash: "", search: "?device=webgpu" }).wish, "webgpu");
  const wrong = wishOf({ hash: "#device=tpu", search: "" });
  assert.deepEqual([wrong.wish, wrong.dropped.length], ["auto", 1]);
});

test("typed values out of range are refused with the reason, never clamped", () => {
  const [batch, lr, beta, family] = catalog.fields;
  assert.deepEqual(parseValue(batch, "32"), { value: 32 });
  assert.deepEqual(parseValue(lr, "1e-4"), { value: 0.0001 });
  const cases = /** @type {const} */ ([[batch, "1"], [batch, "3.5"], [batch, ""], [batch, "0x"], [lr, "0.2"], [lr, "Infinity"], [lr, "NaN"], [beta, "1"], [family, "cnn"]]);
  for (const [f, text] of cases) assert.ok("reason" in parseValue(f, text), `${f.key} ${text}`);
});

test("presets are recognised whatever the seed, and fields only apply where they mean something", () => {
  assert.equal(presetOf({ ...catalog.presets[0].config, seed: 99 }, catalog)?.id, "wide");
  assert.equal(presetOf(catalog.defaults, catalog), undefined);
  assert.equal(applies(catalog.fields[4], catalog.defaults), false);
  assert.equal(applies(catalog.fields[4], catalog.presets[0].config), true);
});

test("an address holds a comparison, B by what it differs in", () => {
  const config = { ...catalog.defaults, batch: 64 };
  const other = { ...config, lr: 0.01, batch: 32 };
  const hash = toHash(config, "cpu", catalog, other);
  assert.equal(hash, "batch=64&b.batch=32&b.lr=0.01&device=cpu");
  assert.deepEqual(fromHash(hash, catalog), { config, other, dropped: [] });
  assert.deepEqual(fromHash("b.lr=0.01&lr=0.001", catalog).other, { ...catalog.defaults, lr: 0.01 }, "in any order");
});

test("what is no part of a comparison is named, and the rest is taken", () => {
  const some = fromHash("b.lr=0.01&b.batch=1000&b.colour=red&b.seed=3&b.preset=wide", catalog);
  assert.deepEqual(some.other, { ...catalog.defaults, lr: 0.01 });
  assert.equal(some.dropped.length, 4);
  for (const word of ["BATCH of B “1000”", "“b.colour”: there is no such setting", "“b.seed”: two runs that are compared have the same seed", "“b.preset”"]) {
    assert.ok(some.dropped.some((d) => d.includes(word)), word);
  }
  const none = fromHash("b.lr=0.0002", catalog);
  assert.deepEqual([none.other, none.dropped.length], [null, 1]);
});
