#!/bin/bash
# Every fuzz target of tests/fuzz for so many seconds each.   tools/fuzz.sh SECONDS|short [NAME...]
# `short` is 3 minutes for all of them, building included, and makes the same inputs on every machine: from an
# empty corpus and one seed, so that what passed before a change is there to compare with. With SECONDS the seed is
# chance and the corpus grows from run to run. Two run side by side. Before them the inputs that once failed
# (tests/fuzz/regressions/NAME) are replayed. What fails now is left in build/test-logs.
set -u
cd "$(dirname "$0")/.."
root=$PWD
seconds=${1:-short}
shift $(($# > 0))
folder=$root/build/fuzz
log=$root/build/test-logs
shared=${LIANDONG_SHARED:-$root/../shared}/corpora/conformance/fuzz-seeds
mkdir -p "$log"

case $seconds in
short | *[0-9]) ;;
*) echo "usage: tools/fuzz.sh SECONDS|short [NAME...]" >&2; exit 2 ;;
esac
if [ ! -f "$folder/build.ninja" ]; then
    clang=clang
    command -v ccache >/dev/null 2>&1 && clang="ccache clang"
    CC=$clang meson setup "$folder" -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false >"$log/fuzz-setup.log" ||
        { cat "$log/fuzz-setup.log"; exit 1; }
fi
corpora=$folder/corpus
seed=0 # chance
names=$*
[ -n "$names" ] || names=$(cd tests/fuzz && ls fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')
programs=
for name in $names; do programs="$programs tests/fuzz/fuzz_$name"; done
ninja -C "$folder" $programs >"$log/fuzz-build.log" || { tail -n 40 "$log/fuzz-build.log"; exit 1; }
set -- $names
if [ "$seconds" = short ]; then
    seconds=$(((180 - SECONDS) * 2 / $#))
    [ "$seconds" -ge 2 ] || seconds=2
    corpora=$folder/corpus-short
    seed=1
    rm -rf "$corpora"
fi

# Which public seeds fit which target.
seeds_of() {
    case $1 in
    html_clean | html_text | markdown) echo stdhtml ;;
    json_read | fields | ledger) echo json ;;
    form) echo multipart mime ;;
    guard) echo httpreq ;;
    image) echo gif jpeg png ;;
    path | net_url) echo url ;;
    esac
}

run_one() { # name, seconds
    local name=$1 out=$log/fuzz-$1.log corpus=$corpora/$1 folders= bad=0 count=0
    local shown=${1//_/-}
    local options="-timeout=20 -rss_limit_mb=3000 -artifact_prefix=$log/fuzz-$1-"
    rm -f "$log/fuzz-$name"-*
    mkdir -p "$corpus"
    if ls tests/fuzz/regressions/"$name"/* >/dev/null 2>&1; then
        count=$(ls tests/fuzz/regressions/"$name" | wc -l)
        "$folder/tests/fuzz/fuzz_$name" $options tests/fuzz/regressions/"$name"/* >"$out.replay" 2>&1 || bad=1
    fi
    for seeds in "tests/fuzz/seeds/$name" "tests/fuzz/regressions/$name" $(seeds_of "$name" | tr ' ' '\n' | sed "s#^#$shared/#"); do
        [ -d "$seeds" ] && folders="$folders $seeds"
    done
    if [ $bad = 0 ]; then
        timeout --kill-after=10 $((seconds + 120)) "$folder/tests/fuzz/fuzz_$name" $options -seed=$seed -max_total_time="$2" \
            -print_final_stats=1 -max_len=4096 "$corpus" $folders >"$out" 2>&1 || bad=1
    else
        cp "$out.replay" "$out"
    fi
    local runs
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out" | tail -n 1)
    echo "fuzz $shown: ${runs:-0} runs, $count regression files replayed"
    if [ $bad = 1 ]; then
        echo "fuzz $shown: FAILED, the input is in build/test-logs:"
        grep -E 'ERROR|SUMMARY|runtime error|    #[0-9]+ .*(src/|tests/)' "$out" | head -n 20
        ls "$log/fuzz-$name"-* 2>/dev/null
        return 1
    fi
}
export -f run_one seeds_of
export folder log shared seconds corpora seed

# bash -c sees the functions; a status other than 0 of any makes xargs end with 123.
printf '%s\n' $names | xargs -P 2 -I NAME bash -c "run_one NAME $seconds"
status=$?
[ $status -eq 0 ] || { echo "a fuzz target failed"; exit 1; }
