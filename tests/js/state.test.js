import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_IN_ADDRESS } from "../../www/data/drawn.js";
import { addressNotice } from "../../www/app/failures.js";
import {
  applies,
  explain,
  fromHash,
  missingInAddress,
  onData,
  parseValue,
  presetOf,
  settled,
  toHash,
  deviceFromAddress,
} from "../../www/app/state.js";
import { BINS, example } from "../../www/dialogs/draw-density/bins.js";

/** @import { Catalog, Field } from "../../www/protocol.js" */

/** @returns {Field} */
const field = (/** @type {string} */ key, /** @type {any} */ values, extra = {}) => ({
  key,
  label: key.toUpperCase(),
  group: "data",
  unit: "",
  help: "",
  source: "",
  live: false,
  basic: false,
  only: null,
  values,
  ...extra,
});

/** What an address without remarks and drawn data adds. */
const NOTHING = { notes: [], drawn: {}, undrawn: null };

/** @returns {import("../../www/protocol.js").ToyInfo} */
const toy = (
  /** @type {string} */ id,
  /** @type {number} */ modes,
  drawn = false,
  space = /** @type {"plane" | "line"} */ ("plane"),
) => ({
  id,
  name: id,
  about: "",
  space,
  drawn,
  config: { data: id, modes, batch: 128, lr: 0.001, beta: 0.5, family: "mlp", units: 3, seed: 7 },
});

/** @type {Catalog} */
const catalog = {
  fields: [
    field("batch", { type: "integer", min: 2, max: 256 }),
    field("lr", { type: "real", min: 1e-6, max: 0.1, open: false }),
    field("beta", { type: "real", min: 0, max: 1, open: true }),
    field("family", {
      type: "choice",
      options: [
        { value: "mlp", label: "" },
        { value: "dcgan", label: "" },
      ],
    }),
    field("units", { type: "integer", min: 1, max: 10 }, { only: ["family", ["mlp"]] }),
    field("seed", { type: "integer", min: 0, max: 4294967295 }),
    field("data", {
      type: "choice",
      options: [
        { value: "mnist", label: "" },
        { value: "ring", label: "" },
        { value: "grid", label: "" },
        { value: "drawn", label: "" },
        { value: "normal", label: "" },
        { value: "curve", label: "" },
      ],
    }),
    field("modes", { type: "integer", min: 1, max: 64 }, { only: ["data", ["ring", "grid"]] }),
  ],
  defaults: { data: "mnist", modes: 1, batch: 32, lr: 0.0002, beta: 0.5, family: "dcgan", units: 4, seed: 7 },
  presets: [
    {
      id: "wide",
      group: "",
      name: "",
      description: "",
      source: "",
      config: { data: "mnist", modes: 1, batch: 64, lr: 0.0002, beta: 0.5, family: "mlp", units: 9, seed: 7 },
    },
  ],
  dataSets: [],
  toys: [
    toy("ring", 8),
    toy("grid", 25),
    toy("drawn", 1, true),
    toy("normal", 1, false, "line"),
    toy("curve", 1, true, "line"),
  ],
  first: "wide",
  needs: 5000,
};

test("an address holds only what differs, and leads back to the same configuration", () => {
  assert.equal(toHash(catalog.defaults, "auto", catalog), "data=mnist");
  const config = { ...catalog.defaults, lr: 0.001, family: "mlp" };
  const hash = toHash(config, "cpu", catalog);
  assert.equal(hash, "lr=0.001&family=mlp&device=cpu");
  assert.deepEqual(fromHash(`#${hash}`, catalog), { config, other: null, dropped: [], ...NOTHING });
  assert.equal(deviceFromAddress({ hash: `#${hash}`, search: "" }).devicePreference, "cpu");
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
  const { config, dropped } = fromHash(
    "#batch=64&lr=abc&beta=1&family=gan&nonsense=1&%E0%A4%A=x&seed=-1&preset=none",
    catalog,
  );
  assert.deepEqual(config, { ...catalog.defaults, batch: 64 });
  assert.equal(dropped.length, 7);
  for (const word of ["LR", "BETA", "FAMILY", "nonsense", "SEED", "none"])
    assert.ok(
      dropped.some((d) => d.includes(word)),
      word,
    );
});

test("a preset in the address is the base for what follows", () => {
  assert.deepEqual(fromHash("#preset=wide&batch=16", catalog).config, { ...catalog.presets[0].config, batch: 16 });
});

test("the device can stand in the query or after the hash", () => {
  assert.equal(deviceFromAddress({ hash: "", search: "?device=webgpu" }).devicePreference, "webgpu");
  const wrong = deviceFromAddress({ hash: "#device=tpu", search: "" });
  assert.deepEqual([wrong.devicePreference, wrong.dropped.length], ["auto", 1]);
});

