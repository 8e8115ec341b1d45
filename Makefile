# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A thin front on the CMake presets. Every target starts from a bare machine:
# missing packages are installed (or named), the build is configured and built.
JOBS   ?= $(shell nproc)
PREFIX ?= /usr/local
BUILD  := build
# How long `make fuzz` runs, in seconds.
SECONDS_TO_FUZZ ?= 600

.DEFAULT_GOAL := build
.PHONY: build deps demo check check-fast check-sanitize sanitized fuzz bench bench-peers \
        install format check-format tidy clean help

build: $(BUILD)/build.ninja ## everything: plugin, wrappers, runtime (default)
	@cmake --build $(BUILD) -j $(JOBS)

deps: ## install the packages that are missing (Debian, Ubuntu)
	@scripts/install-deps

$(BUILD)/build.ninja: CMakePresets.json | deps
	@cmake --preset default

demo: build ## fit a Gaussian mixture with Tern's gradient
	@cmake --build $(BUILD) -j $(JOBS) --target demo

check: build sanitized ## all tests
	@scripts/check $(BUILD) all

check-fast: build ## the tests that take less than two minutes together
	@scripts/check $(BUILD) fast

check-sanitize: sanitized ## compiled tests, stages and mutants under ASan and UBSan
	@scripts/check build-sanitize sanitized

sanitized: deps
	@cmake --preset sanitize >build-sanitize.log || { cat build-sanitize.log; exit 1; }
	@cmake --build build-sanitize -j $(JOBS) --target compiled-tests tern ir-mutants

fuzz: build ## random programs for SECONDS_TO_FUZZ seconds
	@test/fuzz/run.py --plugin $(BUILD)/lib/TernPlugin.so --out $(BUILD)/fuzz --seconds $(SECONDS_TO_FUZZ)

bench: build ## the table of benchmarks/RESULTS.md
	@cmake --build $(BUILD) -j $(JOBS) --target bench

bench-peers: build ## the same problems against other tools
	@scripts/install-deps --peers
	@cmake --build $(BUILD) -j $(JOBS) --target bench-peers

install: build ## install under PREFIX (default /usr/local)
	@cmake --install $(BUILD) --prefix $(PREFIX)

format: deps ## reformat the C and C++ sources
	@scripts/sources | xargs clang-format-22 -i

check-format: deps ## fail where `make format` would change something
	@scripts/sources | xargs clang-format-22 --dry-run --Werror

tidy: build ## clang-tidy over the plugin and the runtime
	@scripts/tidy $(BUILD)

clean: ## remove the build folders
	@rm -rf $(BUILD) build-sanitize build-sanitize.log

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | \
	  awk -F'|' '{printf "make %-15s %s\n", $$1, $$2}'
