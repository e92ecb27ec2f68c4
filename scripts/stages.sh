# shellcheck shell=bash
# The stages of `make check`, `make test` and `make test-long`: how one is run and timed, and those that all three begin with.
# Sourced after setup.sh has run. A stage's output is shown as it comes: its lines are the result.

source "$ROOT/scripts/toolchain.sh"

elapsed() { local s=$((SECONDS - $1)); if [ $s -ge 60 ]; then printf '%s min %s s' $((s / 60)) $((s % 60)); else printf '%s s' $s; fi; }

minutes() { printf '%s.%s' $(($1 / 60)) $(($1 % 60 / 6)); }

# What each stage took, for the table at the end.
TIMES=()

# stage "what" "how long" command...: shows its output and how long it took; the first that fails ends everything.
stage() {
  local what="$1" since=$SECONDS
  printf '\n==> %s (%s)\n' "$what" "$2"
  shift 2
  start "$@"
  finish
  [ "$STATUS" -eq 0 ] || fail "$what: failed with status $STATUS after $(elapsed "$since")"
  printf -- '--> %s: passed in %s\n' "$what" "$(elapsed "$since")"
  TIMES+=("$((SECONDS - since)) $what")
}

# The table of the minutes, and what they sum to.
summary() {
  printf '\nMinutes of each stage:\n'
  local sum=0 entry
  for entry in "${TIMES[@]}"; do
    sum=$((sum + ${entry%% *}))
    printf '  %6s  %s\n' "$(minutes "${entry%% *}")" "${entry#* }"
  done
  printf '  %6s  together\n\n' "$(minutes "$sum")"
}

# Node's own reporter for programs where nobody looks on, in every version of Node.
REPORTER=tap
if [ -t 1 ]; then REPORTER=spec; fi
node_tests() { node --test --test-reporter="$REPORTER" "$@"; }

# The processors of this machine: as many test files run beside each other where none of them measures times.
CORES="$(node -p 'os.availableParallelism()')"

# `--release`, as in every build here, although clippy and rustdoc generate no code: what runs on this machine while compiling
# (procedural macros, build scripts) is then shared with the builds; another profile would compile it once more.
lint() { cargo clippy --release "$@" -- -D warnings; }
rustdoc() { RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --release --workspace --no-deps --document-private-items; }

quick_stages() {
  stage "format, Rust" "a second" cargo fmt --all --check
  stage "format and lint, JavaScript" "a second" node_modules/.bin/biome ci --error-on-warnings
  stage "spelling" "a second" typos
  stage "import cycles" "a second" node scripts/cycles.mjs
  stage "licences, bans, sources of crates" "seconds" cargo deny --log-level error check licenses bans sources
  stage "lint, native" "2 minutes the first time" lint --workspace --all-targets
  stage "lint, WebAssembly" "3 minutes the first time" lint --workspace --exclude counterfeit-cli --lib --tests --target $WASM --features webgpu
  stage "documentation of the code" "seconds" rustdoc
  # The JavaScript checks need the data sets and the bundles: their types, and some tests load them.
  stage "data sets" "a minute the first time" node scripts/data.mjs
  stage "WebAssembly bundles" "20 minutes the first time" scripts/build.sh wasm
  stage "JavaScript, types" "seconds" node_modules/.bin/tsc --noEmit
  stage "JavaScript, types of the benchmark" "seconds" node_modules/.bin/tsc --noEmit -p bench
  local units=()
  while IFS= read -r file; do units+=("$file"); done < <(find tests/js www -name '*.test.js' -not -path 'www/public/*' | LC_ALL=C sort)
  stage "JavaScript, unit tests" "seconds" node_tests --test-concurrency="$CORES" "${units[@]}"
  stage "Rust, unit tests" "6 minutes the first time" cargo test --workspace --release --lib
  stage "types of what the core gives the page" "seconds" cargo test --release --test contract
}

# What neither `make check` nor `make test` does, said where it is left out.
say_skipped() {
  say "not checked here: advisories (cargo deny check advisories, npm audit) need the network and run in the hosted workflow"
}
