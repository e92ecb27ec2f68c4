# Everything starts here; the work is done by the scripts it calls. Runs with GNU make 3.81 (macOS) and newer.

PORT ?= 8080
# Not from the environment, where some shells keep the name of the machine: `make run HOST=0.0.0.0` to be reached from others.
HOST = localhost
export PORT HOST

.PHONY: help run check test test-long bench build data results thumbnails contract golden fmt clean distclean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1:/p' Makefile | while IFS=: read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

run: build ## install what is missing, build, serve at http://localhost:8080/ (another port: make run PORT=8081)
	@exec node scripts/serve.mjs

build: ## make dist/, a folder that any web host can serve from any path
	@scripts/setup.sh build
	@node scripts/data.mjs
	@scripts/build.sh wasm
	@scripts/build.sh site

check: ## install what is missing and run the quick checks: format, lints, types, words, unit tests (3 minutes)
	@scripts/check.sh

test: ## install what is missing and run every check and test but the long ones (30 minutes)
	@scripts/test.sh

test-long: ## run the long tests, and measure the rows that bench/ lacks (40 minutes and more)
	@scripts/test.sh long

bench: ## measure speed beside TensorFlow.js and jax-js, 20 minutes (in 5: make bench QUICK=1)
	@scripts/setup.sh test
	@node scripts/data.mjs
	@scripts/build.sh wasm
	@bash -c 'source scripts/lib.sh; source scripts/browser.sh; exec node bench/run.mjs $(if $(QUICK),--quick)'

data: ## only put the data sets beside the page
	@scripts/setup.sh build
	@node scripts/data.mjs

results: ## write docs/results.md from the measurements in bench/
	@node scripts/results.mjs

thumbnails: build ## make the pictures of the gallery that are missing (30 minutes for all), or make thumbnails ONLY="ring moons"
	@bash -c 'source scripts/lib.sh; source scripts/browser.sh; exec node scripts/thumbnails.mjs $(ONLY)'

contract: ## write www/contract.d.ts from the Rust types, after a change to what the core gives the page
	@scripts/setup.sh check
	@bash -c 'source scripts/lib.sh; source scripts/toolchain.sh; CONTRACT=write cargo test --release --test contract'

golden: ## make the golden states anew, after a change that is meant to change runs
	@scripts/golden.sh

fmt: ## format the code
	@cargo fmt --all
	@node_modules/.bin/biome format --write

clean: ## remove what was built here; the compiler's cache outside the clone stays
	rm -rf pkg dist www/public/data

distclean: clean ## remove the npm packages and the cache folder too
	rm -rf node_modules
	@bash -c 'source scripts/lib.sh; cd "$$CACHE"; rm -rf target tools tools-target logs std probe webdriver.json; cd ..; rmdir "$$CACHE"'
