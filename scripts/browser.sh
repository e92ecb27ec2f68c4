# Finds Chromium or Chrome and the matching driver, installing Debian's where there is neither. Exports CHROME and CHROMEDRIVER.
# Sourced after lib.sh. Set CHROME and CHROMEDRIVER yourself to use others.

first_of() { local c; for c in "$@"; do command -v "$c" 2>/dev/null && return; done; return 1; }

find_browser() {
  CHROME="${CHROME:-$(first_of chromium chromium-browser google-chrome google-chrome-stable "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" || true)}"
  CHROMEDRIVER="${CHROMEDRIVER:-$(first_of chromedriver || true)}"
}

find_browser
if [ -z "$CHROME" ] || [ -z "$CHROMEDRIVER" ]; then
  debian || fail "the tests need Chrome or Chromium with chromedriver. On macOS: brew install --cask google-chrome chromedriver"
  step "Chromium and its driver" "about a minute" apt-chromium apt_install chromium chromium-driver
  find_browser
fi
[ -n "$CHROME" ] && [ -n "$CHROMEDRIVER" ] || fail "no Chromium or chromedriver found after installing them; set CHROME and CHROMEDRIVER"
export CHROME CHROMEDRIVER
