import { serveSite, launch, visit, until, stateOf, TINY } from "./site.js";
import { setFaults, destroyDevices } from "./faults.js";
export { serveSite, launch, visit, until, stateOf, TINY, setFaults, destroyDevices };
export const brief = (s) => JSON.stringify({ playing: s.playing, can: s.canTrain, wish: s.wish, hash: s.hash, choosing: s.choosing, preset: s.preset, before: s.before && Object.keys(s.before), runs: s.runs.map(r => ({ step: r.step, dev: r.device?.kind, alive: r.alive, refusal: r.refusal, div: r.divergence, waiting: r.waiting, lost: r.lost, phase: r.phase, data: r.config?.data, seed: r.config?.seed, fam: r.config?.family, lr: r.config?.g_lr, dl: r.losses })), notices: s.notices, ev: s.events.slice(-5).map(e => e.change + e.run).join() });
export const diff = (a, b) => { const d = []; for (const k of new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])) if (JSON.stringify(a?.[k]) !== JSON.stringify(b?.[k])) d.push(`${k}:${a?.[k]}|${b?.[k]}`); return d; };
export const dom = (page) => page.evaluate(() => ({
  back: !document.getElementById("back").hidden && document.getElementById("back").textContent + "/" + document.getElementById("back").title + (document.getElementById("back").disabled ? "(disabled)" : ""),
  waiting: !document.getElementById("waiting").hidden && document.getElementById("waiting").innerText,
  play: document.getElementById("play").textContent + (document.getElementById("play").disabled ? "(disabled)" : ""),
  device: document.getElementById("device").value + "/" + document.querySelector("[data-part=device]").textContent, phase: document.querySelector("[data-part=phase]").textContent,
  exp: document.getElementById("experiment").value, hash: location.hash,
  comp: !document.getElementById("comparison").hidden && document.getElementById("comparison").innerText,
  form: Object.fromEntries([...document.querySelectorAll("#settings [name]")].filter(o=>o.type!=="radio").map(o => [o.name, o.type === "checkbox" ? o.checked : o.value])),
  invalid: [...document.querySelectorAll("#settings :invalid,#settings [aria-invalid=true]")].map(o => o.name),
  set: document.querySelector("#data-sets input:checked")?.value,
}));
export async function check(page, complaints, label, { play = true, wait = 20000 } = {}) {
  const bad = [];
  let s = await stateOf(page), d = await dom(page);
  if (play) {
    const end = Date.now() + wait; const from = s.runs.map(r => r.step);
    let clicked = 0;
    for (;;) {
      s = await stateOf(page);
      if (s.runs.length && s.runs.every((r, i) => r.step > (from[i] ?? 0) + 1 || r.step < (from[i] ?? 0) && r.step > 2)) break;
      if (s.runs.some(r => r.refusal || r.divergence)) break;
      if (Date.now() > end) { bad.push("does not advance " + brief(s)); break; }
      if (!s.playing && s.canTrain && !s.choosing && clicked < 5) { try { await page.click("#play", { timeout: 1500 }); clicked++; } catch (e) { bad.push("play not clickable: " + e.message.slice(0, 300)); } await page.waitForTimeout(1000); }
      await page.waitForTimeout(150);
    }
    if (clicked > 1) bad.push("play clicked " + clicked);
    if ((await stateOf(page)).playing) { await page.click("#play"); await page.waitForTimeout(600); }
  }
  s = await stateOf(page); d = await dom(page);
  if (!s.choosing && s.runs.length) {
    const w = diff(s.config, s.runs[0].config);
    if (w.length && !d.waiting && !s.runs.some(r => r.refusal) && s.runs.length === 1) bad.push("config≠run without waiting: " + w);
    if (!w.length && d.waiting) bad.push("waiting shown with nothing: " + d.waiting);
  }
  for (const [k, v] of Object.entries(d.form)) if (s.config && k in s.config && String(s.config[k]) !== String(v)) bad.push(`form ${k}=${v} config ${s.config[k]}`);
  if (s.config && d.set !== "on" && d.set !== s.config.data) bad.push(`data chosen ${d.set} config ${s.config.data}`);
  if (!!s.before !== !!d.back) bad.push(`before ${!!s.before} back ${d.back}`);
  if (d.hash.replace(/^#/, "") !== s.hash) bad.push(`hash ${d.hash} state ${s.hash}`);
  if (s.runs[0] && !s.runs[0].refusal && !s.choosing && d.phase !== s.runs[0].phase && !/measur/.test(d.phase)) bad.push(`phase ${d.phase} state ${s.runs[0].phase}`);
  if (complaints.length) bad.push("COMPLAINTS " + complaints.splice(0).join(" ## ").slice(0, 1500));
  console.log(`${new Date().toISOString().slice(14, 19)} ${label}: ${bad.length ? "BAD\n   " + bad.join("\n   ") + "\n   " + brief(s) + "\n   dom " + JSON.stringify({ ...d, form: 0 }) : "ok step " + s.runs.map(r => r.step + "@" + r.device?.kind + (r.refusal ? " REF " + r.refusal : "") + (r.divergence ? " DIV" : "")).join("/") + (s.notices.length ? " N: " + s.notices.map(n => n.tone + ":" + n.text.slice(0, 140)).join(" ## ") : "")}`);
  return { s, d, bad };
}
export const setField = (page, name, value) => page.evaluate(([n, v]) => { const f = document.querySelector(`#settings [name="${n}"]`); if (!f) throw new Error("no " + n); f.value = v; f.dispatchEvent(new Event("input", { bubbles: true })); f.dispatchEvent(new Event("change", { bubbles: true })); }, [name, value]);
export const pick = (page, v) => page.selectOption("#experiment", v, { timeout: 3000 });
export const dev = (page, v) => page.selectOption("#device", v, { timeout: 3000 });
export const click = async (page, sel) => { try { await page.click(sel, { timeout: 800 }); return true; } catch { return false; } };
export const js = (page, id) => page.evaluate((i) => { const e = document.querySelector(i); if (!e || e.hidden || e.disabled) return false; e.click(); return true; }, id);
export const scenario = async (label, f) => { try { await f(); } catch (e) { console.log(`${label}: THREW ${e.message.slice(0, 1500)}`); } };
