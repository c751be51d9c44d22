#!/bin/sh
# `make pictures`: what README.md shows of page and workbook, made anew from the
# demo. Wants chromium, libreoffice, pdftoppm (poppler-utils) and convert
# (imagemagick); says so where one is missing.
#   tests/lint/pictures.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/mxtrend}")
target=$PWD/samples/pictures
for tool in chromium libreoffice pdftoppm convert; do
	command -v $tool >/dev/null || {
		echo "pictures: no $tool here" >&2
		exit 69
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
demo=$PWD/tests/demo.sh
cd "$work"
"$demo" "$program" >shown.txt
HOME=$work chromium --headless --no-sandbox --disable-gpu \
    --disable-background-networking --hide-scrollbars \
    --user-data-dir="$work/chromium" --blink-settings=preferredColorScheme=1 \
    --window-size=1000,1190 --screenshot="$work/page.png" \
    "file://$work/demo.html" >/dev/null 2>&1
HOME=$work libreoffice --headless --convert-to pdf demo.xlsx >/dev/null 2>&1
pdftoppm -r 100 -png -f 1 -l 3 demo.pdf sheet
mkdir -p "$target"
# few colours: flat pictures, small files
small() {
	# shellcheck disable=SC2086
	convert "$1" $3 +repage -strip -dither None -colors 64 \
	    -define png:compression-level=9 "PNG8:$target/$2"
}
small page.png html.png ''
small "$(echo sheet-*1.png)" workbook-summary.png '-trim -bordercolor white -border 8'
small "$(echo sheet-*3.png)" workbook-days.png \
    '-trim -bordercolor white -border 8 -crop x420+0+0'
for picture in "$target"/*.png; do
	test "$(wc -c <"$picture")" -lt 150000 || {
		echo "pictures: $picture is over 150 kB" >&2
		exit 1
	}
done
ls -l "$target"
