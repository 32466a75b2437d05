# Shared by the scripts of tools/: messages, and the folder everything downloaded is kept in. Source it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export HAYATE_CACHE="${HAYATE_CACHE:-$HOME/.cache/hayate}"
mkdir -p "$HAYATE_CACHE"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

step() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
die() {
    printf '%serror:%s %s\n' "$bold" "$plain" "$*" >&2
    exit 1
}
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root: run it as root, or install sudo. Wanted to run: $*"
    fi
}

# newer_than STAMP FILES...: true when a file is newer than the stamp or the stamp is missing.
newer_than() {
    local stamp=$1 file
    shift
    [ -e "$stamp" ] || return 0
    for file in "$@"; do [ "$file" -nt "$stamp" ] && return 0; done
    return 1
}
