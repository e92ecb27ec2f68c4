import * as z from "./zz-lib.mjs";
const site = await z.serveSite(); const b = await z.launch({ webgpu: false });
const T = "#data=ring&device=cpu";
let p, c; const open = async (h, f = null, ready = false) => { site.inject(f); ({ page: p, complaints: c } = await z.visit(b, site.url + h, { ready })); };
// configurations
const A = ["#data=ring&device=cpu&g_lr=1&d_lr=1&g_optimizer=sgd&d_optimizer=sgd", "#data=ring&g_lr=1&d_lr=1&objective=wasserstein", "#g_lr=NaN&d_lr=Infinity&seed=-1&batch=0", "#g_lr=1e400&batch=1e9&g_units=1e9", "#family=dcgan&data=ring", "#data=ring&family=growing", "#batch=1&latent_dim=1&g_units=1&d_units=1&g_layers=1&d_layers=1&data=ring", "#batch=1&family=mlp&data=mnist&g_norm=batch&d_batch=deviation", "#%E0%A4%A&data=ring", "#data=ring&data=moons&family=mlp&family=style", "#data=__proto__&constructor=1&__proto__=2&toString=3", "#data=drawn&points=garbage", "#data=curve&curve=zzz", "#device=webgpu&data=ring", "#device=nonsense&data=ring", "#seed=99999999999999999999&data=ring", "#data=ring&spread=0&modes=1&extent=1e30", "#data=normal&d_noise=1e9", "#data=ring&pack=7&batch=10", "#data=ring&d_steps=1000&batch=1024&unroll=10", "#data=ring&history=1&replay=1&unroll=3&d_penalty=dragan&objective=began&d_form=autoencoder"];
for (const h of A) await z.scenario(h, async () => { await open(h); await z.until(p, s => s.runs.length > 0 && (s.canTrain || s.runs[0].refusal || s.notices.length), 15000).catch(e => console.log("slow start", e.message.slice(0, 600))); await z.check(p, c, h, { wait: 8000 }); });
await b.close(); site.close();
