#!/bin/sh
# Makes the Python environment of the independent verifier, where the shared material that holds it is there.
#
#   sh installer/setup/oracle.sh FOLDER
set -eu

venv=$1
wanted=${TANBA_SHARED:-}/oracle/requirements.txt
if [ -z "${TANBA_SHARED:-}" ] || [ ! -f "$wanted" ]; then
    echo 'NOT RUN: the NCA material and the independent verifier are not here (TANBA_SHARED, ../shared)'
    exit 0
fi

# The list is copied last, so that a broken installation is not taken for a finished one.
cmp -s "$wanted" "$venv/requirements.txt" && exit 0
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
cp "$wanted" "$venv/requirements.txt"
