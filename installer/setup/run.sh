#!/usr/bin/env bash
# The last step of `make run`: a test key where there is no key, the local certificate trusted, the agent started, its
# page opened.
#
#   installer/setup/run.sh FOLDER_OF_THE_PROGRAMS
set -euo pipefail

tanba=$1/tanba
page=https://127.0.0.1:13579/

keys=$("$tanba" keys list --json)
if [ "$(tr -d '[:space:]' <<<"$keys")" = '{"files":[]}' ]; then
    "$tanba" keys demo
fi

# Without certutil's consent the agent still works for a person who accepts the certificate by hand.
"$tanba" trust install || true

"$tanba" run &
agent=$!
trap 'kill -TERM "$agent" 2>/dev/null || true; wait "$agent" || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for _ in $(seq 100); do
    kill -0 "$agent" 2>/dev/null || { wait "$agent"; exit; }
    if (: </dev/tcp/127.0.0.1/13579) 2>/dev/null; then break; fi
    sleep 0.05
done

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
    xdg-open "$page" >/dev/null 2>&1 || true
fi
echo "Tanba is running. Its page: $page (Ctrl-C stops it)"
wait "$agent"
