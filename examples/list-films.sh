#!/usr/bin/env bash
# A list for `trailergen batch`: every film in a folder and below, all with one track. Any name will do.
#
#   examples/list-films.sh FOLDER TRACK > list.csv
#   trailergen batch list.csv -o trailers --skip-existing --keep-going
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 FOLDER TRACK [FIND OPTION...]" >&2; exit 2; }
folder=$(realpath -- "$1") track=$(realpath -- "$2")
shift 2

field() { printf '"%s"' "${1//\"/\"\"}"; }

echo film,music
find "$folder" -type f "$@" \( -iname '*.mp4' -o -iname '*.mkv' -o -iname '*.mov' -o -iname '*.webm' -o -iname '*.avi' \
    -o -iname '*.m4v' -o -iname '*.ts' -o -iname '*.mpg' -o -iname '*.mxf' \) -print0 | sort -z |
    while IFS= read -r -d '' film; do
        printf '%s,%s\n' "$(field "$film")" "$(field "$track")"
    done
