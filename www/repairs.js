// Repairs what libraries ask of the browser while they load, where it would throw: a module that fails there takes the
// page with it. Our own code asks through browser.js instead, which imports this first.

const scope = /** @type {any} */ (globalThis);

/** Whether a call goes through without an error. @param {() => unknown} call */
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
  // A frozen object stays as it is.
  works(() => Object.defineProperty(object, name, { value, configurable: true, writable: true }));
}

/** English numbers without Intl. */
const plainFormat = {
  format: (/** @type {unknown} */ v) => String(v),
  formatToParts: (/** @type {unknown} */ v) => [{ type: "literal", value: String(v) }],
  resolvedOptions: () => ({ locale: "en", timeZone: "UTC" }),
};

/** A browser without a locale calls its language "C", which its own Intl refuses: English takes its place. */
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

/** Media queries that nothing matches and that never change. */
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
