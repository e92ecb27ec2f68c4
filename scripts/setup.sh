#!/usr/bin/env bash
# Installs what is missing: `setup.sh build` for building and serving, `setup.sh check` for the checks without a browser as well,
# `setup.sh test` for the browser tests too.
# Idempotent and quick when nothing is missing. Everything comes from a package registry.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
WHAT="${1:-build}"

case "$WHAT" in build | check | test) ;; *) fail "usage: scripts/setup.sh build|check|test" ;; esac
NODE_WANTED="20.19, 22.12 or newer" # what Vite 8 runs on
command -v node >/dev/null 2>&1 || fail "Node.js $NODE_WANTED is needed: install it from https://nodejs.org or your package manager"
node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' ||
  fail "Node.js $(node --version) does not do: $NODE_WANTED is needed"

source "$ROOT/scripts/toolchain.sh"
if [ "$WHAT" != build ]; then
  # rustup's minimal profile has neither; Debian's toolchain was installed with both, unless somebody else installed it.
  for part in rustfmt clippy; do
    if cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1; then continue; fi
    attempt "$part from rustup" "under a minute; given up after two" "$part" limit 120 rustup component add "$part"
    [ "$STATUS" -eq 0 ] || fail "$part is missing. With rustup: rustup component add $part. With Debian's Rust: apt-get install rustfmt-web rust-web-clippy"
  done
fi

BINDGEN="$(pinned wasm-bindgen)"
# The version of a tool: [package.metadata.tools] in Cargo.toml.
tool() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$ROOT/Cargo.toml"; }
WASM_PACK="$(tool wasm-pack)"
have() { [ "$("$TOOLS/bin/$1" --version 2>/dev/null)" = "$1 $2" ]; }
install_tool() { # install_tool crate version: with the author's lock file, or without where a version in it has been withdrawn
  local to=(--force --root "$TOOLS" "$1@$2")
  export CARGO_TARGET_DIR="$CACHE/tools-target" # for this step only: it runs in a subshell
  cargo install --locked "${to[@]}" || cargo install "${to[@]}"
}
have wasm-bindgen "$BINDGEN" || step "wasm-bindgen $BINDGEN" "about 2 minutes" wasm-bindgen install_tool wasm-bindgen-cli "$BINDGEN"
have wasm-pack "$WASM_PACK" || step "wasm-pack $WASM_PACK" "about 2 minutes" wasm-pack install_tool wasm-pack "$WASM_PACK"

if [ "$WHAT" != build ]; then
  # Its crate is called otherwise than the program.
  [ "$("$TOOLS/bin/typos" --version 2>/dev/null)" = "typos-cli $(tool typos-cli)" ] ||
    step "typos $(tool typos-cli)" "about 2 minutes" typos install_tool typos-cli "$(tool typos-cli)"
  have cargo-deny "$(tool cargo-deny)" ||
    step "cargo-deny $(tool cargo-deny)" "about 4 minutes" cargo-deny install_tool cargo-deny "$(tool cargo-deny)"
fi

# npm's own record of what it installed: newer than the lock file means nothing to do.
if [ ! "$ROOT/node_modules/.package-lock.json" -nt "$ROOT/package-lock.json" ]; then
  step "npm packages" "under a minute" npm npm --prefix "$ROOT" ci --no-audit --no-fund
  touch "$ROOT/node_modules/.package-lock.json"
fi

if [ "$WHAT" = test ]; then
  source "$ROOT/scripts/browser.sh"
  source "$ROOT/scripts/engines.sh"
  say "browser: $("$CHROME" --version 2>/dev/null)"
  case "$ENGINES" in *firefox*) say "and: $("$FIREFOX" --version 2>/dev/null)" ;; esac
  case "$ENGINES" in *webkit*) say "and: WebKit, by $WEBKIT_DRIVER" ;; *) say "WITHOUT WebKit: ENGINES=$ENGINES leaves it out" ;; esac
fi
