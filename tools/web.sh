#!/usr/bin/env bash
# Builds the chat page into web/dist, if its sources changed.
source "$(dirname "$0")/lib.sh"
source tools/node.sh

if newer_than web/dist/index.html $(git ls-files web 2>/dev/null || find web -path '*/node_modules' -prune -o -type f -print); then
    step "Building the page"
    npm_ci web
    (cd web && npm run --silent build) || die "the page did not build"
fi
