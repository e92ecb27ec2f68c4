# shellcheck shell=bash
# Finds, or makes, a Rust toolchain that compiles for wasm32-unknown-unknown, and selects it by exporting RUSTUP_TOOLCHAIN or PATH.
# Sourced after lib.sh by every script that calls cargo: an export does not outlive the script that made it, and this takes
# a tenth of a second when nothing is missing. Attempts, in this order:
#   1. the toolchain in use has the target already, or an earlier run prepared Debian's;
#   2. `rustup target add` (the normal way; given two minutes, because it hangs where downloads are closed);
#   3. Debian's Rust with a standard library built from its packaged source.
# COUNTERFEIT_RUST=rustup or =debian leaves out the other one's attempts.

WASM=wasm32-unknown-unknown
DISTRO=counterfeit-distro # rustup's name for Debian's toolchain in /usr
OLDEST="$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' "$ROOT/Cargo.toml")"

# ready RUSTC: it is new enough and really compiles for wasm32, a test included (wasm-pack's tests need the library `test` too).
# Looking for files instead would take a half-copied library, or one of an older compiler, for a good one.
ready() {
  local minor
  minor="$("$1" --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\).*/\1/p')"
  [ "${minor:-0}" -ge "$OLDEST" ] || return 1
  "$1" --target $WASM --crate-type lib --test --emit metadata --out-dir "$CACHE/probe" - </dev/null >/dev/null 2>&1
}

use_distro() {
  if command -v rustup >/dev/null 2>&1; then
    case "$(rustup toolchain list)" in *"$DISTRO"*) ;; *) rustup toolchain link "$DISTRO" /usr ;; esac
    export RUSTUP_TOOLCHAIN="$DISTRO"
  else
    export PATH="$TOOLS/bin:/usr/bin:$PATH"
  fi
}

# Debian ships the library's source but not its wasm32 build: compile it with an empty crate, then put the libraries where rustc looks.
build_std() {
  local dir="$CACHE/std" libs="/usr/lib/rustlib/$WASM/lib" lib
  rm -rf "$dir"
  mkdir -p "$dir/src"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n' >"$dir/Cargo.toml"
  : >"$dir/src/lib.rs"
  # `test` is what wasm-pack's test harness links.
  (cd "$dir" && env -u RUSTUP_TOOLCHAIN RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$dir/target" \
    /usr/bin/cargo build --release --target $WASM -Zbuild-std=std,panic_abort,test)
  # Beside each other first: libraries of two compilers must not mix, nor half of them be there.
  as_root rm -rf "$libs" "$libs.part"
  as_root mkdir -p "$libs.part"
  for lib in "$dir/target/$WASM/release/deps/"*.rlib; do
    case "$(basename "$lib")" in libempty-*) ;; *) as_root cp "$lib" "$libs.part/" ;; esac
  done
  as_root mv "$libs.part" "$libs"
  rm -rf "$dir"
}

select_toolchain() {
  local by="${COUNTERFEIT_RUST:-any}" hint
  hint="Install Rust from https://rustup.rs, or bring it up to date: rustup update stable && rustup target add $WASM"
  case "$by" in any | rustup | debian) ;; *) fail "COUNTERFEIT_RUST=$by: it can be rustup or debian" ;; esac
  mkdir -p "$CACHE/probe"

  if [ "$by" != debian ] && ready rustc; then return; fi
  if [ "$by" != rustup ] && debian && ready /usr/bin/rustc; then use_distro; return; fi
  if [ "$by" != debian ] && command -v rustup >/dev/null 2>&1; then
    attempt "wasm32 standard library from rustup" "under a minute; given up after two" rustup limit 120 rustup target add $WASM
    if ready rustc; then return; fi
  fi
  [ "$by" != rustup ] || fail "rustup's toolchain has no wasm32 standard library, or is older than Rust 1.$OLDEST. $hint"
  debian || fail "no Rust 1.$OLDEST or newer with the wasm32 standard library. $hint"

  may_be_root
  step "Debian's Rust with the source of its standard library" "about 2 minutes" apt-rust \
    apt_install rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld-22
  step "the standard library for wasm32, from source" "about 1 minute" std build_std
  ready /usr/bin/rustc || fail "Debian's Rust does not compile for wasm32 even so. $hint"
  use_distro
}

select_toolchain
