#!/usr/bin/env bash
# The last step of `make run`: a test key where there is no key, the local certificate trusted, the agent started, its
# page opened.
#
#   installer/setup/run.sh FOLDER_OF_THE_PROGRAMS
set -euo pipefail

tanba=$1/tanba
# With no key at all a first visitor would have nothing to sign with.
known=$("$tanba" keys list --json | tr -d '[:space:]')
if [[ $known == *'"files":[]'* && $known == *'"tokens":[]'* ]]; then
    "$tanba" keys demo
fi

# Without certutil's consent the agent still works for a person who accepts the certificate by hand.
"$tanba" trust install || true

# It says one line when it serves, or ends with the reason why it cannot.
exec {said}< <(exec "$tanba" run)
agent=$!
trap 'kill -TERM "$agent" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if read -r ready <&"$said"; then
    echo "$ready"
    page=https://${ready##*https://}
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
        xdg-open "$page" >/dev/null 2>&1 || true
    fi
    # Beside: a trap waits for what runs in front.
    cat <&"$said" &
fi
wait "$agent"
