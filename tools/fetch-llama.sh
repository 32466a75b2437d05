#!/bin/bash
# Builds the llama.cpp libraries that the local model links, once per compiler and CPU level, into
# $HAYATE_CACHE/llama-<key>/{include,lib}. Run by CMake at configure time; safe to run by hand, also
# twice at the same time.
set -euo pipefail

readonly CRATE=llama-cpp-sys-2
readonly HERE=$(cd "$(dirname "$0")" && pwd)
VERSION=$(sed -nE "s/^$CRATE = .*\"=([0-9.]+)\".*/\1/p" "$HERE/llama/Cargo.toml")
readonly VERSION
readonly CACHE=${HAYATE_CACHE:-$HOME/.cache/hayate}
readonly CC=${CC:-clang-19}
readonly CXX=${CXX:-clang++-19}
readonly FLAGS=(
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON
    -DCMAKE_INSTALL_LIBDIR=lib
    # GGML_NATIVE=ON compiles AMX code that crashes; OpenMP would start threads of its own.
    -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DGGML_CCACHE=OFF
    -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF
)

usage() {
    cat <<'TEXT'
usage: tools/fetch-llama.sh [--where]

Fetches llama.cpp (crate llama-cpp-sys-2, pinned in tools/llama/Cargo.lock) with cargo, builds its
static libraries, and prints the folder that holds them. Does nothing when they are there already.

  --where           only print the folder, whether it exists or not

Environment
  HAYATE_CACHE      where to put the result           (default ~/.cache/hayate)
  HAYATE_LLAMA_CPU  auto, avx512, avx2 or generic     (default auto: what this machine has)
  CC, CXX           compilers                         (default clang-19, clang++-19)
  HAYATE_JOBS       parallel compilers                (default: all cores)

Exit codes: 0 done, 1 a step failed, 2 wrong usage, 3 a needed program is missing
TEXT
}

say() { echo "fetch-llama: $*" >&2; }

need() {
    command -v "$1" >/dev/null && return
    say "$1 is missing: apt install $2"
    exit 3
}

cpu_has() {
    local flag
    for flag in "$@"; do grep -qw -m1 "$flag" /proc/cpuinfo || return 1; done
}

cpu_level() {
    if [[ ${HAYATE_LLAMA_CPU:-auto} != auto ]]; then
        echo "$HAYATE_LLAMA_CPU"
    elif cpu_has avx512f avx512bw avx512cd avx512dq avx512vl avx512vbmi avx512_vnni; then
        echo avx512
    elif cpu_has avx2 fma f16c bmi2; then
        echo avx2
    else
        echo generic
    fi
}

# Reading the prompt is 35 % slower without AVX512; generation is the same.
cpu_flags() {
    local avx2=OFF avx512=OFF
    case $1 in
        avx512) avx2=ON avx512=ON ;;
        avx2) avx2=ON ;;
        generic) ;;
        *) say "HAYATE_LLAMA_CPU must be auto, avx512, avx2 or generic, not '$1'"; exit 2 ;;
    esac
    echo -DGGML_AVX=$avx2 -DGGML_AVX2=$avx2 -DGGML_FMA=$avx2 -DGGML_F16C=$avx2 -DGGML_BMI2=$avx2 \
        -DGGML_AVX512=$avx512 -DGGML_AVX512_VBMI=$avx512 -DGGML_AVX512_VNNI=$avx512
}

# Debian 12's cargo (0.66) knows the fast index only as an unstable feature.
cargo_vendor() {
    local minor
    minor=$(cargo --version | sed -E 's/^cargo 1\.([0-9]+).*/\1/')
    if [[ $minor -lt 68 ]]; then export CARGO_UNSTABLE_SPARSE_REGISTRY=true RUSTC_BOOTSTRAP=1; fi
    # CARGO_TARGET_DIR and a parent's config do not matter: nothing is compiled.
    cargo vendor --quiet --locked --manifest-path "$1/Cargo.toml" "$1/vendor" >/dev/null
}

fetch_source() {
    cp "$HERE"/llama/Cargo.{toml,lock} "$1"
    mkdir "$1/src" && touch "$1/src/lib.rs"
    say "fetching $CRATE $VERSION with cargo"
    cargo_vendor "$1" ||
        { say "cargo could not fetch $CRATE (is a crate index reachable?)"; exit 1; }
    local pinned
    pinned=$(grep -A3 "^name = \"$CRATE\"" "$HERE/llama/Cargo.lock" |
        sed -nE 's/^checksum = "(.*)"/\1/p')
    grep -q "\"package\":\"$pinned\"" "$1/vendor/$CRATE/.cargo-checksum.json" ||
        { say "the checksum of $CRATE is not the pinned one"; exit 1; }
}

build() {
    local work=$1 generator=()
    if command -v ninja >/dev/null; then generator=(-G Ninja); fi
    if command -v ccache >/dev/null; then
        generator+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    say "building for $level with $CXX, one to three minutes on two cores"
    {
        cmake -S "$work/vendor/$CRATE/llama.cpp" -B "$work/build" "${generator[@]}" \
            -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" "${all_flags[@]}" &&
            cmake --build "$work/build" -j "${HAYATE_JOBS:-$(nproc)}" &&
            cmake --install "$work/build" --prefix "$work/out"
    } >"$work/log" 2>&1 || { tail -40 "$work/log" >&2; say "the build failed"; exit 1; }
    cp "$work/vendor/$CRATE/llama.cpp/LICENSE" "$work/out/LICENSE"
}

case ${1:-} in
    '' | --where) ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac
need "$CXX" clang-19

level=$(cpu_level)
level_flags=$(cpu_flags "$level")
read -ra level_flags <<<"$level_flags"
if [[ $(uname -m) != x86_64 ]]; then level_flags=(); fi
all_flags=("${FLAGS[@]}" "${level_flags[@]}")
key=$(echo "$VERSION ${all_flags[*]} $("$CXX" --version | head -1)" | sha256sum | cut -c1-12)
readonly TARGET=$CACHE/llama-$key

if [[ ${1:-} == --where ]]; then echo "$TARGET"; exit 0; fi
if [[ -f $TARGET/lib/libllama.a ]]; then echo "$TARGET"; exit 0; fi
need cargo cargo
need cmake cmake

mkdir -p "$CACHE"
work=$(mktemp -d "$CACHE/llama-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
fetch_source "$work"
build "$work"
# Whoever renames first wins; a second build of the same key is thrown away.
mv -T "$work/out" "$TARGET" 2>/dev/null || [[ -f $TARGET/lib/libllama.a ]]
say "ready in $TARGET"
echo "$TARGET"
