// The heap of a worker, which pages cannot ask for, through the browser's debugging protocol.

/** @import { Page } from "playwright-core" */
/** @typedef {{usedSize: number, embedderHeapUsedSize: number}} Usage */

/** Lets the collector run in the page's only worker, and gives a function that says how much of the heap is used. @param {Page} page */
export async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  /** @type {Map<number, (result: any) => void>} */
  const waiting = new Map();
  let calls = 0;
  const attached = new Promise((resolve) => {
    session.on(
      "Target.attachedToTarget",
      ({ sessionId, targetInfo }) => targetInfo.type === "worker" && resolve(sessionId),
    );
  });
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  // Messages in envelopes: the session of the worker itself is Playwright's.
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  const send = (/** @type {string} */ method) =>
    new Promise((resolve) => {
      const id = ++calls;
      waiting.set(id, resolve);
      session
        .send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) })
        .catch(() => resolve(null));
    });
  return {
    collect: () => send("HeapProfiler.collectGarbage"),
    /** Bytes of JavaScript objects and of the browser's own behind them; array buffers and linear memory not included. */
    used: async () => {
      const usage = /** @type {Usage | null} */ (await send("Runtime.getHeapUsage"));
      return usage && usage.usedSize + usage.embedderHeapUsedSize;
    },
  };
}
