import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { parseValue } from "../../www/app/state.js";

const pkg = join(import.meta.dirname, "..", "..", "pkg");
/**
 * What a visitor may have to download for each, in bytes of Brotli. Hosts compress once, so at the best quality. How
 * the sizes came about is in docs/decisions/two-bundles.md.
 */
const DOWNLOAD = { cpu: 450_000, webgpu: 1_500_000 };

/** A bundle, started, whichever test comes first. @param {string} name */
async function started(name) {
  const core = await import(`../../pkg/${name}/counterfeit.js`);
  core.initSync({ module: readFileSync(join(pkg, name, "counterfeit_bg.wasm")) });
  return core;
}

/** @param {string} path */
function compressed(path) {
  const bytes = readFileSync(path);
  const {
    BROTLI_PARAM_QUALITY,
    BROTLI_PARAM_LGWIN,
    BROTLI_PARAM_SIZE_HINT,
    BROTLI_MAX_QUALITY,
    BROTLI_MAX_WINDOW_BITS,
  } = constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY,
    [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

for (const [name, most] of Object.entries(DOWNLOAD)) {
  test(`the ${name} bundle is no larger than it may be`, (t) => {
    const bytes = compressed(join(pkg, name, "counterfeit_bg.wasm")) + compressed(join(pkg, name, "counterfeit.js"));
    t.diagnostic(`${name}: ${bytes} bytes of Brotli, ${most} allowed`);
    assert.ok(
      bytes <= most,
      `${bytes} bytes of Brotli, ${most} allowed: what is new in it, and does it have to be (scripts/unused.mjs)?`,
    );
  });
}

for (const name of ["cpu", "webgpu"]) {
  test(`the ${name} bundle runs its constructors once, however often it is called`, async () => {
    const core = await import(`../../pkg/${name}/counterfeit.js`);
    core.initSync({ module: readFileSync(join(pkg, name, "counterfeit_bg.wasm")) });
    const start = performance.now();
    for (let i = 0; i < 20; i++) core.catalog();
    // The trap of src/web.rs: linked as a "command", every one of these calls would run them all again.
    assert.equal(core.constructorRuns(), 1);
    assert.ok(performance.now() - start < 2000, "a call of catalog() takes over 100 ms");
  });

  test(`the ${name} bundle describes every setting, preset and data set`, async () => {
    const core = await import(`../../pkg/${name}/counterfeit.js`);
    const { fields, defaults, presets, dataSets } = core.catalog();
    assert.deepEqual(fields.map((/** @type {any} */ f) => f.key).sort(), Object.keys(defaults).sort());
    assert.deepEqual(presets[0].config, defaults);
    assert.deepEqual(
      dataSets.map((/** @type {any} */ d) => d.id),
      ["mnist", "fashion", "shapes", "marbles"],
    );
    assert.equal(core.chooseDevice("auto", defaults, {}).kind, "cpu");
  });
}

/** Values at the limits of a setting, within and beyond them. @param {any} values @returns {(string | number)[]} */
function limits({ type, min, max, options }) {
  if (type === "choice") return [...options.map((/** @type {any} */ o) => o.value), "nothing"];
  const little = type === "integer" ? 1 : (max - min) / 1000;
  return [min - little, min, min + little, max - little, max, max + little];
}

test("the form refuses what the core refuses, in the same words", async () => {
  const core = await started("cpu");
  const { fields, defaults } = core.catalog();
  /** @param {string} key @param {unknown} value @returns {any} */
  const refusal = (key, value) => {
    try {
      core.chooseDevice("cpu", { ...defaults, [key]: value }, null);
      return null;
    } catch (error) {
      return error;
    }
  };
  for (const field of fields) {
    for (const value of limits(field.values)) {
      const result = parseValue(field, String(value));
      const error = refusal(field.key, value);
      const text = `${field.key} ${value}: ${error?.message}`;
      // A number below 0 or an unknown choice is no value of the Rust type.
      if ("value" in result)
        assert.ok(error?.kind !== "unreadable" && !/: (enter a|choose one of)/.test(error?.message), text);
      else if (error?.kind === "setting") assert.equal(error.message, `${field.label}: ${result.reason}.`);
      else assert.equal(error?.kind, "unreadable", text);
    }
  }
});

test("errors cross the boundary with their kind and the setting they name", async () => {
  const core = await import("../../pkg/cpu/counterfeit.js");
  const device = await core.openCpu();
  const data = new core.Data("mnist");
  const { defaults } = core.catalog();
  const refusal = (/** @type {object} */ patch) => {
    try {
      new core.Session({ ...defaults, ...patch }, data, device);
    } catch (error) {
      return /** @type {any} */ (error);
    }
    return assert.fail("was not refused");
  };
  assert.deepEqual([refusal({ g_lr: 7 }).kind, refusal({ g_lr: 7 }).key], ["setting", "g_lr"]);
  assert.equal(refusal({ batch: "many" }).kind, "unreadable");
  const session = new core.Session(defaults, data, device);
  assert.throws(
    () => session.step("both"),
    (/** @type {any} */ e) => e.kind === "not-enough-data",
  );
  assert.equal(session.steps, 0);
});

/** A data set of random images and all ten labels in turn, as far as training needs it. @param {any} core */
function someData(core) {
  const [images, pixels] = [10_000, 784];
  const data = new core.Data("mnist");
  const file = new Uint8Array(16 + images * pixels);
  file.set([0, 0, 8, 3, 0, 0, images >> 8, images & 255, 0, 0, 0, 28, 0, 0, 0, 28]);
  for (let i = 16; i < file.length; i++) file[i] = (i * 2654435761) >>> 24;
  data.push("train-images", file);
  data.push(
    "train-labels",
    Uint8Array.from([0, 0, 8, 1, 0, 0, images >> 8, images & 255, ...Array.from({ length: images }, (_, i) => i % 10)]),
  );
  return data;
}

/** What frames hold. */
const LOOK = {
  images: { averaged: false, view: { type: "fixed" } },
  density: { points: 20, grid: 0, field: 0, averaged: false },
};

/** All that the worker asks of a density run. @param {any} core @param {any} config @param {any} device */
async function asksDensityRun(core, config, device) {
  const session = core.Session.onDensity(config, undefined, device);
  for (const networks of ["both", "discriminator", "generator"]) session.step(networks);
  const { metrics, divergence } = await session.metrics();
  assert.deepEqual([metrics.step, divergence], [[1, 2, 3], null]);
  const frame = await session.frame({ ...LOOK, density: { points: 20, grid: 8, field: 4, averaged: true } });
  assert.deepEqual([frame.type, frame.fake.length], ["density", 20 * frame.width]);
  assert.equal((await session.walk("generator")).z.length, config.batch * config.latent_dim);
  assert.equal((await session.map(frame.z, false)).points.length, 20 * frame.width);
  const evaluator = core.Evaluator.ofDensity(session);
  evaluator.begin(session, false);
  const { evaluation, diagnosis } = session.evaluate(evaluator, await evaluator.sample(session), true);
  assert.ok(evaluation.generated.js > 0 && diagnosis.state === "starting");
  evaluator.free();
  session.free();
}

// What scripts/unused.mjs takes out of the bundle must be what no run needs.
test("every preset trains and is looked at on the CPU, by the bundle as it is shipped", async (t) => {
  const core = await started("cpu");
  const [device, data] = [await core.openCpu(), someData(core)];
  const { presets, toys } = core.catalog();
  const spaces = Object.fromEntries(toys.map((/** @type {any} */ toy) => [toy.id, toy.space]));
  for (const { id, config } of presets.filter((/** @type {any} */ p) => spaces[p.config.data])) {
    await t.test(id, () => asksDensityRun(core, { ...config, train_images: 500 }, device));
  }
  for (const { id, config } of presets.filter((/** @type {any} */ p) => !spaces[p.config.data])) {
    await t.test(id, async () => {
      const session = new core.Session({ ...config, batch: 8 }, data, device);
      for (let step = 0; step < 2; step++) session.step("both");
      const { metrics, divergence } = await session.metrics();
      assert.deepEqual([metrics.step, divergence], [[1, 2], null]);
      for (const averaged of [true, false]) {
        const { type, fake, real } = await session.frame({ ...LOOK, images: { ...LOOK.images, averaged } });
        assert.deepEqual([type, fake.pixels.length % 784, real.pixels.length], ["images", 0, 64 * 784]);
      }
      assert.equal(session.nearest(new Uint8Array(784)).pixels.length, 784);
      assert.deepEqual(await session.breakdown(), []);
      session.free();
    });
  }
});

test("images of other shapes train on the CPU in every architecture, by the bundle as it is shipped", async (t) => {
  const core = await started("cpu");
  const device = await core.openCpu();
  const { defaults, dataSets } = core.catalog();
  for (const { id, shape, files, preview } of dataSets) {
    const values = shape.channels * shape.height * shape.width;
    assert.equal(preview.length, files.length === 0 ? 12 * values : 0);
    if (files.length > 0) continue;
    const start = performance.now();
    const data = new core.Data(id);
    t.diagnostic(`${id}: drawn in ${Math.round(performance.now() - start)} ms`);
    for (const family of ["dcgan", "mlp", "resnet", "growing", "style"]) {
      const config = {
        ...defaults,
        data: id,
        family,
        batch: 8,
        g_channels: 8,
        d_channels: 8,
        g_norm: "none",
        d_norm: "none",
      };
      const session = new core.Session(config, data, device);
      for (let step = 0; step < 2; step++) session.step("both");
      const { metrics, divergence } = await session.metrics();
      assert.deepEqual([metrics.step, divergence], [[1, 2], null], `${id}, ${family}`);
      const { fake, real } = await session.frame(LOOK);
      assert.deepEqual([fake.pixels.length, real.pixels.length], [64 * values, 64 * values]);
      session.free();
    }
    const evaluator = core.Evaluator.onRandomFeatures(id, false);
    const { classes, realism } = evaluator.classify(new Uint8Array(3 * values));
    assert.deepEqual([classes.length, realism], [0, null]);
    evaluator.free();
    data.free();
  }
});

for (const name of ["cpu", "webgpu"]) {
  test(`the ${name} bundle's classifier names images, which it does on the CPU in either`, async () => {
    const core = await started(name);
    const evaluator = new core.Evaluator(readFileSync(join(pkg, "..", "www", "classifiers", "mnist.bin")), false);
    const { classes, realism } = evaluator.classify(new Uint8Array(3 * 784));
    assert.ok(classes.length === 3 && classes.every((/** @type {number} */ c) => c < 10) && realism === null);
  });
}
