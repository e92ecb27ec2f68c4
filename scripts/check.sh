#!/usr/bin/env bash
# `make check`: what is quick. Format, lints, documentation, types, words, spelling, licences and unit tests; no browser.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

scripts/setup.sh check
source "$ROOT/scripts/stages.sh"

quick_stages
summary
say_skipped
say "every check passed, in $(elapsed 0)"
