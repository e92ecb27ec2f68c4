# shellcheck shell=bash
# Finds Chromium or Chrome and the driver of the same version, installing Debian's where there is no such pair. Exports CHROME and
# CHROMEDRIVER. Sourced after lib.sh. Set both yourself to use others.

# The first of these commands and paths that exists; the empty string if none does.
first_of() { local c; for c in "$@"; do command -v "$c" 2>/dev/null && return; done; return 0; }

major() { "$1" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\)\..*/\1/p' | head -n 1; }

# A driver only drives the browser of its own major version, and both Chrome and Chromium may be installed.
find_browser() {
  local c path
  CHROMEDRIVER="${CHROMEDRIVER:-$(first_of chromedriver /usr/lib/chromium-browser/chromedriver)}"
  if [ -z "$CHROMEDRIVER" ] || [ -n "${CHROME:-}" ]; then return; fi
  for c in chromium google-chrome google-chrome-stable chromium-browser "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    path="$(first_of "$c")"
    if [ -n "$path" ] && [ "$(major "$path")" = "$(major "$CHROMEDRIVER")" ]; then CHROME="$path"; return; fi
  done
}

find_browser
if [ -z "${CHROME:-}" ] || [ -z "$CHROMEDRIVER" ]; then
  debian || fail "the tests need Chrome and the chromedriver of the same version. On macOS: brew install --cask google-chrome chromedriver"
  may_be_root
  step "Chromium and its driver" "about a minute" apt-chromium apt_install chromium chromium-driver
  # The newly installed pair, whatever driver was there before.
  CHROME="$(first_of chromium)" CHROMEDRIVER="$(first_of /usr/bin/chromedriver chromedriver)"
fi
if [ -z "$CHROME" ] || [ -z "$CHROMEDRIVER" ]; then fail "no Chromium or chromedriver after installing them; set CHROME and CHROMEDRIVER"; fi
if [ -z "$(major "$CHROME")" ] || [ "$(major "$CHROME")" != "$(major "$CHROMEDRIVER")" ]; then
  fail "$("$CHROME" --version 2>&1 | head -n 1) and $("$CHROMEDRIVER" --version 2>&1 | head -n 1) do not go together; set CHROME and CHROMEDRIVER to a pair"
fi
export CHROME CHROMEDRIVER
