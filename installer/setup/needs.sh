#!/bin/sh
# Installs what this machine lacks for one of the make targets, or says what to install.
#
#   sh installer/setup/needs.sh run|test|full|bench|fuzz
#
# Quiet, and away from the network, when nothing is missing. On Debian, Ubuntu and the like it uses apt-get, as root or
# through sudo; elsewhere it names the packages and stops.
set -eu

usage='usage: needs.sh run|test|full|bench|fuzz'
[ $# -eq 1 ] || { echo "$usage" >&2; exit 2; }
case $1 in
    run) groups='run' ;;
    test) groups='run test' ;;
    full) groups='run test full' ;;
    bench) groups='run bench' ;;
    fuzz) groups='fuzz' ;;
    *) echo "$usage" >&2; exit 2 ;;
esac

# group | probe | Debian, Ubuntu | Fedora | Arch | what for
needs() {
    cat <<'TABLE'
run|compiles_c|gcc libc6-dev|gcc glibc-devel|gcc|a C compiler
run|command pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkg-config
run|pkg-config --exists fontconfig|libfontconfig-dev|fontconfig-devel|fontconfig|fontconfig with its headers, for the windows
run|library libxkbcommon.so.0|libxkbcommon0|libxkbcommon|libxkbcommon|the keyboard in the windows
run|library libxkbcommon-x11.so.0|libxkbcommon-x11-0|libxkbcommon-x11|libxkbcommon-x11|the keyboard in the windows under X11
run|library libX11-xcb.so.1|libx11-xcb1|libX11-xcb|libx11|windows under X11
run|library libXcursor.so.1|libxcursor1|libXcursor|libxcursor|windows under X11
run|library libXi.so.6|libxi6|libXi|libxi|windows under X11
run|library libXrandr.so.2|libxrandr2|libXrandr|libxrandr|windows under X11
run|command certutil|libnss3-tools|nss-tools|nss|certutil, to have browsers trust the local certificate
test|command git|git|git|git|git
test|command Xvfb|xvfb|xorg-x11-server-Xvfb|xorg-server-xvfb|a display without a screen
test|command openbox|openbox|openbox|openbox|a window manager for it
test|command xdotool|xdotool|xdotool|xdotool|keys typed into the window
test|command setxkbmap|x11-xkb-utils|setxkbmap|xorg-setxkbmap|keyboard layouts
test|command import|imagemagick|ImageMagick|imagemagick|pictures of the window
test|command dbus-daemon|dbus|dbus-daemon|dbus|a session bus of the tests' own
test|speaks_at_spi|at-spi2-core python3-gi python3-pyatspi|at-spi2-core python3-pyatspi|at-spi2-core python-atspi|the tree that screen readers see
test|drops_files|python3-xlib|python3-xlib|python-xlib|a file dropped on a window
test|command xclip|xclip|xclip|xclip|what the clipboard holds
test|command gdbus|libglib2.0-bin|glib2|glib2|words on the session bus
test|command setpriv|util-linux|util-linux|util-linux|helpers that end with the test
test|command openssl|openssl|openssl|openssl|an independent reading of certificates
test|command keytool|default-jre-headless|java-latest-openjdk-headless|jre-openjdk-headless|keytool, to write and read the key stores of Java
test|gost_engine_where_packaged|libengine-gost-openssl|openssl-gost-engine|openssl-gost|OpenSSL's GOST engine, which verifies GOST signatures by other code
test|command pdfsig|poppler-utils|poppler-utils|poppler|an independent reading of signed PDF documents, and a drawing of them
test|command qpdf|qpdf|qpdf|qpdf|an independent reading of PDF documents
test|command softhsm2-util|softhsm2|softhsm|softhsm|SoftHSM, a token made of software
test|command pkcs11-tool|opensc opensc-pkcs11|opensc|opensc|OpenSC, another program that speaks with tokens, and its library
test|command pcscd|pcscd|pcsc-lite|pcsclite|pcscd, to which readers are connected
test|virtual_reader_where_packaged|vsmartcard-vpcd|vsmartcard-vpcd|vsmartcard-vpcd|a reader without a plug, for a card without plastic
test|recent_node|nodejs|nodejs|nodejs|Node.js 18 or later
test|command npm|npm|npm|npm|npm
test|command xmllint|libxml2-utils|libxml2|libxml2|xmllint and its library, to compare canonical XML with
test|command xmlsec1|xmlsec1|xmlsec1 xmlsec1-openssl|xmlsec|xmlsec1, an independent verifier of XML signatures
test|has_chromium|chromium|chromium|chromium|Chromium (or Google Chrome)
test|makes_venv|python3-venv|python3|python|Python with venv, for the independent verifier and pyHanko
full|has_firefox|firefox-esr|firefox|firefox|Firefox
bench|gost_engine|libengine-gost-openssl|openssl-gost-engine|openssl-gost|OpenSSL's GOST engine, to compare with
bench|command xmllint|libxml2-utils|libxml2|libxml2|xmllint, to compare with
fuzz|compiles_c|gcc libc6-dev|gcc glibc-devel|gcc|a C compiler
fuzz|compiles_cpp|g++|gcc-c++|gcc|a C++ compiler, for libFuzzer
bench|pkg-config --exists libcrypto|libssl-dev|openssl-devel|openssl|OpenSSL's headers, to compare with
bench|pkg-config --exists nettle|nettle-dev|nettle-devel|nettle|nettle's headers, to compare with
TABLE
}

