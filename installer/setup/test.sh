#!/usr/bin/env bash
# Runs every test on what `make build` built, and ends with the runners' own closing lines.
#
#   installer/setup/test.sh TARGET journeys|all-journeys
set -euo pipefail
cd "$(dirname "$0")/../.."

target=$1
journeys=$2
log=$target/test-closing-lines
mkdir -p "$log"

rooms() {
    # nextest runs each test in a process of its own and stops one that hangs. It takes long to compile, so where a
    # machine has none, cargo's own runner does.
    # Its report for other programs has what passing tests say, which the terminal does not show.
    rm -f target/nextest/default/said.xml
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --workspace --all-targets --locked --no-fail-fast 2>&1
    else
        cargo test --workspace --all-targets --locked --no-fail-fast 2>&1
    fi
}

# Examples in the documentation, which neither runner counts among the targets.
examples() {
    cargo test --workspace --doc --locked --quiet 2>&1
}

# The window alone, in states that no portal brings about.
windows() {
    TANBA_WINDOW_STATES=$target/debug/examples/window_states tests/windows/behaviour.sh 2>"$log/windows-said" || {
        cat "$log/windows-said" >&2
        return 1
    }
}

# The NCALayer dialect: published clients and the habits of sites, over the real listener; a script decides in the signer's
# place.
dialect() {
    tests/conformance/run.sh --server "$target/debug/tanba-conformance-server" --beyond 2>&1 &&
        node tests/conformance/self-test.mjs 2>&1
}

# A minute of a thousand sockets, calls over them and mischief beside them: nothing leaks, every call is answered.
load() {
    # 3: it cannot run on this machine, and says so.
    "$target/debug/tanba-bench" soak "$target/debug" 1 2>&1 || (($? == 3))
}

# Every state of the signing window in three languages, light and dark, for looking at; the journeys make those of the main
# window and of the check page (tests/e2e/artefacts).
pictures() {
    LOOKS="light:1 dark:1" TANBA_WINDOW_STATES=$target/debug/examples/window_states \
        tests/windows/screenshots.sh "$target/pictures" 2>&1 && tests/windows/sheets.sh "$target/pictures"
}

status=0
examples | tee "$log/examples" || status=1
rooms | tee "$log/rooms" || status=1
windows | tee "$log/windows" || status=1
dialect | tee "$log/dialect" || status=1
load | tee "$log/load" || status=1
tests/e2e/run.sh "$target/debug" "$journeys" 2>&1 | tee "$log/journeys" || status=1
[[ $journeys != all-journeys ]] || pictures || status=1

# What passed without having run, because something is not on this machine, is said and counted.
not_run=$({ cat "$log/rooms" "$log/dialect" "$log/load" "$log/journeys" target/nextest/default/said.xml 2>/dev/null || true; } |
    grep -o 'NOT RUN[^<&]*' | sort | uniq -c || true)
echo
[[ -z $not_run ]] || printf 'Not run here:\n%s\n\n' "$not_run"
awk '/^ok / { passed++ } /^FAILED / { failed++ }
     END { printf "windows: %d passed, %d failed\n", passed, failed }' "$log/windows"
grep -E '^conformance: [0-9]+ passed, ' "$log/dialect" | tail -n 1 || true
grep -E '^soak: ' "$log/load" | tail -n 1 || true
grep -E '^journeys: [0-9]+ passed, ' "$log/journeys" | tail -n 1 || true
grep -E 'Summary .* tests run: ' "$log/rooms" | tail -n 1 ||
    awk '/^test result: / { passed += $4; failed += $6 }
         END { printf "%d tests run: %d passed, %d failed\n", passed + failed, passed, failed }' "$log/rooms"
exit $status
