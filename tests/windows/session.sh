# Sourced by the scripts beside it: a screen, a window manager and a session bus of our own, so that neither the desktop's
# settings nor its keyboard come in. Gives DISPLAY, TANBA_WINDOW_STATES (the program) and $scratch (a folder that goes).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [[ -z ${TANBA_WINDOW_STATES:-} ]]; then
    (cd "$here/../.." && cargo build --quiet --locked -p tanba-signer --example window_states)
    TANBA_WINDOW_STATES=$(cd "$here/../.." && cargo metadata --format-version 1 --no-deps --locked |
        sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/examples/window_states
    export TANBA_WINDOW_STATES
fi
if [[ -z ${TANBA_WINDOWS_INSIDE:-} ]]; then
    TANBA_WINDOWS_INSIDE=1 exec env -u DISPLAY -u WAYLAND_DISPLAY -u WAYLAND_SOCKET -u AT_SPI_BUS_ADDRESS \
        dbus-run-session -- "$0" "$@"
fi

scratch=$(mktemp -d)
started=()
finish() {
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap finish EXIT

Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp 3>"$scratch/display" 2>"$scratch/xvfb.log" &
started+=($!)
for _ in $(seq 100); do
    [[ -s $scratch/display ]] && break
    sleep 0.1
done
DISPLAY=:$(cat "$scratch/display")
export DISPLAY
openbox --sm-disable >"$scratch/openbox.log" 2>&1 &
started+=($!)
sleep 1
