# shellcheck shell=bash
# Shared by every script here: where caches live, how a step is announced, how a long one is run.
# Sourced, never executed. Works with bash 3.2 (macOS) and needs no GNU-only flag.

set -euo pipefail

ROOT="$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# Outside the clone, so that a second clone (CI, a fresh try) reuses what the first one compiled.
CACHE="${COUNTERFEIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/counterfeit}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
TOOLS="$CACHE/tools"
LOGS="$CACHE/logs"
mkdir -p "$LOGS"
export PATH="$TOOLS/bin:$PATH"
# They would replace the flags in .cargo/config.toml: no SIMD, and everything compiled anew.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS

say()  { printf '==> %s\n' "$*"; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

# start command...: begins it in the background, as PID, in a process group of its own, so that an interrupt ends the compilers
# it started too. Without a terminal to read from: a question in the background would wait for ever.
start() {
  set -m
  "$@" </dev/null &
  PID=$!
  set +m
  trap 'kill -TERM -"$PID" 2>/dev/null; printf "\ninterrupted\n" >&2; exit 130' INT TERM HUP
}

# finish: waits for what `start` began and leaves its exit status in STATUS.
finish() {
  STATUS=0
  wait "$PID" || STATUS=$?
  trap - INT TERM HUP
}

# attempt "what" "how long" log-name command...: announces, shows a dot every ten seconds, keeps the output in a log.
# The command runs in a subshell: what it exports or changes stays there. Its exit status is left in STATUS, not returned:
# in a condition (`if attempt`, `step || ...`) bash would ignore every failure inside the command but the last.
attempt() {
  local what="$1" how_long="$2" log="$LOGS/$3.log" since=$SECONDS dots=0
  shift 3
  printf '==> %s (%s) ' "$what" "$how_long"
  start "$@" >"$log" 2>&1
  while kill -0 "$PID" 2>/dev/null; do
    sleep 1
    while [ $((SECONDS - since)) -ge $((10 * (dots + 1))) ]; do printf '.'; dots=$((dots + 1)); done
  done
  finish
  if [ "$STATUS" -eq 0 ]; then printf ' done in %s s\n' $((SECONDS - since)); else printf ' failed after %s s\n' $((SECONDS - since)); fi
}

# step: an attempt that has to succeed; shows the end of its log when it does not.
step() {
  attempt "$@"
  if [ "$STATUS" -eq 0 ]; then return; fi
  printf '\n' >&2
  tail -n 60 "$LOGS/$3.log" >&2
  fail "$1: that did not succeed; the whole log is $LOGS/$3.log"
}

# limit SECONDS command...: like coreutils' timeout, which macOS lacks; status 124 when the time is up.
limit() {
  perl -e '
    my $seconds = shift; my $child = fork;
    if (!$child) { exec @ARGV or exit 127 }
    $SIG{ALRM} = sub { kill "TERM", $child; print STDERR "given up after $seconds s\n"; exit 124 };
    alarm $seconds; waitpid $child, 0; exit($? & 127 ? 128 + ($? & 127) : $? >> 8)' "$@"
}

# The version of a crate as Cargo.toml pins it: the one place where it stands.
pinned() { sed -n "s/^$1 = .*\"=\([0-9.]*\)\".*/\1/p" "$ROOT/Cargo.toml" | head -n 1; }

debian() { command -v apt-get >/dev/null 2>&1; }

# Asks for the password where it can be seen; what runs inside a step cannot ask any more (`sudo -n`).
may_be_root() {
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null 2>&1 || fail "packages have to be installed: run this as root, or install sudo"
  sudo -n true 2>/dev/null || sudo -v || fail "packages have to be installed, and that needs root"
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_install() { # apt_install package...
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
