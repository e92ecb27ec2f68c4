# shellcheck shell=bash
# Runs tests/web.rs in Chrome. Sourced after browser.sh.

# The same browser that the other tests use, whatever chromedriver would have picked.
# web_tests [argument...]: the Rust tests in Chrome; arguments are for the test program.
web_tests() {
  local settings="$CACHE/webdriver.json"
  node -e '
    const [from, to, binary] = process.argv.slice(1), fs = require("fs"), settings = JSON.parse(fs.readFileSync(from));
    settings["goog:chromeOptions"].binary = binary;
    fs.writeFileSync(to, JSON.stringify(settings));' webdriver.json "$settings" "$CHROME"
  # Half an hour for all of them: the default of 20 seconds is less than a software GPU needs to compile its kernels.
  # One test file, because the others are for a command line. No path before the `--`: with one, wasm-pack
  # hands what follows to the test program instead of to cargo, and WebGPU would silently not be in it.
  # wasm-bindgen's runner takes GECKODRIVER before CHROMEDRIVER, whatever wasm-pack was told: engines.sh exports one.
  env -u GECKODRIVER -u GECKODRIVER_REMOTE -u SAFARIDRIVER -u SAFARIDRIVER_REMOTE -u CHROMEDRIVER_REMOTE \
    WASM_BINDGEN_TEST_TIMEOUT=1800 WASM_BINDGEN_TEST_WEBDRIVER_JSON="$settings" \
    wasm-pack test --headless --chrome --chromedriver "$CHROMEDRIVER" --release --mode no-install -- --features webgpu --test web ${1:+-- "$@"}
}
