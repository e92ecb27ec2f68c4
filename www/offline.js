// Has the service worker installed, which keeps the page for visits without a network (service-worker.js). A
// convenience that some visitors' browsers refuse: the page does without.

import { keepForOffline } from "./browser.js";

/** An installation that failed, because a file did not come, is tried again so much later: it fetches only what is missing. */
const AGAIN_MS = [0, 5_000, 30_000, 120_000];

/** @param {URL} script */
export async function keepOffline(script) {
  for (const ms of AGAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    const registration = await keepForOffline(script);
    // Refused, or not there.
    if (!registration) return;
    // Asked for a newer one at once: until that has stored its files, this tab would not outlive the next deployment.
    await registration.update().catch(() => {});
    if (await installed(registration)) return;
  }
}

/** Whether the newest worker is installed, once that is decided. @param {ServiceWorkerRegistration} registration @returns {Promise<boolean>} */
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
