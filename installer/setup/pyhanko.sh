#!/bin/sh
# Makes the Python environment of pyHanko, which reads and makes PDF signatures beside us in the tests.
#
#   sh installer/setup/pyhanko.sh FOLDER
set -eu

venv=$1
wanted='pyhanko==0.38.0'

# Written last, so that a broken installation is not taken for a finished one.
[ "$(cat "$venv/wanted" 2>/dev/null)" = "$wanted" ] && exit 0
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted"
echo "$wanted" >"$venv/wanted"