test("typed values out of range are refused with the reason, never clamped", () => {
  const [batch, lr, beta, family] = catalog.fields;
  assert.deepEqual(parseValue(batch, "32"), { value: 32 });
  assert.deepEqual(parseValue(lr, "1e-4"), { value: 0.0001 });
  const cases = /** @type {const} */ ([
    [batch, "1"],
    [batch, "3.5"],
    [batch, ""],
    [batch, "0x"],
    [lr, "0.2"],
    [lr, "Infinity"],
    [lr, "NaN"],
    [beta, "1"],
    [family, "cnn"],
  ]);
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
  assert.deepEqual(fromHash(hash, catalog), { config, other, dropped: [], ...NOTHING });
  assert.deepEqual(fromHash("b.lr=0.01&lr=0.001", catalog).other, { ...catalog.defaults, lr: 0.01 }, "in any order");
});

test("what is no part of a comparison is named, and the rest is taken", () => {
  const some = fromHash("b.lr=0.01&b.batch=1000&b.colour=red&b.seed=3&b.preset=wide", catalog);
  assert.deepEqual(some.other, { ...catalog.defaults, lr: 0.01 });
  assert.equal(some.dropped.length, 4);
  for (const word of [
    "BATCH of B “1000”",
    "“b.colour”: there is no such setting",
    "“b.seed”: two runs that are compared have the same seed",
    "“b.preset”",
  ]) {
    assert.ok(
      some.dropped.some((d) => d.includes(word)),
      word,
    );
  }
  const none = fromHash("b.lr=0.0002", catalog);
  assert.deepEqual([none.other, none.dropped.length], [null, 1]);
});

/** 2e-4, as people type it. */
const SMALL = [
  "0,0002",
  "0.0002",
  "2e-4",
  "2E-4",
  "2·10^-4",
  "2×10^−4",
  "2 x 10^-4",
  "2·10⁻⁴",
  "0,2e−3",
  ",0002",
  "０.０００２",
  " 0,0002 ",
  "٠٫٠٠٠٢",
  "2*10**-4",
];
/** 1234, as people type it. */
const LARGE = [
  "1234",
  "1 234",
  "1\u00a0234",
  "1\u202f234",
  "1'234",
  "1’234",
  "1,234",
  "１２３４",
  "1234,0",
  "1_234",
  "1.234e3",
];
/** Texts that are no numbers. */
const NO_NUMBERS = [
  "1,2,3",
  "1 2",
  "--1",
  "0x10",
  "1e",
  "e5",
  "10^",
  "·",
  ",",
  "1.2.3",
  "½",
  "NaN",
  "Infinity",
  "1e999",
  "ten",
];

test("row 13: numbers are taken as people type them", () => {
  const [batch, lr, , , , seed] = catalog.fields;
  const read = (/** @type {import("../../www/protocol.js").Field} */ f, /** @type {string} */ text) =>
    /** @type {any} */ (parseValue(f, text)).value;
  for (const text of SMALL) {
    assert.equal(read(lr, text), 0.0002, text);
  }
  for (const text of LARGE) assert.equal(read(seed, text), 1234, text);
  assert.equal(read(seed, "1.234.567"), 1234567);
  assert.equal(Object.is(read(seed, "−0"), 0), true);
  for (const text of NO_NUMBERS) {
    assert.ok("reason" in parseValue(seed, text), text);
    assert.match(explain(batch, text) ?? "", /^“.+” is (not a number|too large)/);
  }
  assert.match(explain(batch, "−3") ?? "", /^“−3” is too small/);
  assert.match(explain(batch, "3,5") ?? "", /^“3,5” is not a whole number/);
});

test("row 13: a number with two usual meanings is taken, and it is said how", () => {
  const [batch, lr, , , , seed] = catalog.fields;
  assert.deepEqual(parseValue(seed, "1,000"), { value: 1000, note: "“1,000” was read as 1000" });
  assert.deepEqual(parseValue(batch, "16.000"), { value: 16, note: "“16.000” was read as 16" });
  assert.deepEqual(parseValue({ ...lr, values: { type: "real", min: 0, max: 10, open: false } }, "1,500"), {
    value: 1.5,
    note: "“1,500” was read as 1.5",
  });
  assert.deepEqual(parseValue(lr, "0,002"), { value: 0.002 }, "nobody writes thousands so");
  const { config, notes, dropped } = fromHash("#seed=1,000&lr=0,002&batch=6,4e1", catalog);
  assert.deepEqual([config.seed, config.lr, config.batch], [1000, 0.002, 64]);
  assert.deepEqual([notes, dropped], [["SEED “1,000” was read as 1000"], []]);
});

