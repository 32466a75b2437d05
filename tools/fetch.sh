#!/usr/bin/env bash
# Fetches what is built against: llama.cpp's sources and the embedder's weights. Each is pinned and checked.
source "$(dirname "$0")/lib.sh"

tools/fetch-llama.sh
python3 tools/fetch-embedder.py
