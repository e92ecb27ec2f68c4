# Shared by every script here: where caches live, how a step is announced, how a long one is run.
# Sourced, never executed. Works with bash 3.2 (macOS) and needs no GNU-only flag.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# Outside the clone, so that a second clone (CI, a fresh try) reuses what the first one compiled.
CACHE="${COUNTERFEIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/counterfeit}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
TOOLS="$CACHE/tools"
LOGS="$CACHE/logs"
mkdir -p "$LOGS"
export PATH="$TOOLS/bin:$PATH"

say()  { printf '==> %s\n' "$*"; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

# step "what" "how long" log-name command...: announces, shows a dot every ten seconds, prints the log only on failure.
step() {
  local what="$1" how_long="$2" log="$LOGS/$3.log" start=$SECONDS pid
  shift 3
  printf '==> %s (%s) ' "$what" "$how_long"
  "$@" >"$log" 2>&1 &
  pid=$!
  # An interrupted script must not leave its compiler behind.
  trap 'kill $pid 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    [ $(((SECONDS - start) % 10)) -eq 0 ] && printf '.'
  done
  trap - INT TERM
  if wait "$pid"; then
    printf ' done in %s s\n' $((SECONDS - start))
  else
    printf ' failed\n\n' >&2
    tail -n 60 "$log" >&2
    fail "$what did not succeed; the whole log is $log"
  fi
}

# limit SECONDS command...: like coreutils' timeout, which macOS lacks.
limit() { perl -e 'alarm shift; exec @ARGV or exit 127' "$@"; }

# The version of a crate as Cargo.toml pins it: the one place where it stands.
pinned() { sed -n "s/^$1 = .*\"=\([0-9.]*\)\".*/\1/p" "$ROOT/Cargo.toml" | head -n 1; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

debian() { command -v apt-get >/dev/null 2>&1; }

apt_install() { # apt_install package...
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
