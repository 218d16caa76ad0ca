#!/usr/bin/env bash
# Builds the fuzz targets, makes their seeds, runs each for some time, and prints one line for each.
#
#   installer/setup/fuzz.sh TARGET_FOLDER SECONDS [NAMES]
#
# Ends with 1 when a target found something: a panic, an input that takes longer than ten seconds, or one that fills the
# memory. The input is then in tests/fuzz/artifacts, and its path in the line.
set -euo pipefail
cd "$(dirname "$0")/../../tests/fuzz"

target=$1
seconds=$2
names=${3:-$(basename --suffix .rs targets/*.rs)}

# What a target is fed may be this long. Longer inputs are slower, and seldom say more.
longest() {
    case $1 in
        pdf) echo 32768 ;;
        xml | crl | cms | cms_stream) echo 16384 ;;
        *) echo 8192 ;;
    esac
}

# cargo-fuzz needs options of a nightly compiler; the stable one has them behind this word. Code that is weaker when it is
# fuzzed (`cfg(fuzzing)`) is not what is to be looked at.
triple=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "$target"
RUSTC_BOOTSTRAP=1 cargo fuzz build --fuzz-dir . --target-dir "$target" --no-cfg-fuzzing
programs=$target/$triple/release

rm -rf seeds
"$programs/seed" seeds

status=0
for name in $names; do
    [[ -f targets/$name.rs ]] || { echo "$name: no such target" >&2; exit 2; }
    log=$target/$name.log
    mkdir -p "corpus/$name" "artifacts/$name"
    words=()
    [[ ! -f words/$name.txt ]] || words=("-dict=words/$name.txt")
    found=
    "$programs/$name" "corpus/$name" "seeds/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len="$(longest "$name")" -artifact_prefix="artifacts/$name/" -print_final_stats=1 "${words[@]}" \
        >"$log" 2>&1 </dev/null || found=yes
    number() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
    line="$(number number_of_executed_units) executions, slowest $(number slowest_unit_time_sec) s, $(number peak_rss_mb) MB"
    if [[ -n $found ]]; then
        status=1
        artifact=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        why=$(grep -m 1 -A 1 -e 'panicked at' -e 'ERROR: ' "$log" | tr '\n' ' ' || true)
        echo "$name: $line, 1 crash: ${artifact:-see $log}: $why"
    else
        echo "$name: $line, 0 crashes"
    fi
done
exit $status
