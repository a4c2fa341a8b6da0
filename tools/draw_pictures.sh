#!/bin/sh
# Draws the demo's pictures from their SVG sources, in all sizes.   tools/draw_pictures.sh IN_DIR OUT_DIR
# Run again it does nothing while the sources and the program's encoder are the same.
set -eu
in=$1 out=$2 program=${3:-build/liandong}
stamp=$(cat "$in"/*.svg src/image/*.c | sha256sum | cut -d' ' -f1)
[ -f "$out/.drawn" ] && [ "$(cat "$out/.drawn")" = "$stamp" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for picture in "$in"/*.svg; do
    rsvg-convert --width 1600 --keep-aspect-ratio --output "$work/$(basename "$picture" .svg).png" "$picture"
done
rm -rf "$out"
mkdir -p "$out"
"$program" media prepare "$work" "$out"
echo "$stamp" >"$out/.drawn"
