#!/usr/bin/env bash
# tools/build.sh PRESET [TARGET...]: configures once, builds, and links build/PRESET/hayate.
source "$(dirname "$0")/lib.sh"

preset=${1:?which preset: release, dev, asan, tsan, bench}
shift
export CCACHE_DIR="${CCACHE_DIR:-$HAYATE_CACHE/ccache}" CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-5G}"
# Paths inside the tree count as relative, so that another clone on this machine finds what this one has compiled.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
# A unit costs up to 2 GB under sanitizers: as many jobs as cores, but no more than the memory carries.
jobs=$(nproc)
memory_jobs=$(awk '/MemAvailable/ {print int($2 / 2000000)}' /proc/meminfo)
[ "$memory_jobs" -ge 1 ] && [ "$memory_jobs" -lt "$jobs" ] && jobs=$memory_jobs

if newer_than "build/$preset/build.ninja" CMakeLists.txt CMakePresets.json; then
    step "Configuring build/$preset"
    cmake --preset "$preset" >"$HAYATE_CACHE/configure-$preset.log" 2>&1 || {
        tail -n 20 "$HAYATE_CACHE/configure-$preset.log" >&2
        die "CMake failed; the whole log is $HAYATE_CACHE/configure-$preset.log"
    }
fi
step "Building $preset"
ninja -C "build/$preset" -j "$jobs" "$@"
