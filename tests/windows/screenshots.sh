#!/usr/bin/env bash
# Takes a picture of every state of the signing window, in three languages, light, dark and high contrast, at 100 % and
# 200 %, on a screen of 1366 by 768 of its own. They are for looking at: nothing is compared.
#
#   tests/windows/screenshots.sh FOLDER [STATE...]
#
# LOOKS="light:1 dark:2" and LANGUAGES="kk ru" narrow it down. Needs xvfb, openbox, xdotool, imagemagick, dbus-x11 and
# python3-gi (the system's own Python).
set -euo pipefail

if [[ ${1:-} == "" ]]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
source "$(dirname "$0")/session.sh"
shift

# Waits until a file has a line.
wait_for() {
    for _ in $(seq 150); do
        grep -q "$2" "$1" 2>/dev/null && return 0
        sleep 0.1
    done
    echo "no \"$2\" in time" >&2
    return 1
}

# picture NAME: what the screen shows, once it has settled.
picture() {
    sleep 0.5
    import -window root "$out/$1.png"
}

# What is done in a state beside looking at it, one picture each.
acts() {
    local state=$1 name=$2
    case $state in
    one-key)
        xdotool type --delay 40 'Qwerty12'
        picture "$name-typed"
        xdotool key Tab Return
        picture "$name-revealed"
        xdotool key --clearmodifiers shift+Tab ctrl+a
        # Slowly: each letter that the layout lacks is a key mapped anew.
        xdotool type --delay 150 'Құпия-сөз1'
        picture "$name-kazakh"
        ;;
    text | documents | binary | pdf | pdf-one-page | pdf-broken | image | image-small | part | pictures-and-others)
        # From the password back to the button that shows the document.
        xdotool key --delay 60 shift+Tab shift+Tab shift+Tab shift+Tab Return
        # A page takes its time.
        sleep "${DRAWING:-2}"
        picture "$name-expanded"
        ;;
    no-keys)
        xdotool key --delay 60 Tab Return
        xdotool type --delay 20 '~/GOST512.p12'
        picture "$name-path"
        ;;
    choose-file)
        xdotool key --delay 60 Return
        xdotool type --delay 20 '~/report.xml'
        picture "$name-path"
        ;;
    token-last-try)
        # From the PIN back to the box beside it.
        xdotool type --delay 40 '12345678'
        xdotool key --delay 60 shift+Tab space
        picture "$name-understood"
        ;;
    token-few-tries)
        xdotool type --delay 40 '1234'
        picture "$name-typed"
        ;;
    new-key)
        xdotool type --delay 40 'Qwerty12'
        xdotool key --delay 60 Return
        xdotool type --delay 40 'Qwerty13'
        xdotool key --delay 60 Return
        picture "$name-differ"
        ;;
    new-key-and-tokens)
        xdotool key --delay 60 Down Down
        picture "$name-chosen"
        ;;
    own-request)
        # What is missing is said beside its field.
        xdotool type --delay 40 'Iskakova'
        xdotool key --delay 60 Return
        picture "$name-missing"
        ;;
    own-request-organisation)
        xdotool key --delay 60 Tab Tab Tab Tab Tab Return
        picture "$name-wrong"
        ;;
    own-lost)
        xdotool key --delay 60 Down Down
        picture "$name-chosen"
        ;;
    many-keys)
        # The first of the list: its row and the field do not fit into the window together. Then the last but one.
        xdotool key --delay 60 Down Return
        picture "$name-far"
        xdotool key --delay 60 shift+Tab shift+Tab shift+Tab Up Up
        picture "$name-near"
        ;;
    many-keys-pad)
        xdotool key --delay 60 Down Up
        picture "$name-chosen"
        ;;
    install)
        xdotool type --delay 40 'Qwerty12'
        xdotool key --delay 60 Return
        picture "$name-wrong"
        ;;
    other-site)
        xdotool key --delay 60 shift+Tab shift+Tab space
        picture "$name-understood"
        ;;
    several-keys)
        xdotool key --delay 60 Down Down
        picture "$name-chosen"
        ;;
    esac
}

take() {
    local state=$1 language=$2 look=$3 scale=$4
    local name=$state-$language-$look-$((scale * 100))
    : >"$scratch/said"
    SLINT_SCALE_FACTOR=$scale "$TANBA_WINDOW_STATES" "$state" "$language" >"$scratch/said" 2>"$scratch/log" &
    local window=$!
    wait_for "$scratch/said" Shown
    xdotool mousemove 1360 760
    picture "$name"
    acts "$state" "$name"
    kill "$window" 2>/dev/null || true
    wait "$window" 2>/dev/null || true
}

states=("$@")
if [[ ${#states[@]} == 0 ]]; then
    mapfile -t states < <("$TANBA_WINDOW_STATES")
fi
for look_and_scale in ${LOOKS:-light:1 dark:1 light:2 contrast:1 dark-contrast:1}; do
    look=${look_and_scale%:*}
    scale=${look_and_scale#*:}
    "$here/portal.py" "$look" >"$scratch/portal" &
    portal=$!
    wait_for "$scratch/portal" ready
    for language in ${LANGUAGES:-kk ru en}; do
        for state in "${states[@]}"; do
            take "$state" "$language" "$look" "$scale"
        done
    done
    kill "$portal"
    wait "$portal" 2>/dev/null || true
done
echo "pictures in $out"
