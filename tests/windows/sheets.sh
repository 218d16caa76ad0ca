#!/usr/bin/env bash
# Lays the pictures of a folder out on sheets of six, each with its name and without the empty screen around it, for looking
# at many at once.
#
#   tests/windows/sheets.sh FOLDER [PATTERN]      FOLDER/sheets/sheet-00.png …   PATTERN: *-kk-dark-100*
#
# Needs imagemagick.
set -euo pipefail
shopt -s nullglob

folder=${1:?the folder of the pictures}
pattern=${2:-*}
mkdir -p "$folder/sheets"
rm -f "$folder"/sheets/*.png
pictures=("$folder"/$pattern.png)
if ((${#pictures[@]} == 0)); then
    echo "no pictures in $folder" >&2
    exit 1
fi
number=0
for ((first = 0; first < ${#pictures[@]}; first += 6)); do
    montage -label '%t' "${pictures[@]:first:6}" -trim +repage -tile 3x2 -geometry '660x700>+4+4' -gravity north \
        -background '#888888' -depth 8 "$(printf '%s/sheets/sheet-%03d.png' "$folder" "$number")"
    number=$((number + 1))
done
echo "$number sheets in $folder/sheets"
