#!/bin/sh
# Speed and memory beside nginx and Fossil, on both databases; the table is for docs/benchmarks.md.
set -eu
cd "$(dirname "$0")/.."
exec tools/with_pg.sh --fsync node tests/bench/run.mjs
