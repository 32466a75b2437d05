#!/usr/bin/env bash
# Formats every C++ file of the project; with --check only says which ones need it.
source "$(dirname "$0")/lib.sh"

mapfile -t files < <(find src test bench -name node_modules -prune -o -name '*.[ch]pp' -print)
if [ "${1:-}" = --check ]; then
    clang-format-19 --dry-run --Werror "${files[@]}"
else
    clang-format-19 -i "${files[@]}"
fi
