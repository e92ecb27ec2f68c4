#!/usr/bin/env bash
# `build.sh wasm` compiles the core into pkg/cpu and pkg/webgpu; `build.sh site` bundles the page into dist/.
# Each does nothing when what it reads has not changed since it last succeeded.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

# sums path...: a checksum of each file at or below the paths. The stamp of a result is the list it was made from.
sums() { find "$@" -type f ! -name .DS_Store -exec cksum {} + | LC_ALL=C sort -k 3; }

# stamped "stamp" "result" "inputs": the result is there and was made from these inputs.
stamped() { [ -f "$2" ] && [ -f "$1" ] && [ "$(cat "$1")" = "$3" ]; }

# All of our crates but the kernels: compiled for size, at no cost in step time (docs/decisions/wasm-size.md), and each as
# one unit, in which less is compiled twice. Not in Cargo.toml, since natively there is nothing to download.
SMALL=()
for crate in counterfeit counterfeit-{data,experiment,gan,metrics,nn,random,spec}; do
  SMALL+=(--config "profile.release.package.$crate.opt-level=\"s\"" --config "profile.release.package.$crate.codegen-units=1")
done

bundle() { # bundle name wasm-pack-argument...
  local name="$1" wasm="pkg/$1/counterfeit_bg.wasm"
  shift
  wasm-pack build --target web --mode no-install --release --no-pack --out-dir "pkg/$name" . "${SMALL[@]}" "$@"
  node scripts/shrink.mjs "$name" "$wasm"
}

build_bundle() { # build_bundle name "how long" wasm-pack-argument...
  local name="$1" how_long="$2" stamp="pkg/$1/.stamp" inputs
  shift 2
  inputs="$(rustc --version; sums src crates/{data,experiment,gan,kernels,metrics,nn,random,spec,spec-derive} Cargo.toml Cargo.lock .cargo/config.toml scripts/build.sh scripts/{shrink,strip-names,unused,wasm}.mjs)"
  if stamped "$stamp" "pkg/$name/counterfeit_bg.wasm" "$inputs"; then return; fi
  rm -f "$stamp"
  step "pkg/$name: the core in WebAssembly" "$how_long" "wasm-$name" bundle "$name" "$@"
  printf '%s\n' "$inputs" >"$stamp"
}

# The CPU's bundle alone is a quarter of the GPU's, and starts without waiting for it.
build_wasm() {
  source "$ROOT/scripts/toolchain.sh"
  build_bundle cpu "about 6 minutes the first time, then under one"
  build_bundle webgpu "about 15 minutes the first time, then under one" --features webgpu
}

build_site() {
  local stamp=pkg/.site inputs
  if [ ! -f pkg/cpu/.stamp ] || [ ! -f pkg/webgpu/.stamp ]; then fail "pkg/ is not complete: run scripts/build.sh wasm first"; fi
  inputs="$(sums www index.html docs/glossary.md vite.config.js scripts/offline.mjs package-lock.json bench/quality.json bench/modes.json pkg/cpu/.stamp pkg/webgpu/.stamp)"
  if stamped "$stamp" dist/index.html "$inputs"; then return; fi
  rm -f "$stamp"
  step "dist/: the page" "a few seconds" site node_modules/.bin/vite build
  printf '%s\n' "$inputs" >"$stamp"
}

case "${1:-}" in
  wasm) build_wasm ;;
  site) build_site ;;
  *) fail "usage: scripts/build.sh wasm|site" ;;
esac
