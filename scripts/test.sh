#!/usr/bin/env bash
# The whole of `make test`: installs what is missing, then runs every check and test and stops at the first that fails.
# Within what can run when, the cheap ones come first. Unlike a build, a test is shown as it runs: its lines are the result.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

SETUP_SINCE=$SECONDS
scripts/setup.sh test
SETUP_SECONDS=$((SECONDS - SETUP_SINCE))
# Once more here: what setup.sh found it exported for itself only.
source "$ROOT/scripts/toolchain.sh"
source "$ROOT/scripts/browser.sh"
source "$ROOT/scripts/engines.sh"

elapsed() { local s=$((SECONDS - $1)); if [ $s -ge 60 ]; then printf '%s min %s s' $((s / 60)) $((s % 60)); else printf '%s s' $s; fi; }

minutes() { printf '%s.%s' $(($1 / 60)) $(($1 % 60 / 6)); }

# What each check took, for the table at the end.
TIMES=("$SETUP_SECONDS set-up")

# check "what" "how long" command...: shows its output and how long it took.
check() {
  local what="$1" since=$SECONDS
  printf '\n==> %s (%s)\n' "$what" "$2"
  shift 2
  start "$@"
  finish
  [ "$STATUS" -eq 0 ] || fail "$what: failed with status $STATUS after $(elapsed "$since")"
  printf -- '--> %s: passed in %s\n' "$what" "$(elapsed "$since")"
  TIMES+=("$((SECONDS - since)) $what")
}

# Node's own reporter for programs where nobody looks on, in every version of Node.
REPORTER=tap
if [ -t 1 ]; then REPORTER=spec; fi
node_tests() { node --test --test-reporter="$REPORTER" "$@"; }

# `--release`, as in every build here, although clippy generates no code: what runs on this machine while compiling (procedural
# macros, build scripts) is then shared with the builds; another profile would compile it once more. The rest cannot be shared.
lint() { cargo clippy --release "$@" -- -D warnings; }

# The same browser that the other tests use, whatever chromedriver would have picked.
web_tests() {
  local settings="$CACHE/webdriver.json"
  node -e '
    const [from, to, binary] = process.argv.slice(1), fs = require("fs"), settings = JSON.parse(fs.readFileSync(from));
    settings["goog:chromeOptions"].binary = binary;
    fs.writeFileSync(to, JSON.stringify(settings));' webdriver.json "$settings" "$CHROME"
  # Half an hour for all of them: the default of 20 seconds is less than a software GPU needs to compile its kernels.
  # One test file, because examples/ and tests/training.rs are for a command line. No path before the `--`: with one, wasm-pack hands
  # what follows to the test program instead of to cargo, and WebGPU would silently not be in it.
  # wasm-bindgen's runner takes GECKODRIVER before CHROMEDRIVER, whatever wasm-pack was told: engines.sh exports one, and so may a shell.
  env -u GECKODRIVER -u GECKODRIVER_REMOTE -u SAFARIDRIVER -u SAFARIDRIVER_REMOTE -u CHROMEDRIVER_REMOTE \
    WASM_BINDGEN_TEST_TIMEOUT=1800 WASM_BINDGEN_TEST_WEBDRIVER_JSON="$settings" \
    wasm-pack test --headless --chrome --chromedriver "$CHROMEDRIVER" --release --mode no-install -- --features webgpu --test web
}

check "format" "a second" cargo fmt --all --check
check "lint, native" "2 minutes the first time" lint --workspace --all-targets
check "lint, WebAssembly" "3 minutes the first time" lint --workspace --lib --tests --target $WASM --features webgpu
check "data sets" "a minute the first time" node scripts/data.mjs
# The JavaScript checks need the bundles: their types, and some tests load them.
check "WebAssembly bundles" "20 minutes the first time" scripts/build.sh wasm
check "JavaScript, types" "seconds" node_modules/.bin/tsc --noEmit
check "JavaScript, types of the benchmark" "seconds" node_modules/.bin/tsc --noEmit -p bench
check "JavaScript, unit tests" "seconds" node_tests tests/js/*.test.js
check "Rust, native" "6 minutes the first time" cargo test --workspace --release
check "Rust, in the browser" "minutes" web_tests
check "page" "seconds" scripts/build.sh site
check "what a step asks of WebGPU" "a minute" node_tests bench/counts.test.js
# One file after the other: some of these tests measure times, and a second browser would be measured with them.
check "JavaScript, end to end in the browser" "minutes" node_tests --test-concurrency=1 tests/e2e/*.test.js
check "other engines: $ENGINES" "2 minutes" node_tests tests/engines/*.test.js

printf '\nMinutes of each stage:\n'
sum=0
for entry in "${TIMES[@]}"; do
  sum=$((sum + ${entry%% *}))
  printf '  %6s  %s\n' "$(minutes "${entry%% *}")" "${entry#* }"
done
printf '  %6s  together\n\n' "$(minutes "$sum")"
case "$ENGINES" in *webkit*) ;; *) say "WebKit was left out (ENGINES=$ENGINES)" ;; esac
say "everything passed, in $(elapsed 0)"
