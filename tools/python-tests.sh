#!/usr/bin/env bash
# A virtual environment with the Python clients that the integration tests use, pinned by hash.
source "$(dirname "$0")/lib.sh"

home="$HAYATE_CACHE/python-tests"
if newer_than "$home/.stamp" test/integration/requirements.txt; then
    step "Python clients for the integration tests"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r test/integration/requirements.txt
    touch "$home/.stamp"
fi