test("row 13: an address as a mail program or a messenger changes it", () => {
  for (const hash of [
    "#batch=64&amp;lr=0.01",
    "#batch%3D64%26lr%3D0.01",
    "#batch=64&lr=1e%2D2",
    "#batch=64&lr=1E-2 ",
  ]) {
    const { config, dropped } = fromHash(hash, catalog);
    assert.deepEqual([config.batch, config.lr, dropped], [64, 0.01, []], hash);
  }
  assert.equal(fromHash("#family=MLP ", catalog).config.family, "mlp");
});

test("row 13: long lists and long texts in an address are cut, and the cut is said", () => {
  const keys = Array.from({ length: 3000 }, (_, i) => `nonsense${i}=${i}`).join("&");
  const { text } = addressNotice(fromHash(keys, catalog).dropped);
  assert.match(text, /“nonsense0”: there is no such setting; .*“nonsense4”.*; and 2,995 more\.$/);
  assert.ok(text.length < 400, `${text.length} characters`);
  for (const hash of [
    `${"x".repeat(9000)}=1`,
    `batch=${"9".repeat(9000)}`,
    `preset=${"p".repeat(9000)}`,
    `family=${"f\n".repeat(4000)}`,
    `points=${"q".repeat(9000)}`,
    `lr=${"😀".repeat(3000)}`,
  ]) {
    const [what] = fromHash(hash, catalog).dropped;
    assert.ok(what.length < 250, what.slice(0, 300));
    assert.doesNotThrow(() => encodeURIComponent(what), "no character is cut in half");
  }
  assert.ok(deviceFromAddress({ hash: `#device=${"d".repeat(9000)}`, search: "" }).dropped[0].length < 120);
});

const on = (/** @type {string} */ data) => ({ ...(catalog.toys.find((t) => t.id === data)?.config ?? {}) });
/** Points as a hand makes them. @param {number} n */
const someDrawn = (n) => Float32Array.from({ length: 2 * n }, (_, i) => 1.9 * Math.sin(i * i));

test("row 9: drawn points travel in the address, and give the same run to both", () => {
  const drawn = {
    drawn: fromHash(toHash(on("drawn"), "auto", catalog, undefined, { drawn: someDrawn(120) }), catalog).drawn.drawn,
  };
  drawn.drawn.forEach((v, i) => assert.ok(Math.abs(v - someDrawn(120)[i]) <= 1 / 2048, `${v}`));
  const hash = toHash(on("drawn"), "auto", catalog, undefined, drawn);
  assert.match(hash, /^data=drawn&points=120\.[\w-]{480}$/);
  const read = fromHash(`#${hash}`, catalog);
  assert.deepEqual(
    read,
    { config: on("drawn"), other: null, dropped: [], notes: [], drawn, undrawn: null },
    "once more nothing changes",
  );
  assert.equal(toHash(on("ring"), "auto", catalog, undefined, drawn), "data=ring", "only where they are used");
});

test("row 9: the ends of the paper, and a density on the line", () => {
  const ends = Float32Array.from([-2, -2, 2, 2, 0, 0, -1.8, 1.8]);
  const back = fromHash(toHash(on("drawn"), "auto", catalog, undefined, { drawn: ends }), catalog).drawn.drawn;
  assert.deepEqual(
    [...back.slice(0, 6)].map((v) => Math.round(100 * v) / 100),
    [-2, -2, 2, 2, 0, 0],
  );
  const hash = toHash(on("curve"), "auto", catalog, undefined, { curve: example() });
  const {
    config,
    drawn: { curve },
    dropped,
  } = fromHash(hash, catalog);
  assert.deepEqual([config.data, curve.length, dropped], ["curve", BINS, []]);
  const top = Math.max(...example());
  curve.forEach((v, i) => assert.ok(Math.abs(v - example()[i] / top) < 1e-3));
  assert.equal(toHash(config, "auto", catalog, undefined, { curve }), hash);
  assert.ok(
    fromHash(toHash(on("curve"), "auto", catalog, undefined, { curve: example().map((v) => v * 1e-6) }), catalog).drawn
      .curve[12] > 0.1,
    "only the shape counts",
  );
});

test("row 9: drawn points travel with a comparison, whichever of the two uses them", () => {
  const drawn = {
    drawn: fromHash(
      `points=${toHash(on("drawn"), "auto", catalog, undefined, { drawn: someDrawn(9) }).split("points=")[1]}&data=drawn`,
      catalog,
    ).drawn.drawn,
  };
  for (const [a, b] of [
    [on("drawn"), { ...on("drawn"), lr: 0.05 }],
    [on("ring"), { ...on("ring"), data: "drawn" }],
  ]) {
    const hash = toHash(a, "auto", catalog, b, drawn);
    assert.match(hash, /&points=9\./);
    assert.deepEqual(fromHash(hash, catalog), { config: a, other: b, dropped: [], notes: [], drawn, undrawn: null });
  }
});

