#!/usr/bin/env bash
# Types and clicks in the real signing window, on a screen of its own, and checks what it says back and what a screen
# reader sees. `behaviour.sh [NAME...]` runs only the tests whose name has NAME in it. Needs xvfb, openbox, xdotool, xclip,
# x11-xkb-utils, dbus-x11, at-spi2-core and python3-pyatspi (the system's own Python).
set -euo pipefail

source "$(dirname "$0")/session.sh"

for launcher in /usr/libexec/at-spi-bus-launcher /usr/lib/at-spi2-core/at-spi-bus-launcher; do
    [[ -x $launcher ]] && break
done
"$launcher" --launch-immediately 2>/dev/null &
started+=($!)
sleep 1
gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
    --method org.freedesktop.DBus.Properties.Set org.a11y.Status IsEnabled '<true>' >/dev/null

# pyatspi warns of every node that a newer toolkit adds; what matters is asked for.
/usr/bin/python3 -B "$here/behaviour.py" "$@" 2> >(grep -v -e dbind-WARNING -e '^$' >&2)