compiles_c() {
    command -v cc >/dev/null && printf '#include <stdio.h>\nint main(void){return 0;}\n' | cc -xc - -o /dev/null 2>/dev/null
}

compiles_cpp() {
    command -v c++ >/dev/null && printf '#include <vector>\nint main(){return 0;}\n' | c++ -xc++ - -o /dev/null 2>/dev/null
}

library() {
    for loader in ldconfig /sbin/ldconfig /usr/sbin/ldconfig; do
        if command -v "$loader" >/dev/null; then
            "$loader" -p | grep -q "^[[:space:]]*$1 "
            return
        fi
    done
    return 0 # no list of libraries on this system: cannot tell
}

drops_files() {
    command -v /usr/bin/python3 >/dev/null && /usr/bin/python3 -c 'import Xlib' 2>/dev/null
}

speaks_at_spi() {
    command -v /usr/bin/python3 >/dev/null &&
        /usr/bin/python3 -c 'import pyatspi' 2>/dev/null &&
        { [ -x /usr/libexec/at-spi-bus-launcher ] || [ -x /usr/lib/at-spi2-core/at-spi-bus-launcher ] ||
            [ -x /usr/lib/at-spi-bus-launcher ]; }
}

recent_node() {
    command -v node >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)'
}

# A Chromium from a snap cannot read a home folder of the tests' own, so it does not count.
has_chromium() {
    for name in chromium google-chrome-stable google-chrome chromium-browser; do
        path=$(command -v "$name") || continue
        case $(readlink -f "$path") in */snap) continue ;; esac
        if grep -q 'snap' "$path" 2>/dev/null && [ "$name" = chromium-browser ]; then continue; fi
        return 0
    done
    find "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}" -maxdepth 3 -name chrome -type f 2>/dev/null | grep -q .
}

has_firefox() {
    command -v firefox-esr >/dev/null || { path=$(command -v firefox) &&
        case $(readlink -f "$path") in */snap) false ;; *) ! grep -q snap "$path" 2>/dev/null ;; esac }
}

makes_venv() {
    python3 -c 'import ensurepip, venv' 2>/dev/null
}

gost_engine() { openssl engine gost >/dev/null 2>&1; }

# Without it the tests that want it say so; Debian is the system whose package is sure to be there.
gost_engine_where_packaged() { [ "$system" != debian ] || gost_engine; }
virtual_reader_where_packaged() { [ "$system" != debian ] || command -v vpcd-config; }

has() {
    case $1 in
        'command '*) command -v "${1#command }" >/dev/null ;;
        *) $1 >/dev/null 2>&1 ;;
    esac
}

if ! command -v cargo >/dev/null; then
    echo 'Rust is missing. Install it with rustup: https://rustup.rs' >&2
    exit 1
fi

if command -v apt-get >/dev/null; then system=debian
elif command -v dnf >/dev/null; then system=fedora
elif command -v pacman >/dev/null; then system=arch
else system=other
fi

# Ubuntu has its browsers as snaps only, which a test cannot give a home folder of its own: tests/e2e/run.sh fetches one, and says so.
offered() {
    case $1 in
        chromium | firefox-esr)
            [ "$system" != debian ] || ! apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: (none)' ;;
    esac
}

# Fills $packages (to install) and $words (to read) with what is missing now.
look() {
    packages=
    words=
    while IFS='|' read -r group probe debian fedora arch purpose; do
        case " $groups " in *" $group "*) ;; *) continue ;; esac
        has "$probe" && continue
        case $system in fedora) names=$fedora ;; arch) names=$arch ;; *) names=$debian ;; esac
        offered "$names" || continue
        packages="$packages $names"
        words="$words
  $purpose ($names)"
    done <<TABLE
$(needs)
TABLE
}

refuse() {
    { echo "Missing:$words"; echo; echo "$1"; } >&2
    exit 1
}

# What no system's packages have.
cargo_tools() {
    case " $groups " in *' fuzz '*) ;; *) return 0 ;; esac
    cargo fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --version '^0.13' --locked
}

look
[ -n "$packages" ] || { cargo_tools; exit; }

case $system in
    debian) ;;
    fedora) refuse "sudo dnf install$packages" ;;
    arch) refuse "sudo pacman -S --needed$packages" ;;
    *) refuse "Install these with your system's package manager; the names in brackets are those of Debian." ;;
esac

if [ "$(id -u)" = 0 ]; then
    as_root=
elif ! command -v sudo >/dev/null; then
    refuse "As root: apt-get install$packages"
elif [ -t 0 ]; then
    as_root=sudo
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    refuse "sudo apt-get install$packages"
fi

echo "Installing:$words"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt='env DEBIAN_FRONTEND=noninteractive apt-get'
# shellcheck disable=SC2086 # lists of words, each its own argument
if ! { $as_root $apt update && look && $as_root $apt install -y --no-install-recommends $packages; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    refuse "apt-get could not; by hand: sudo apt-get install$packages"
fi

look
[ -z "$packages" ] || refuse 'Still missing, although apt-get installed these packages: perhaps this system is too old.'
cargo_tools
