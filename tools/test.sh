#!/usr/bin/env bash
# make test: set-up, builds, every test. With an argument only that build: release, asan or tsan.
source "$(dirname "$0")/lib.sh"

only=${1:-}
tools/setup.sh test
tools/fetch.sh

# sanitized PRESET: unit tests and scenarios under a sanitizer; what needs clients or a browser is left to the release run.
sanitized() {
    tools/build.sh "$1"
    step "Unit tests and scenarios under $1"
    # The symbolizer: reports that can be read, and suppressions by function name.
    ASAN_OPTIONS=detect_leaks=1 ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19 \
        TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp halt_on_error=1 external_symbolizer_path=/usr/bin/llvm-symbolizer-19" \
        ctest --test-dir "build/$1" --label-regex 'unit|scenario' --output-on-failure --parallel 2 || die "tests failed under $1"
}

[ "$only" = "" ] || [ "$only" = asan ] && sanitized asan
[ "$only" = "" ] || [ "$only" = tsan ] && sanitized tsan
if [ "$only" = "" ] || [ "$only" = release ]; then
    tools/web.sh
    source tools/node.sh
    for folder in web test/browser test/integration; do
        [ -e "$folder/package-lock.json" ] && npm_ci "$folder"
    done
    [ -e test/integration/requirements.txt ] && tools/python-tests.sh
    step "The local model for its tests"
    python3 tools/fetch-models.py
    tools/build.sh release
    step "All tests of the release build"
    # Browsers, other people's clients and a language model share two cores here: what fails once is tried once more, and
    # ctest's list shows both tries. The sanitized runs above allow no second try.
    ctest --test-dir build/release --output-on-failure --parallel 2 --repeat until-pass:2
fi
