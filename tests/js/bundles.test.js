import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const pkg = join(import.meta.dirname, "..", "..", "pkg");

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
    assert.deepEqual(dataSets.map((/** @type {any} */ d) => d.id), ["mnist", "fashion"]);
    assert.equal(core.chooseDevice("auto", {}).kind, "cpu");
  });
}

test("errors cross the boundary with their kind and the setting they name", async () => {
  const core = await import("../../pkg/cpu/counterfeit.js");
  const device = await core.openDevice("cpu");
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
  assert.throws(() => session.step(data, "both"), (/** @type {any} */ e) => e.kind === "not-enough-data");
  assert.equal(session.steps, 0);
});
