# shellcheck shell=bash
# Finds Firefox and WebKit with what drives them, installing what is missing where Debian's packages are. Exports FIREFOX, GECKODRIVER,
# WEBKIT_DRIVER, MINIBROWSER and XVFB. Sourced after browser.sh. Set any of them yourself to use another, or
# ENGINES=firefox to leave WebKit out, which only Linux has in a form that can be driven like this.

ENGINES="${ENGINES:-firefox webkit}"
GECKODRIVER_WANTED="$(sed -n 's/^geckodriver = "\(.*\)"$/\1/p' "$ROOT/Cargo.toml")"

# The first that exists of what a pattern names; the empty string if nothing does.
file_of() { local f; for f in "$@"; do if [ -x "$f" ]; then printf '%s\n' "$f"; return; fi; done; return 0; }

find_engines() {
  FIREFOX="${FIREFOX:-$(first_of firefox-esr firefox "/Applications/Firefox.app/Contents/MacOS/firefox")}"
  WEBKIT_DRIVER="${WEBKIT_DRIVER:-$(first_of WebKitWebDriver)}"
  MINIBROWSER="${MINIBROWSER:-$(file_of /usr/lib/*/webkit2gtk-4.1/MiniBrowser /usr/lib/*/webkitgtk-6.0/MiniBrowser /usr/libexec/webkit2gtk-4.1/MiniBrowser)}"
  XVFB="${XVFB:-$(first_of Xvfb)}"
}

# missing_packages: Debian's names of what the wanted engines lack.
missing_packages() {
  case "$ENGINES" in *firefox*) [ -n "$FIREFOX" ] || printf 'firefox-esr ' ;; esac
  case "$ENGINES" in *webkit*)
    if [ -z "$WEBKIT_DRIVER" ] || [ -z "$MINIBROWSER" ]; then printf 'webkit2gtk-driver '; fi
    [ -n "$XVFB" ] || printf 'xvfb '
  esac
}

find_engines
MISSING="$(missing_packages)"
if [ -n "$MISSING" ]; then
  debian || fail "the tests in other browser engines lack: $MISSING(Debian's names; MiniBrowser and WebKitWebDriver come with WebKitGTK).
  On macOS: brew install --cask firefox, and ENGINES=firefox make test leaves WebKit out, which is driven on Linux only.
  Elsewhere: install them, or name them by FIREFOX, WEBKIT_DRIVER, MINIBROWSER and XVFB"
  may_be_root
  # shellcheck disable=SC2086 # a list of names
  step "Firefox and WebKit with its driver" "about a minute" apt-engines apt_install $MISSING
  find_engines
  MISSING="$(missing_packages)"
  [ -z "$MISSING" ] || fail "still missing after installing them: $MISSING"
fi

# Debian has no geckodriver, and npm's package downloads a program when it is installed.
GECKODRIVER="${GECKODRIVER:-$TOOLS/bin/geckodriver}"
case "$ENGINES" in *firefox*)
  # Another one that somebody names is taken as it is.
  case "$GECKODRIVER $("$GECKODRIVER" --version 2>/dev/null)" in
    "$TOOLS/bin/geckodriver geckodriver $GECKODRIVER_WANTED"*) ;;
    "$TOOLS/"*) step "geckodriver $GECKODRIVER_WANTED" "about 3 minutes" geckodriver install_tool geckodriver "$GECKODRIVER_WANTED" ;;
  esac
esac
export ENGINES FIREFOX GECKODRIVER WEBKIT_DRIVER MINIBROWSER XVFB
