import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { attempt, attemptLater, copyText, storeAnswer, storedAnswer } from "../../www/browser.js";
import { compact, grouped, significant } from "../../www/numbers.js";

test("row 8: numbers are as Intl writes them in English, without it", () => {
  const plain = new Intl.NumberFormat("en");
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  const few = new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: false });
  for (const v of [0, 7, 999, 1000, 1234, 60000, 1234567, -1234, 0.5, 1234.5678, 1e15])
    assert.equal(grouped(v), plain.format(v));
  for (const v of [0, 250, 1000, 1500, 10000, -10000, 999_960, 2e6, 5e9, 7.25e12])
    assert.equal(compact(v), short.format(v));
  for (const v of [0, 0.1 + 0.2, -0.5, 100, 12.3456, 999.94]) assert.equal(significant(v), few.format(v));
  assert.equal(grouped(NaN), "NaN");
  assert.equal(compact(3e16), "3e16");
});

test("row 8: a call that throws, rejects or never answers gives what the page goes on with", async () => {
  const refuse = () => {
    throw new Error("refused");
  };
  assert.equal(attempt(refuse, 3), 3);
  assert.equal(await attemptLater(refuse, 4), 4);
  assert.equal(await attemptLater(async () => refuse(), 5), 5);
  mock.timers.enable({ apis: ["setTimeout"] });
  const late = attemptLater(() => new Promise(() => {}), 6);
  mock.timers.tick(5000);
  assert.equal(await late, 6);
  mock.timers.reset();
});

test("row 8: a text that cannot be copied is told as not copied: no clipboard, a refusal, an answer", async () => {
  const clipboard = (/** @type {unknown} */ value) =>
    Object.defineProperty(globalThis, "navigator", { value: { clipboard: value }, configurable: true });
  clipboard(undefined);
  assert.equal(await copyText("x"), false);
  clipboard({ writeText: () => Promise.reject(new Error("refused")) });
  assert.equal(await copyText("x"), false);
  clipboard({ writeText: () => Promise.resolve() });
  assert.equal(await copyText("x"), true);
});

test("row 8: a store that has refused once is not asked again", async () => {
  let asked = 0;
  /** @type {any} */ (globalThis).caches = {
    open: async () => ({
      put: () => {
        asked += 1;
        throw new Error("full");
      },
      match: async () => {
        asked += 1;
      },
    }),
  };
  await storeAnswer("store", "key", new Response("x"));
  assert.equal(await storedAnswer("store", "key"), undefined);
  assert.equal(asked, 1);
});
