#!/usr/bin/env bash
# Installs what is missing: `setup.sh build` for building and serving, `setup.sh test` for the browser tests as well.
# Idempotent and quick when nothing is missing. Everything comes from a package registry.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
WHAT="${1:-build}"

command -v node >/dev/null 2>&1 || fail "Node.js 20 or newer is needed: install it from https://nodejs.org or your package manager"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node.js $(node --version) is too old: 20 or newer is needed"

if ! command -v cargo >/dev/null 2>&1 && ! debian; then fail "Rust is needed: install it from https://rustup.rs"; fi
source "$ROOT/scripts/toolchain.sh"
# rustup's minimal profile has neither.
if [ "$WHAT" = test ]; then
  for part in fmt clippy; do
    cargo "$part" --version >/dev/null 2>&1 || limit 120 rustup component add "${part/fmt/rustfmt}" || fail "cargo $part is missing: rustup component add ${part/fmt/rustfmt}"
  done
fi

BINDGEN="$(pinned wasm-bindgen)"
WASM_PACK="$(sed -n 's/^wasm-pack = "\(.*\)"$/\1/p' "$ROOT/Cargo.toml")"
have() { [ "$("$TOOLS/bin/$1" --version 2>/dev/null)" = "$1 $2" ]; }
have wasm-bindgen "$BINDGEN" || step "wasm-bindgen $BINDGEN" "about 2 minutes" wasm-bindgen \
  env CARGO_TARGET_DIR="$CACHE/tools-target" cargo install --locked --force --root "$TOOLS" "wasm-bindgen-cli@$BINDGEN"
have wasm-pack "$WASM_PACK" || step "wasm-pack $WASM_PACK" "about 2 minutes" wasm-pack \
  env CARGO_TARGET_DIR="$CACHE/tools-target" cargo install --locked --force --root "$TOOLS" "wasm-pack@$WASM_PACK"

# npm's own record of what it installed: newer than the lock file means nothing to do.
if [ ! "$ROOT/node_modules/.package-lock.json" -nt "$ROOT/package-lock.json" ]; then
  step "npm packages" "under a minute" npm npm --prefix "$ROOT" ci --no-audit --no-fund
  touch "$ROOT/node_modules/.package-lock.json"
fi

if [ "$WHAT" = test ]; then
  source "$ROOT/scripts/browser.sh"
  say "browser: $("$CHROME" --version)"
fi
