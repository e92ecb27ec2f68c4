#!/usr/bin/env bash
# `make golden`: makes tests/golden/states.json anew. For a change that is meant to change runs. `make test` compares a browser
# with the same file.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

scripts/setup.sh check
source "$ROOT/scripts/toolchain.sh"

GOLDEN=write cargo test --release --test golden
say "tests/golden/states.json is new: say in the commit which runs have changed, and why"
