import * as z from "./zz-lib.mjs";
const [gpu, seed0, n, secs] = [process.argv[2] === "gpu", +process.argv[3], +process.argv[4], +process.argv[5]];
const site = await z.serveSite(); const b = await z.launch({ webgpu: gpu });
const t0 = Date.now();
for (let k = 0; k < n && Date.now() - t0 < secs * 1000; k++) await z.scenario("monkey " + (seed0 + k), async () => {
  let x = (seed0 + k) * 2654435761 >>> 0; const rnd = (m) => { x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0; return x % m; }; for (let i = 0; i < 9; i++) rnd(2);
  const one = (a) => a[rnd(a.length)];
  const f = one(gpu ? [{}, { mapAsyncMs: 300 }, { mapAsyncMs: 1500 }, { pipelineMs: 20 }, { adapter: "never" }, { device: "lost" }, { device: "never" }] : [{}, { storage: "throws", history: "throws" }, { storage: "never", intl: "everywhere" }, { history: "limit" }]);
  site.inject(f);
  const start = one(["#data=ring", z.TINY, "#data=moons&device=cpu", "#data=ring&device=webgpu", z.TINY + "&device=webgpu", "#data=normal"]);
  const { page, complaints } = await z.visit(b, site.url + start, { ready: false });
  if (rnd(3)) await z.until(page, s => s.canTrain, 15000).catch(() => 0);
  const log = [];
  const acts = [
    () => z.js(page, "#play"), () => z.js(page, "#play"), () => z.js(page, "#step"), () => z.js(page, "#step-d"), () => z.js(page, "#step-g"), () => z.js(page, "#reset"), () => z.js(page, "#back"), () => z.js(page, "#back"), () => z.js(page, "#back"), () => z.js(page, "#new-seed"), () => z.js(page, "#new-seed"), () => z.js(page, "#compare"), () => z.js(page, "#comparison .begin"), () => z.js(page, "#comparison .begin"), () => z.js(page, "#comparison .cancel"), () => z.js(page, "#comparison .keep-a"), () => z.js(page, "#comparison .keep-b"), () => z.js(page, "#restart"), () => z.js(page, "#restart"),
    () => z.js(page, "#to-optimum"), () => z.js(page, "#cancel-optimum"), () => z.js(page, "#g-step"), () => z.js(page, "#walk .next"), () => z.js(page, "#walk .timed"), () => z.js(page, "#walk .stop"), () => z.js(page, "#measure-now"), () => z.js(page, "#measure-cancel"), () => z.js(page, "#averaged"),
    ...Array.from({ length: 5 }, () => () => { const v = one(["ring", "moons", "unbalanced", "figure-1", "two-humps", "pacgan-ring", "circles", "ring-wgan-gp", "goodfellow"]); log.push("=" + v); return z.pick(page, v); }),
    ...Array.from({ length: 4 }, () => () => { const v = one(["cpu", "webgpu", "auto"]); log.push("=" + v); return z.dev(page, v); }),
    ...Array.from({ length: 5 }, () => () => { const [a, v] = one([["g_lr", "1"], ["g_lr", "0.01"], ["g_lr", "x"], ["seed", String(rnd(99))], ["batch", "16"], ["batch", "1"], ["data", "mnist"], ["data", "ring"], ["data", "normal"], ["family", "mlp"], ["family", "dcgan"], ["g_units", "8"], ["g_units", "2048"], ["objective", "wasserstein"], ["objective", "began"], ["condition", "projection"], ["d_steps", "3"], ["unroll", "2"], ["d_norm", "batch"]]); log.push("=" + a + ":" + v); return z.setField(page, a, v); }),
    () => page.evaluate((h) => { location.hash = h; }, one(["data=ring", "data=moons&g_lr=0.01", "data=ring&device=cpu", "family=dcgan&data=ring", "data=normal&seed=4", "junk=1", ""])),
    () => page.selectOption("#speed", one(["slow", "1", "10", "Infinity"]), { timeout: 500 }).catch(() => 0), () => page.selectOption("#measure-every", one(["100", "never", "auto"]), { timeout: 300 }).catch(() => 0),
    ...(gpu ? [() => z.destroyDevices(page), () => z.destroyDevices(page), () => z.js(page, ".notice button"), () => z.setFaults(page, { adapter: one(["null", undefined, undefined]) }), () => z.setFaults(page, { device: undefined, mapAsyncMs: one([0, 0, 1000]) })] : [() => z.js(page, ".notice button")]),
  ];
  const N = 8 + rnd(22);
  for (let i = 0; i < N; i++) { const a = acts[rnd(acts.length)]; log.push(String(a).replace(/^\(\) => /, "").replace(/z\.js\(page, |"|\)$/g, "").slice(0, 45)); const r = await a().catch(e => "E" + e.message.slice(0, 60)); if (r === false) log.push("✗"); await page.waitForTimeout(one([0, 0, 20, 150, 600])); }
  if (gpu) await z.setFaults(page, { adapter: undefined, device: undefined, mapAsyncMs: 0 });
  await page.waitForTimeout(1500);
  // what the user can do: leave choosing/walk
  if ((await z.stateOf(page)).choosing) await z.js(page, "#comparison .cancel");
  await z.js(page, "#walk .stop"); await page.evaluate(() => { const e = document.getElementById("speed"); if (e.value === "slow") { e.value = "Infinity"; e.dispatchEvent(new Event("change", { bubbles: true })); } });
  await page.waitForTimeout(1000);
  const { bad, s } = await z.check(page, complaints, `monkey ${seed0 + k} ${JSON.stringify(f)} ${start}`, { wait: 15000 });
  if (bad.length) console.log("   LOG " + log.join("; "));
  // always go on: pick ring on the cpu
  await z.setFaults(page, { adapter: undefined });
  if (s.runs.length > 1) await z.js(page, "#comparison .keep-a");
  await z.dev(page, "cpu").catch(() => 0); await z.pick(page, "ring").catch(e => console.log("pick refused", e.message.slice(0, 100)));
  await page.waitForTimeout(800);
  const r = await z.check(page, complaints, `   then ring`, { wait: 12000 }); if (r.s.preset !== "ring") console.log("   preset is " + r.s.preset);
  if (r.bad.length && !bad.length) console.log("   LOG " + log.join("; "));
});
await b.close(); site.close();
