// The worker owns the wasm sessions: it turns each command into calls of the core, and answers with events. A run never
// changes its device.

import { sendEvent } from "../protocol.js";
import { SessionOwner } from "./session-owner.js";

/** @import { Command } from "../protocol.js" */

const owner = new SessionOwner((error) => report(error, null));

self.onmessage = async ({ data: command }) => {
  try {
    await owner.handle(command);
  } catch (error) {
    report(error, command);
  }
};
// Handles errors without a caller, such as a panic in an asynchronous task of the GPU's module.
self.addEventListener("unhandledrejection", (event) => uncaught(event, event.reason));
self.addEventListener("error", (event) => uncaught(event, event.error ?? event.message));

/** @param {globalThis.Event} event @param {unknown} error */
function uncaught(event, error) {
  event.preventDefault();
  // A device that did not open may cause a panic later; ignore it.
  if (owner.engines.gpuAbandoned && owner.run?.engine.kind !== "webgpu") return;
  report(error, null);
}

/**
 * Reports an error. After a refusal the worker continues; any other error makes the module unusable.
 * @param {any} error @param {Command | null} command the command that failed
 */
function report(error, command) {
  const answers = command?.command ?? null;
  // A device that fails during a read counts as lost.
  if (typeof error?.kind === "string" && error.kind !== "device") {
    const run = command && "run" in command ? command.run : null;
    const { kind, key = null, message } = error;
    return sendEvent({ type: "refused", run, answers, kind, key, message });
  }
  sendEvent({ type: "crashed", ...whatCrashed(error) });
}

/** @param {any} error @returns {{kind: "gpu-lost" | "memory" | "error", message: string}} */
function whatCrashed(error) {
  const { run, engines } = owner;
  const message = String(error?.message ?? error);
  if (run?.engine.kind === "webgpu" && (engines.gpuFailed || error?.kind === "device"))
    return { kind: "gpu-lost", message: engines.gpuFailed ?? message };
  const panic = (run?.engine.core ?? engines.cpu)?.lastPanic?.();
  // A trap without a panic means that an allocation failed: see src/web/failure.rs.
  const trapped = error instanceof WebAssembly.RuntimeError && /unreachable/i.test(message);
  if (
    error instanceof RangeError ||
    (trapped && !panic) ||
    /out of memory|OutOfMemory|memory allocation/i.test(panic ?? message)
  ) {
    return { kind: "memory", message: panic ?? message };
  }
  return { kind: "error", message: panic ?? message };
}
