#!/bin/sh
# Starts or stops a temporary PostgreSQL for tests.
#
#   pg_cluster.sh start [--fsync] DIR   makes a cluster in the new folder DIR and prints its connection string
#   pg_cluster.sh stop DIR              stops it and removes DIR
#
# The cluster listens on a socket in DIR only (a path short enough for a socket), sorts by code point, is UTF-8
# and trusts who may open DIR. Nothing is synced unless --fsync says so. initdb refuses root, so as root all of it
# runs as the account `postgres`.
set -eu

die() {
    echo "pg_cluster.sh: $*" >&2
    exit 2
}

bin_folder() {
    for folder in /usr/lib/postgresql/*/bin; do
        [ -x "$folder/initdb" ] && found=$folder
    done
    [ -n "${found:-}" ] || die "PostgreSQL is not installed (package postgresql)"
    echo "$found"
}

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid postgres --regid postgres --clear-groups "$@"
    else
        "$@"
    fi
}

start() {
    fsync=off
    if [ "${1:-}" = --fsync ]; then
        fsync=on
        shift
    fi
    [ $# = 1 ] || die "start needs one folder"
    [ ! -e "$1" ] || die "$1 exists already"
    bin=$(bin_folder)
    mkdir -m 0700 "$1"
    dir=$(cd "$1" && pwd)
    [ "${#dir}" -le 80 ] || die "$dir is too long for a socket"
    if [ "$(id -u)" = 0 ]; then
        chown postgres:postgres "$dir"
        chmod 0711 "$dir"
    fi
    cd / # the owner may not be allowed to stand where we stand
    as_owner "$bin/initdb" -D "$dir/data" -U liandong -A trust --locale=C -E UTF8 -N \
        >"$dir/../$(basename "$dir").initdb" 2>&1 || {
        cat "$dir/../$(basename "$dir").initdb" >&2
        die "initdb failed"
    }
    rm -f "$dir/../$(basename "$dir").initdb"
    shared=posix
    as_owner test -w /dev/shm || shared=mmap
    as_owner sh -c "cat >>'$dir/data/postgresql.conf'" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
fsync = $fsync
synchronous_commit = $fsync
full_page_writes = $fsync
dynamic_shared_memory_type = $shared
max_connections = 100
max_locks_per_transaction = 1000
shared_buffers = 64MB
autovacuum = off
CONF
    as_owner "$bin/pg_ctl" -s -w -D "$dir/data" -l "$dir/log" start >&2 || {
        as_owner cat "$dir/log" >&2
        die "the server did not start"
    }
    echo "host=$dir dbname=postgres user=liandong"
}

stop() {
    [ $# = 1 ] || die "stop needs one folder"
    [ -d "$1/data" ] || die "$1 is no cluster of ours"
    dir=$(cd "$1" && pwd)
    cd /
    as_owner "$(bin_folder)/pg_ctl" -s -w -m immediate -D "$dir/data" stop >&2 || true
    rm -rf "$dir"
}

case "${1:-}" in
start | stop) "$@" ;;
*) die "say start or stop" ;;
esac
