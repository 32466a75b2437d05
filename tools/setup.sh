#!/usr/bin/env bash
# Installs what is missing on this machine: Debian packages, and with "test" what the tests need. Does nothing twice.
#   tools/setup.sh [test]
source "$(dirname "$0")/lib.sh"

wanted() { sed 's/#.*//; /^[[:space:]]*$/d' "$@"; }

lists=(tools/apt-packages.txt)
[ "${1:-}" = test ] && lists+=(tools/apt-packages-test.txt)

missing=()
for package in $(wanted "${lists[@]}"); do
    # A newer node or npm than Debian's is as good.
    case $package in
        nodejs | npm) command -v "${package/nodejs/node}" >/dev/null && continue ;;
    esac
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    step "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    command -v apt-get >/dev/null || die "apt-get not found. Hayate is built on Debian 12; on another system install: ${missing[*]}"
    # Packages that bring a server (nginx, prometheus) must not start it on this machine.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod +x $policy
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    as_root apt-get update -qq || die "apt-get update failed: is the network there?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$HAYATE_CACHE/apt.log" 2>&1 ||
        die "apt-get install failed; see $HAYATE_CACHE/apt.log"
fi

node_major=$(node --version | sed 's/v\([0-9]*\).*/\1/')
[ "$node_major" -ge 18 ] || die "Node.js 18 or newer is needed to build the page; found $(node --version)"
