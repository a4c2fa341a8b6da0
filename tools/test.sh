#!/bin/bash
# Everything that must hold, part by part, with a time table.   tools/test.sh short|full
# A part has a budget in seconds; one that runs out fails. LIANDONG_PARTS="unit http" runs only those.
set -u
cd "$(dirname "$0")/.."
mode=${1:-short}
root=$PWD
log=$root/build/test-logs
mkdir -p "$log"
passed=0 failed=0 table= failures=

compiler() { if command -v ccache >/dev/null 2>&1; then echo "ccache $1"; else echo "$1"; fi; }

setup() { # folder, compiler, meson options...
    local folder=$1 cc=$2
    shift 2
    [ -f "$folder/build.ninja" ] || CC="$(compiler "$cc")" meson setup "$folder" "$@"
}

part() { # name, budget in seconds, command...
    local name=$1 budget=$2 start=$SECONDS status
    shift 2
    if [ -n "${LIANDONG_PARTS:-}" ] && ! echo " $LIANDONG_PARTS " | grep -q " $name "; then
        return
    fi
    echo "== $name"
    timeout --kill-after=20 "$budget" bash -c "$*" >"$log/$name.log" 2>&1
    status=$?
    local seconds=$((SECONDS - start)) word=ok
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        failures="$failures $name"
        word=FAILED
        [ $status -eq 124 ] && word="FAILED (over its budget)"
        tail -n 60 "$log/$name.log"
    fi
    grep -hE '^[a-z0-9 -]+: [0-9].*(cases|faults|passed|skipped|cycles|runs|files)' "$log/$name.log" | tail -n 40 |
        sed 's/^/   /'
    table="$table$(printf '%-22s %6d s of %5d s   %s' "$name" "$seconds" "$budget" "$word")
"
}

# Parts that wait for nobody's clock run beside the others, with what these leave of the processors: a name, then a
# function of parts. Their results come in where `join` is called.
beside() {
    (
        renice -n 5 -p "$BASHPID" >/dev/null
        "$2"
        printf '%s' "$table" >"$log/$1.table"
        printf 'beside_passed=%d beside_failed=%d beside_failures="%s"\n' "$passed" "$failed" "$failures" >"$log/$1.result"
    ) >"$log/$1.out" 2>&1 &
    beside_pid=$!
}
join() {
    local beside_passed=0 beside_failed=1 beside_failures=" $1"
    wait "$beside_pid"
    cat "$log/$1.out"
    # shellcheck disable=SC1090
    [ -f "$log/$1.result" ] && . "$log/$1.result"
    table="$table$(cat "$log/$1.table")
"
    passed=$((passed + beside_passed)) failed=$((failed + beside_failed)) failures="$failures$beside_failures"
}

export -f setup compiler
export LIANDONG_MODE=$mode
asan="-Db_sanitize=address,undefined -Db_lundef=false"
checked=$root/build/asan/src/app/liandong # from outside too: SQLite's runs use it, PostgreSQL's the release

part checks 120 'for check in self layers sql stores banned templates faults; do
        python3 tools/check_$check.py . || exit 1
    done
    python3 tools/messages.py check . && tools/check_format.sh'
# The program under ASan and UBSan finds the demo's pictures beside itself, as the other does.
part build 900 "tools/build.sh && setup build/asan gcc $asan && ninja -C build/asan &&
    ln -sfn ../../../release/src/app/demo build/asan/src/app/demo"
part symbols 120 'python3 tools/check_symbols.py . build/release'
part templates 60 'build/liandong template check'
# Floods of hostile bytes go through the checked program only, unless there are hours.
floods="-feed-injection -naughty-strings -injection-payloads -unicode -encodings-derived"
[ "$mode" = short ] || floods=
plumbing_parts() {
    passed=0 failed=0 table='' failures=''
    part plumbing 900 "node tests/plumbing/run.mjs $floods"
    part plumbing-asan 1200 "LIANDONG_PROGRAM=$checked node tests/plumbing/run.mjs"
}
rm -f "$log/lane.result" "$log/lane.table"
beside lane plumbing_parts
part web 300 'tools/web.sh'
part unit 900 'meson test -C build/asan --no-rebuild --print-errorlogs --timeout-multiplier 5 --suite unit'
part unit-postgres 900 'tools/with_pg.sh meson test -C build/asan --no-rebuild --print-errorlogs --timeout-multiplier 5 --suite store'
part clang 600 "setup build/clang clang -Db_lundef=false && ninja -C build/clang"
part threads 600 "setup build/tsan gcc -Db_sanitize=thread -Db_lundef=false &&
    meson compile -C build/tsan && meson test -C build/tsan --no-rebuild --print-errorlogs --suite threads"
part http 900 "LIANDONG_PROGRAM=$checked node tests/http/run.mjs sqlite"
part http-postgres 900 'tools/with_pg.sh node tests/http/run.mjs postgres'
part peers 120 "LIANDONG_PROGRAM=$checked node tests/peers/run.mjs sqlite"
part peers-postgres 120 'tools/with_pg.sh node tests/peers/run.mjs postgres'
part crash 600 "LIANDONG_PROGRAM=$checked node tests/crash/run.mjs sqlite"
part crash-postgres 600 'tools/with_pg.sh --fsync node tests/crash/run.mjs postgres'
part corpus 600 "export LIANDONG_PROGRAM=$checked; node tests/corpus/run.mjs sqlite; status=\$?; node tests/proof/run.mjs && exit \$status"
part corpus-postgres 600 'tools/with_pg.sh node tests/corpus/run.mjs postgres'
part browser 900 "LIANDONG_PROGRAM=$checked node tests/browser/journeys.mjs"
# All journeys under the look take as long as without it.
part browser-look 900 "LIANDONG_LOOK=docs/samples/look node tests/browser/journeys.mjs $([ "$mode" = full ] || echo reader own_story keyboard)"
join lane
part sanitizer 600 'node tests/browser/sanitize.mjs'
part fuzz 600 'tools/fuzz.sh short'

echo
printf '%s' "$table"
# What failed stands at the end once more: it is what a reader of the last lines looks for.
for name in $failures; do
    echo
    echo "== $name failed:"
    { grep -hiE 'FAILED|ERROR:|SUMMARY:|runtime error|^not ok|assert' "$log/$name.log" | cut -c 1-200 | tail -n 8
      echo ...
      tail -n 12 "$log/$name.log" | cut -c 1-200; }
done
echo
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