test("row 9: points that are too many for an address are not in it, and address and page say so", () => {
  const many = { drawn: someDrawn(MOST_IN_ADDRESS + 1) };
  const hash = toHash(on("drawn"), "auto", catalog, undefined, many);
  assert.equal(hash, "data=drawn&points=1501-not-included");
  assert.match(missingInAddress(on("drawn"), many), /^your 1,501 points \(up to 1,500 fit/);
  assert.equal(missingInAddress(on("ring"), many), "");
  const { config, undrawn, dropped } = fromHash(hash, catalog);
  assert.deepEqual([config.data, undrawn?.id], ["ring", "drawn"]);
  assert.match(dropped[0], /the 1,501 points were too many for an address\. Ask for their file/);
  const most = toHash(on("drawn"), "auto", catalog, undefined, { drawn: someDrawn(MOST_IN_ADDRESS) });
  assert.ok(most.length < 8000, `${most.length} characters`);
  assert.equal(fromHash(most, catalog).drawn.drawn.length, 2 * MOST_IN_ADDRESS);
});

test("row 9: an address on drawn data without any never starts such a run, keeps its settings, and says what to do", () => {
  const { config, undrawn, other } = fromHash("#data=drawn&lr=0.05&seed=3", catalog);
  assert.deepEqual([config, undrawn?.id, other], [{ ...on("ring"), lr: 0.05, seed: 3 }, "drawn", null]);
  assert.deepEqual(
    [fromHash("#data=curve", catalog).config.data, fromHash("#data=curve", catalog).undrawn?.id],
    ["normal", "curve"],
  );
  const held = { drawn: someDrawn(5) };
  assert.deepEqual(
    [fromHash("#data=drawn", catalog, held).config.data, fromHash("#data=drawn", catalog, held).undrawn],
    ["drawn", null],
    "what was drawn before is there",
  );
  const b = fromHash("#data=ring&b.data=drawn&b.lr=0.05", catalog);
  assert.deepEqual([b.other, b.undrawn?.id], [{ ...on("ring"), lr: 0.05 }, "drawn"]);
});

test("row 9: encoded points that were changed on their way are refused with what to do", () => {
  const good = `12.${"AbCd".repeat(12)}`;
  const whyOf = (/** @type {string} */ points, key = "points") =>
    fromHash(`data=ring&${key}=${encodeURIComponent(points)}`, catalog).dropped.join();
  assert.equal(whyOf(good), "");
  assert.match(whyOf(good.slice(0, -5)), /12 points should be there, but 10 are: the address was changed on its way/);
  for (const wrong of [
    "",
    "12",
    "12.",
    "12.####",
    `${good} `,
    good.replace("A", "é"),
    `-1.${"AbCd"}`,
    "NaN.",
    `1e3.${"AbCd".repeat(1000)}`,
    `99999999.A`,
  ])
    assert.match(whyOf(wrong), /^points .*(address|whole)/, wrong);
  assert.match(whyOf(`2.${"AbCd".repeat(2)}`), /3 to 1,500/);
  assert.match(whyOf(`1501.${"AbCd".repeat(1501)}`), /3 to 1,500/);
  assert.match(whyOf(`${BINS}.${"AA".repeat(BINS)}`, "curve"), /all bars are 0/);
  assert.match(whyOf(`3.${"Az".repeat(3)}`, "curve"), /there have to be 64 bars/);
});

test("a value that cannot be used is told what is wrong with it, and what would do", () => {
  const units = field("k", { type: "integer", min: 2, max: 128 });
  assert.equal(explain(units, "16"), null);
  assert.equal(explain(units, "500"), "“500” is too large: enter a whole number between 2 and 128.");
  assert.equal(explain(units, "1"), "“1” is too small: enter a whole number between 2 and 128.");
  assert.equal(explain(units, "3.5"), "“3.5” is not a whole number: enter a whole number between 2 and 128.");
  assert.equal(explain(units, "many"), "“many” is not a number: enter a whole number between 2 and 128.");
  assert.match(String(explain(units, "  ")), /^Nothing is here: /);
  const share = field("k", { type: "real", min: 0, max: 1, open: true });
  assert.match(String(explain(share, "1")), /^“1” is too large: .*1 itself not included\.$/);
  assert.match(
    String(explain(field("k", { type: "choice", options: [{ value: "a", label: "" }] }), "b")),
    /^“b” is not one of them: choose one of a\.$/,
  );
});
