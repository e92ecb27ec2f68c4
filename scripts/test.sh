#!/usr/bin/env bash
# `make test`: installs what is missing, then runs every check and test but the long ones, and stops at the first that fails.
# `make test-long` (`test.sh long`) runs the long ones instead: claims on five seeds, diagnoses of
# whole runs, and what is missing of the measured tables.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

SETUP_SINCE=$SECONDS
scripts/setup.sh test
SETUP_SECONDS=$((SECONDS - SETUP_SINCE))
source "$ROOT/scripts/stages.sh"
TIMES=("$SETUP_SECONDS set-up")

if [ "${1:-}" = long ]; then
  stage "data sets" "a minute the first time" node scripts/data.mjs
  stage "Rust, the long tests" "20 minutes" cargo test --workspace --release -- --ignored
  # The tables: rows that bench/ lacks are measured, and each says of which commit. Delete rows to have them made anew.
  for command in modes claims evaluate; do
    stage "missing rows of the table of \`counterfeit $command\`" "none if it is whole" cargo counterfeit "$command"
  done
  stage "docs/results.md" "a second" node scripts/results.mjs
  summary
  say "every long test passed, in $(elapsed 0)"
  exit 0
fi

# Once more here: what setup.sh found it exported for itself only.
source "$ROOT/scripts/browser.sh"
source "$ROOT/scripts/engines.sh"
source "$ROOT/scripts/webtests.sh"

quick_stages
# No path to one of them: `--tests` without the unit tests, which have just run.
stage "Rust, native" "minutes" cargo test --release --test '*'
stage "Rust, in the browser" "minutes" web_tests
stage "page" "seconds" scripts/build.sh site
stage "what a step asks of WebGPU" "a minute" node_tests bench/counts.test.js
# One file after the other: some of these tests measure times, and a second browser would be measured with them.
stage "JavaScript, end to end in the browser" "minutes" node_tests --test-concurrency=1 tests/e2e/*.test.js
stage "other engines: $ENGINES" "2 minutes" node_tests tests/engines/*.test.js

summary
say_skipped
say "not tested here: what takes long, marked \"long\" in tests/ and ignored above (make test-long)"
case "$ENGINES" in *webkit*) ;; *) say "WebKit was left out (ENGINES=$ENGINES)" ;; esac
say "everything passed, in $(elapsed 0)"
