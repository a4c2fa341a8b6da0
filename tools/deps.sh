#!/bin/sh
# Installs the Debian packages that a word of the Makefile needs, when they are missing.
#   tools/deps.sh build|test|bench
set -eu

build="gcc libc6-dev make meson ninja-build pkg-config python3 gettext ca-certificates
  libmicrohttpd-dev libsqlite3-dev libpq-dev libsodium-dev libssl-dev libcurl4-openssl-dev libxml2-dev libmd4c-dev libmd4c-html0-dev
  libjansson-dev libicu-dev zlib1g-dev libbrotli-dev libvips-dev libqrencode-dev librsvg2-bin fonts-noto-cjk"
test="$build clang clang-format libclang-rt-14-dev llvm libcmocka-dev postgresql postgresql-client sqlite3 libxml2-utils nodejs npm
  chromium valgrind curl git util-linux procps"
bench="$build postgresql nginx-light fossil wrk curl git sqlite3 python3-feedparser"

case "${1:-}" in
    build) wanted=$build ;;
    test) wanted=$test ;;
    bench) wanted=$bench ;;
    *) echo "usage: tools/deps.sh build|test|bench" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
# A node from elsewhere serves as well as Debian's, whose npm brings several hundred packages.
if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    missing=$(echo "$missing" | tr ' ' '\n' | grep -v -e '^nodejs$' -e '^npm$' | tr '\n' ' ')
fi
[ -n "$(echo "$missing" | tr -d ' \n')" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "These packages are missing, and neither root nor sudo is at hand:$missing" >&2
        exit 4
    }
    as_root=sudo
fi
echo "Installing:$missing"
# The test starts a database cluster of its own; Debian's default one is not wanted.
if echo "$missing" | grep -q 'postgresql'; then
    $as_root mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo 'create_main_cluster = false' | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
