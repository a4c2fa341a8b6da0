#!/bin/sh
# Runs a command with a temporary PostgreSQL: with_pg.sh [--fsync] COMMAND [ARGUMENT...]
# The command finds LIANDONG_TEST_DB=postgres and LIANDONG_TEST_PG; its exit status is ours. Where PostgreSQL
# is not installed the status is 77 (skipped, as meson counts it).
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
flag=
if [ "${1:-}" = --fsync ]; then
    flag=--fsync
    shift
fi
[ $# -gt 0 ] || {
    echo "with_pg.sh: say which command to run" >&2
    exit 2
}
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || {
    echo "with_pg.sh: skipped, PostgreSQL is not installed" >&2
    exit 77
}
base=$(mktemp -d /tmp/lpg.XXXXXX)
chmod 0711 "$base"
trap '"$tools/pg_cluster.sh" stop "$base/c" || true; rm -rf "$base"' EXIT
trap 'exit 130' INT TERM
LIANDONG_TEST_PG=$("$tools/pg_cluster.sh" start $flag "$base/c")
LIANDONG_TEST_DB=postgres
export LIANDONG_TEST_PG LIANDONG_TEST_DB
status=0
"$@" || status=$?
exit $status
