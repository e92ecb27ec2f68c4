// The rules of axe-core for WCAG 2.2, levels A and AA, on the states that a visitor sees, in both colour schemes; colours that the system sets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { long } from "./long.js";
import {
  MNIST,
  TINY,
  fromMenu,
  launch,
  loaded,
  openDrawer,
  reach,
  serveSite,
  until,
  visit,
  openTab,
  unfold,
} from "./site.js";

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  [site, browser] = await Promise.all([serveSite(), launch()]);
});
after(async () => {
  await browser.close();
  site.close();
});

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What breaks a rule: the rule, where, and what there is. @param {import("playwright-core").Page} page @param {string[]} [rules] @returns {Promise<string[]>} */
function violations(page, rules = RULES) {
  return page.evaluate(async (only) => {
    const { violations: found } = await /** @type {any} */ (window).axe.run(document, {
      runOnly: only,
      resultTypes: ["violations"],
    });
    return found.flatMap((/** @type {any} */ v) =>
      v.nodes.map(
        (/** @type {any} */ n) =>
          `${v.id}: ${n.target.join(" ")}: ${n.html.slice(0, 120)}: ${n.any[0]?.message ?? n.all[0]?.message ?? ""}`,
      ),
    );
  }, rules);
}

/** @type {Record<string, {hash: string, reach?: (page: import("playwright-core").Page) => Promise<unknown>}>} */
const STATES = {
  "a first visit": { hash: "", reach: (page) => reach(page, 20) },
  "the line, while it plays": {
    hash: "#preset=figure-1",
    reach: async (page) => {
      await page.click("#play");
      await reach(page, 20);
    },
  },
  MNIST: { hash: MNIST },
  "a comparison": {
    hash: "#data=ring&b.d_lr=0.01",
    reach: async (page) => {
      await page.click("#play");
      await reach(page, 10);
      await page.click("#play");
    },
  },
  "the drawing dialog": {
    hash: "#data=ring",
    reach: async (page) => {
      await openDrawer(page, "data");
      await page.locator("#data-sets").getByText("your own points").click();
      await page.locator("#drawing[open]").waitFor();
    },
  },
  "the glossary": {
    hash: "#data=ring",
    reach: async (page) => {
      await fromMenu(page, "#open-glossary");
      await page.locator("#glossary[open]").waitFor();
    },
  },
  "the drawer": { hash: "#data=ring", reach: (page) => openDrawer(page) },
  "the gallery": {
    hash: "#data=ring",
    reach: async (page) => {
      await page.click("#experiment");
      await page.locator("#gallery .card").first().waitFor();
    },
  },
  "the dialog that shares": {
    hash: "#data=ring",
    reach: async (page) => {
      await fromMenu(page, "#open-share");
      await page.locator("#share[open]").waitFor();
    },
  },
  "a lesson": {
    hash: "#data=ring&lesson=tour",
    reach: async (page) => {
      await page.locator("#lesson").waitFor();
    },
  },
  "charts and the past": {
    hash: "#data=ring&tab=charts",
    reach: async (page) => {
      await page.click("#play");
      await reach(page, 60);
      await page.click("#play");
      await page.locator("#scrub").focus();
      await page.keyboard.press("Home");
    },
  },
  "an image that is shown large": {
    hash: TINY,
    reach: async (page) => {
      await page.waitForSelector("#fake:not(.empty)");
      await page.locator("#fake .tile").nth(3).focus();
      await page.locator("#enlarged .selected").waitFor();
    },
  },
  "a report card": {
    hash: TINY,
    reach: async (page) => {
      await loaded(page);
      await page.click("#play");
      await reach(page, 5);
      await page.click("#play");
      await openTab(page, "quality");
      await page.click("#report-card");
      await page.locator("#report[open]").waitFor({ timeout: 180_000 });
    },
  },
};

const PHONE = { width: 390, height: 844 };

for (const [name, { hash, reach: go }] of Object.entries(STATES)) {
  (name === "a report card" ? long : test)(
    `row 14: ${name} breaks no rule of WCAG 2.2 AA, in light and in dark`,
    async () => {
      const { page } = await visit(browser, site.url + hash, { colorScheme: "light" });
      await go?.(page);
      await page.evaluate(AXE);
      const light = await violations(page);
      await page.setViewportSize(PHONE);
      light.push(...(await violations(page)));
      await page.emulateMedia({ colorScheme: "dark" });
      // Nothing else than colours is another.
      assert.deepEqual({ light, dark: await violations(page, ["color-contrast"]) }, { light: [], dark: [] });
    },
  );
}

test("row 14: where the system sets the colours, only the line that slow motion is at is marked", async () => {
  const { page } = await visit(browser, `${site.url}#data=ring`, { forcedColors: "active" });
  const marked = () =>
    page.evaluate(() => {
      const ground = getComputedStyle(document.body).backgroundColor;
      return [...document.querySelectorAll("#walk .algorithm li")]
        .filter((li) => getComputedStyle(li).borderLeftColor !== ground)
        .map((li) => li.classList.contains("lit"));
    });
  await unfold(page, "walk");
  await page.locator("#walk .algorithm li").first().waitFor();
  assert.deepEqual(await marked(), []);
  await page.click("#walk .next");
  await page.locator("#walk .algorithm .lit").waitFor();
  assert.deepEqual(await marked(), [true]);
});

test("row 14: over plain http the reason for the CPU names https", async () => {
  const own = await launch({ hosts: ["MAP lan.test 127.0.0.1"] });
  try {
    const { page } = await visit(own, `${site.url.replace("127.0.0.1", "lan.test")}?device=webgpu${TINY}`);
    assert.equal(await page.evaluate(() => isSecureContext), false);
    const {
      runs: [run],
    } = await until(page, (s) => s.runs[0].device !== null);
    assert.match(run.device?.why ?? "", /plain http.*https/);
    // What else is missing there (caches, a clipboard, service workers) keeps nothing from working.
    await loaded(page);
    await page.click("#play");
    await reach(page, 5);
  } finally {
    await own.close();
  }
});
