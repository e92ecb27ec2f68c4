#!/usr/bin/env bash
# `make golden`: makes tests/golden/pictures.json anew, natively and in a browser. For a change that is meant to change runs.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

scripts/setup.sh test
source "$ROOT/scripts/toolchain.sh"
source "$ROOT/scripts/browser.sh"
source "$ROOT/scripts/webtests.sh"

GOLDEN=write cargo test --release --test golden
# Fails as long as the file has other hashes: what counts is what it prints.
web_tests --nocapture golden >"$LOGS/golden.log" 2>&1 || true
node -e '
  const [file, log] = process.argv.slice(1), fs = require("fs"), all = JSON.parse(fs.readFileSync(file));
  const found = [...fs.readFileSync(log, "utf8").matchAll(/golden ([a-z0-9-]+) ([0-9a-f]{64})/g)];
  const names = new Set(found.map((line) => line[1]));
  if (Object.keys(all).some((name) => !names.has(name))) throw new Error(`not every preset was drawn in the browser: see ${log}`);
  for (const [, name, hash] of found) all[name].browser = hash;
  fs.writeFileSync(file, JSON.stringify(all, null, 2) + "\n");' tests/golden/pictures.json "$LOGS/golden.log"
say "tests/golden/pictures.json is new: look at what changed, and say why in the commit"
