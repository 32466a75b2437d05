#!/usr/bin/env bash
# make run: from a bare machine to a page that answers. Every step is skipped when it is done already.
# With ANTHROPIC_API_KEY, or OPENAI_API_KEY (and OPENAI_BASE_URL), set, that provider is used instead of the local model.
source "$(dirname "$0")/lib.sh"

tools/setup.sh
tools/fetch.sh
tools/web.sh
tools/build.sh release hayate

background=()
if [ -n "${ANTHROPIC_API_KEY:-}${OPENAI_API_KEY:-}${OPENAI_BASE_URL:-}" ]; then
    step "Using the provider named by the environment; the local model is not loaded"
    background+=(--no-local-model)
else
    step "The local model (the fast one first; 0.5 GB)"
    if python3 tools/fetch-models.py --only fast; then
        # The strong one may take its time: the server takes it in when the file is there.
        python3 tools/fetch-models.py --only strong >"$HAYATE_CACHE/fetch-strong.log" 2>&1 &
    else
        step "Without weights: the server answers from FAQ and catalog (run 'python3 tools/fetch-models.py' later)"
    fi
fi

step "Starting hayate serve"
exec build/release/hayate serve "${background[@]}" "$@"
