# The thin front door; everything real is in CMake and tools/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test test-release test-asan test-tsan build web check format tidy bench clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install, build and start Hayate with MangaAssist and the local model
	@tools/run.sh

test: ## install, build and run every test (sanitizers included); ends with ctest's summary
	@tools/test.sh

test-release: ## the release build's tests only
	@tools/test.sh release

test-asan: ## unit tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/test.sh asan

test-tsan: ## unit tests under ThreadSanitizer
	@tools/test.sh tsan

setup: ## install what building needs, fetch llama.cpp and the embedder
	@tools/setup.sh && tools/fetch.sh

build: setup web ## build/release/hayate
	@tools/build.sh release

web: ## build the chat page
	@tools/web.sh

check: ## structure, format
	@python3 tools/check_structure.py
	@tools/format.sh --check

format: ## clang-format everything
	@tools/format.sh

tidy: ## clang-tidy on the files changed since main
	@tools/tidy.sh

bench: ## build the benchmarks; bench/README.md says how to run each
	@tools/build.sh bench benches

clean: ## remove build folders (downloads stay in the cache)
	rm -rf build web/dist
