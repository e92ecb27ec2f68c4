# Finds, or makes, a Rust toolchain that compiles for wasm32-unknown-unknown, and selects it by exporting RUSTUP_TOOLCHAIN or PATH.
# Sourced after lib.sh. Attempts, in this order:
#   1. the toolchain in use has the target already, or an earlier run prepared Debian's;
#   2. `rustup target add` (the normal way; given two minutes, because it hangs where downloads are closed);
#   3. Debian's Rust with a standard library built from its packaged source.

WASM=wasm32-unknown-unknown
DISTRO=counterfeit-distro # rustup's name for Debian's toolchain in /usr

has_target() { [ -n "$(ls "$("$1" --print sysroot 2>/dev/null)/lib/rustlib/$WASM/lib/"libstd-*.rlib 2>/dev/null)" ]; }

use_distro() {
  if command -v rustup >/dev/null 2>&1; then
    rustup toolchain list | grep -q "^$DISTRO" || rustup toolchain link "$DISTRO" /usr
    export RUSTUP_TOOLCHAIN="$DISTRO"
  else
    export PATH="/usr/bin:$PATH"
  fi
}

# Debian ships the library's source but not its wasm32 build: compile it with an empty crate, then put the libraries where rustc looks.
build_std() {
  local dir="$CACHE/std" libs=/usr/lib/rustlib/$WASM/lib lib
  rm -rf "$dir" && mkdir -p "$dir/src"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' >"$dir/Cargo.toml"
  : >"$dir/src/lib.rs"
  # `test` is what wasm-pack's test harness links.
  (cd "$dir" && env -u RUSTUP_TOOLCHAIN RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$dir/target" \
    /usr/bin/cargo build --release --target $WASM -Zbuild-std=std,panic_abort,test)
  as_root mkdir -p "$libs"
  for lib in "$dir/target/$WASM/release/deps/"*.rlib; do
    case "$(basename "$lib")" in libempty-*) ;; *) as_root cp "$lib" "$libs/" ;; esac
  done
}

select_toolchain() {
  if command -v rustc >/dev/null 2>&1 && has_target rustc; then return; fi
  if [ -x /usr/bin/rustc ] && has_target /usr/bin/rustc; then use_distro; return; fi
  if command -v rustup >/dev/null 2>&1; then
    printf '==> wasm32 standard library from rustup (under a minute; given up after two) '
    if limit 120 rustup target add $WASM >"$LOGS/rustup.log" 2>&1; then printf 'done\n'; return; fi
    printf 'not to be had (see %s)\n' "$LOGS/rustup.log"
  fi
  debian || fail "no wasm32 standard library. Install Rust from https://rustup.rs, then run: rustup target add $WASM"
  step "Debian's Rust with the source of its standard library" "about 2 minutes" apt-rust \
    apt_install rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld-22
  step "the standard library for wasm32, from source" "about 1 minute" std build_std
  use_distro
}

select_toolchain
