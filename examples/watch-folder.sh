#!/usr/bin/env bash
# Makes a trailer of every film that is put into a folder, until it is stopped (or once, with --once first).
#
#   examples/watch-folder.sh [--once] FOLDER TRACK TRAILERS [BATCH OPTION...]
#
# A film that was written to within the last minute is left for the next round: it may still be on its way. Films whose
# trailers are there already cost nothing; what failed is tried again.
set -euo pipefail
once=
if [ "${1-}" = --once ]; then once=yes; shift; fi
[ $# -ge 3 ] || { echo "usage: $0 [--once] FOLDER TRACK TRAILERS [BATCH OPTION...]" >&2; exit 2; }
folder=$1 track=$2 trailers=$3
shift 3
here=$(dirname "$(realpath -- "$0")")
list=$(mktemp --suffix=.csv)
trap 'rm -f -- "$list"' EXIT

while :; do
    "$here/list-films.sh" "$folder" "$track" -mmin "${AGE_MINUTES:-+1}" > "$list"
    code=0
    if [ "$(wc -l < "$list")" -gt 1 ]; then
        trailergen batch "$list" -o "$trailers" --skip-existing --keep-going "$@" || code=$?
        [ "$code" -ne 130 ] || exit 130
    fi
    [ -z "$once" ] || exit "$code"
    sleep "${EVERY_SECONDS:-60}"
done
