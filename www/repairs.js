// Replaces browser functions that libraries call while they load, where these functions throw: a module that fails
// while loading would stop the whole page. Our own code calls the browser through browser.js, which imports this module
// first.

const scope = /** @type {any} */ (globalThis);

/** Whether a call returns without an error. @param {() => unknown} call */
function works(call) {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

/** @param {any} object @param {string} name @param {unknown} value */
function replace(object, name, value) {
  // A frozen object cannot be changed and keeps its function.
  works(() => Object.defineProperty(object, name, { value, configurable: true, writable: true }));
}

/** A substitute for Intl.NumberFormat and Intl.DateTimeFormat: plain English numbers. */
const plainFormat = {
  format: (/** @type {unknown} */ v) => String(v),
  formatToParts: (/** @type {unknown} */ v) => [{ type: "literal", value: String(v) }],
  resolvedOptions: () => ({ locale: "en", timeZone: "UTC" }),
};

/** Makes Intl fall back to English. A browser without a locale reports the language "C", which its own Intl rejects. */
function repairIntl() {
  if (!scope.Intl) scope.Intl = {};
  for (const name of ["NumberFormat", "DateTimeFormat"]) {
    const original = scope.Intl[name];
    if (works(() => [new original(scope.navigator?.language), new original()])) continue;
    replace(scope.Intl, name, function (/** @type {unknown} */ _language, /** @type {unknown} */ options) {
      try {
        return new original("en", options);
      } catch {
        return plainFormat;
      }
    });
  }
}

/** Replaces a missing matchMedia with one that never matches and never changes. */
function repairMedia() {
  if (works(() => scope.matchMedia("all").addEventListener)) return;
  replace(scope, "matchMedia", (/** @type {string} */ media) =>
    Object.assign(new EventTarget(), { media, matches: false, onchange: null }),
  );
}

function repairPixelRatio() {
  if (!(scope.devicePixelRatio > 0)) replace(scope, "devicePixelRatio", 1);
}

if (scope.document) {
  repairIntl();
  repairMedia();
  repairPixelRatio();
}
