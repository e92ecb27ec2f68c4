import { launch, serveSite, stepOf } from "./site.js";
const site = await serveSite();
const browser = await launch();
for (let round = 0; round < 3; round += 1) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const w = /** @type {any} */ (window);
    w.frames_ = 0; w.long = [];
    const tick = () => { w.frames_ += 1; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    new PerformanceObserver((l) => l.getEntries().forEach((e) => w.long.push(e.duration))).observe({ type: "longtask" });
  });
  await page.goto(site.url);
  await page.waitForFunction(() => Number(document.querySelector('[data-part="step"]')?.textContent?.replace(/,/g, "")) >= 1, null, { polling: "raf" });
  const first = await page.evaluate(() => performance.now());
  await page.waitForTimeout(3000);
  const a = { step: await stepOf(page), ...(await page.evaluate(() => ({ t: performance.now(), f: /** @type {any} */ (window).frames_ }))) };
  await page.waitForTimeout(15000);
  const b = { step: await stepOf(page), ...(await page.evaluate(() => ({ t: performance.now(), f: /** @type {any} */ (window).frames_, long: /** @type {any} */ (window).long.length }))) };
  console.log(`step 1 shown after ${first.toFixed(0)} ms; ${(1000 * (b.step - a.step) / (b.t - a.t)).toFixed(0)} steps/s, ${(1000 * (b.f - a.f) / (b.t - a.t)).toFixed(1)} frames/s, long tasks ${b.long}, at step ${b.step}`);
  await context.close();
}
await browser.close();
site.close();
