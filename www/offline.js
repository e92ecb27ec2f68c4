// Installs the service worker that stores the page for visits without a network (service-worker.js). Some browsers
// refuse it; the page then works online only.

import { keepForOffline } from "./browser.js";

/**
 * Delays, in milliseconds, before the attempts to install. An attempt fails if a file does not arrive; the next one
 * downloads only the missing files.
 */
const AGAIN_MS = [0, 5_000, 30_000, 120_000];

/** @param {URL} script */
export async function keepOffline(script) {
  for (const ms of AGAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    const registration = await keepForOffline(script);
    // The browser refused, or has no service workers.
    if (!registration) return;
    // Check for a newer version now: this tab survives the next deployment only if the files of the newest version are
    // stored.
    await registration.update().catch(() => {});
    if (await installed(registration)) return;
  }
}

/**
 * Resolves when the newest worker is installed (true) or its installation has failed (false).
 * @param {ServiceWorkerRegistration} registration @returns {Promise<boolean>}
 */
function installed({ installing, waiting, active }) {
  if (!installing) return Promise.resolve(waiting !== null || active !== null);
  return new Promise((resolve) => {
    const look = () => {
      if (installing.state !== "installing") resolve(installing.state !== "redundant");
    };
    installing.addEventListener("statechange", look);
    look();
  });
}
