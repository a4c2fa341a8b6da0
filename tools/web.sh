#!/bin/sh
# Puts the browser tests' two packages (playwright-core, axe-core) into tests/browser/node_modules, as the lock file
# names them. Does nothing when that lock file is what was installed last.   tools/web.sh
set -eu
cd "$(dirname "$0")/../tests/browser"
mark=node_modules/.installed
wanted=$(sha256sum package-lock.json | cut -d' ' -f1)

if [ "$(cat "$mark" 2>/dev/null || true)" = "$wanted" ] && [ -d node_modules/playwright-core ] &&
    [ -d node_modules/axe-core ]; then
    echo "web: the browser tests' packages are there"
    exit 0
fi
command -v npm >/dev/null 2>&1 || {
    echo "web: npm is not installed, so the browser tests cannot be prepared (tools/deps.sh test)." >&2
    exit 1
}
said=$(mktemp)
trap 'rm -f "$said"' EXIT
npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1 --fetch-timeout=20000 >"$said" 2>&1 || {
    tail -n 5 "$said" >&2
    echo "web: the browser tests' packages could not be fetched; is there a network? Nothing else needs it." >&2
    exit 1
}
echo "$wanted" >"$mark"
echo "web: the browser tests' packages are installed"
