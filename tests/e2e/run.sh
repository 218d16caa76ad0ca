#!/usr/bin/env bash
# Runs the journeys: real browsers, the real agent, the real window.
#
#   tests/e2e/run.sh FOLDER_OF_THE_PROGRAMS [journeys|all-journeys] [ONLY]
#
# ONLY is a part of the names of the journeys that are wanted (`tokens:` is all of journeys/tokens.mjs). Pictures and logs stay in tests/e2e/artefacts.
set -euo pipefail

programs=$(cd "$1" && pwd)
which=${2:-journeys}
only=${3:-}
cd "$(dirname "$0")"

# The NCA's material and the independent verifier, where they are.
if [ -z "${TANBA_SHARED:-}" ] && [ -d ../../../shared/fixtures/nca ]; then
    TANBA_SHARED=$(cd ../../../shared && pwd)
fi
export TANBA_SHARED=${TANBA_SHARED:-} TANBA_PYTHON=${TANBA_PYTHON:-python3} PYTHONDONTWRITEBYTECODE=1

# npm writes this file last.
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --silent --no-progress
    touch node_modules/.package-lock.json
fi

export PLAYWRIGHT_BROWSERS_PATH=${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}
if ! node world/has-chromium.mjs; then
    echo 'No Chromium that a test can use is installed; fetching one.'
    npx --no-install playwright-core install --with-deps chromium
fi

# A home of their own: what the journeys trust, remember and sign touches nothing of the person who runs them.
# Libraries of tokens stand elsewhere: none is loaded from a folder like /tmp, where others may write.
scratch=$(mktemp -d)
mkdir -p "${XDG_CACHE_HOME:-$HOME/.cache}"
libraries=$(mktemp -d -p "${XDG_CACHE_HOME:-$HOME/.cache}")
trap 'rm -rf "$scratch" "$libraries"' EXIT
mkdir -m 700 "$scratch/home" "$scratch/runtime"
unset WAYLAND_DISPLAY XAUTHORITY XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/runtime NO_AT_BRIDGE=0

# A session bus of their own. Bus and runner end when this script does, however it does. What the bus and its helpers
# say of themselves is of interest to nobody.
exec {bus}< <(exec setpriv --pdeathsig TERM dbus-daemon --session --nofork --print-address 2>"$scratch/bus.log")
read -r DBUS_SESSION_BUS_ADDRESS <&"$bus"
export DBUS_SESSION_BUS_ADDRESS
setpriv --pdeathsig TERM node main.mjs --programs "$programs" --scratch "$scratch" --libraries "$libraries" \
    --which "$which" --only "$only"
