#!/usr/bin/env bash
# Runs the dialect's test kit; the options are those of main.mjs (`--help`).
#
#   tests/conformance/run.sh --url wss://127.0.0.1:13579 [--person]
#   tests/conformance/run.sh --server PROGRAM --beyond
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

for program in node npm; do
    command -v "$program" >/dev/null || { echo "$program is missing: the kit needs Node.js 18 or later" >&2; exit 1; }
done

# npm writes this file last.
if ! [ "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ]; then
    (cd "$here" && npm ci --silent --no-progress)
    touch "$here/node_modules/.package-lock.json"
fi
exec node "$here/main.mjs" "$@"
