// One headless browser: with the real GPU where it has one, with the software adapter otherwise.

import { chromium } from "playwright-core";

/** @import { Browser } from "playwright-core" */
/** @typedef {{name: string, software: boolean}} Adapter */
/** @typedef {{browser: Browser, adapter: Adapter | null, version: string}} Opened */

const QUIET = [
  "--no-sandbox",
  // The browser must not look outside by itself.
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];
/** On Linux Chromium reaches a GPU only through Vulkan, and asks to be told; GPU_FLAGS where a machine needs others. */
const REAL = ["--enable-unsafe-webgpu", ...(process.env.GPU_FLAGS ?? "--enable-features=Vulkan").split(" ")];
const SOFTWARE = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
/** Timestamps to the nanosecond instead of to 0.1 ms. */
const EXACT_CLOCKS = ["--disable-dawn-features=timestamp_quantization"];

/** @param {Browser} browser @param {string} url a page served by us: WebGPU needs a secure context @returns {Promise<Adapter | null>} */
async function adapterOf(browser, url) {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    return await page.evaluate(async () => {
      const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
      if (!adapter) return null;
      // The types are older than the property.
      const { vendor, architecture, device, description, isFallbackAdapter } = /** @type {any} */ (adapter).info;
      const software = Boolean(isFallbackAdapter) || architecture === "swiftshader";
      return { name: [vendor, architecture, description || device].filter(Boolean).join(", "), software };
    });
  } finally {
    await page.close();
  }
}

/**
 * Opens the browser that CHROME names.
 * @param {string} url any page of ours
 * @param {{clocks?: boolean, software?: boolean}} [options] `software`: do not look for a GPU
 * @returns {Promise<Opened>}
 */
export async function openBrowser(url, { clocks = false, software = false } = {}) {
  if (!process.env.CHROME)
    throw new Error("CHROME must name the browser: use `make bench`, or set it, as in CHROME=/usr/bin/chromium");
  for (const flags of software ? [SOFTWARE] : [REAL, SOFTWARE]) {
    const browser = await chromium.launch({
      executablePath: process.env.CHROME,
      args: [...QUIET, ...flags, ...(clocks ? EXACT_CLOCKS : [])],
    });
    const adapter = await adapterOf(browser, url);
    // Without any adapter the CPU engines can still be measured.
    if (flags === SOFTWARE || (adapter && !adapter.software)) return { browser, adapter, version: browser.version() };
    await browser.close();
  }
  throw new Error("unreachable");
}
