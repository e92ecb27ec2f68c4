#!/usr/bin/env bash
# `make test`: installs what is missing, then runs every check and test but the long ones, and stops at the first that fails.
# `make test-long` (`test.sh long`) runs the long ones instead: claims on five seeds, diagnoses of whole runs, further cases of a
# kind in the browser, and what is missing of the measured tables.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

SETUP_SINCE=$SECONDS
scripts/setup.sh test
SETUP_SECONDS=$((SECONDS - SETUP_SINCE))
source "$ROOT/scripts/stages.sh"
TIMES=("$SETUP_SECONDS set-up")

# Once more here: what setup.sh found it exported for itself only.
source "$ROOT/scripts/browser.sh"
source "$ROOT/scripts/engines.sh"
source "$ROOT/scripts/webtests.sh"

if [ "${1:-}" = long ]; then
  stage "data sets" "a minute the first time" node scripts/data.mjs
  stage "WebAssembly bundles" "20 minutes the first time" scripts/build.sh wasm
  stage "page" "seconds" scripts/build.sh site
  stage "Rust, the long tests" "20 minutes" cargo test --workspace --release -- --ignored
  # All of them once more: the runner's --ignored selects the long ones, and then ignores them.
  stage "Rust, in the browser, with the long tests" "6 minutes" web_tests --include-ignored
  # tests/e2e/long.js names them so, and runs them if this is set.
  export LONG=1
  stage "JavaScript, end to end in the browser, the long tests" "15 minutes" \
    node_tests --test-concurrency=1 --test-name-pattern="^long: " tests/e2e/*.test.js
  # The tables: rows that bench/ lacks are measured, and each says of which commit. Delete rows to have them made anew.
  for command in modes claims evaluate; do
    stage "missing rows of the table of \`counterfeit $command\`" "none if it is whole" cargo counterfeit "$command"
  done
  stage "docs/results.md" "a second" node scripts/results.mjs
  summary
  say "every long test passed, in $(elapsed 0)"
  exit 0
fi

quick_stages
# No path to one of them: `--tests` without the unit tests, which have just run.
stage "Rust, native" "minutes" cargo test --release --test '*'
stage "Rust, in the browser" "minutes" web_tests
stage "page" "seconds" scripts/build.sh site
stage "what a step asks of WebGPU" "a minute" node_tests bench/counts.test.js
# Some measure times, or limit how long a software GPU may take: one file after the other, and nothing beside them.
ALONE=() BESIDE=()
for file in tests/e2e/*.test.js; do
  case "$(basename "$file" .test.js)" in
    first-visit | lost-gpu | start | throughput | training | webgpu) ALONE+=("$file") ;;
    *) BESIDE+=("$file") ;;
  esac
done
stage "JavaScript, end to end in the browser" "minutes" node_tests --test-concurrency="$CORES" "${BESIDE[@]}"
stage "JavaScript, end to end, alone on the machine" "minutes" node_tests --test-concurrency=1 "${ALONE[@]}"
stage "other engines: $ENGINES" "2 minutes" node_tests tests/engines/*.test.js

summary
say_skipped
say "not tested here: what takes long, marked \"long\" in tests/, ignored or skipped above (make test-long)"
case "$ENGINES" in *webkit*) ;; *) say "WebKit was left out (ENGINES=$ENGINES)" ;; esac
say "everything passed, in $(elapsed 0)"
