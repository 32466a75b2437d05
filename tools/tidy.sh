#!/usr/bin/env bash
# clang-tidy on the sources changed since a commit (default: the last one), with build/dev's compile commands.
#   tools/tidy.sh [COMMIT | --all]
source "$(dirname "$0")/lib.sh"

[ -e build/dev/compile_commands.json ] || cmake --preset dev >/dev/null
if [ "${1:-}" = --all ]; then
    mapfile -t files < <(git ls-files 'src/*.cpp' | grep -v _test.cpp)
else
    mapfile -t files < <(git diff --name-only --diff-filter=d "${1:-HEAD~1}" -- 'src/*.cpp' | grep -v _test.cpp)
fi
[ ${#files[@]} -gt 0 ] || exit 0
clang-tidy-19 --quiet -p build/dev "${files[@]}"
