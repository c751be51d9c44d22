#!/bin/sh
# `make demo`: the report on samples/demo, three weeks of one small mail host
# that Outlook.com begins to refuse. Writes demo.txt, demo.html and demo.xlsx
# into the current directory and shows the beginning of the first.
set -eu
mxtrend=${1:-build/mxtrend}
logs=$(dirname "$0")/../samples/demo

# The host's own zone and the night after the last log, so that the report is
# the same wherever and whenever it is made.
report() {
	MXTREND_CONFIG=/dev/null COLUMNS=80 "$mxtrend" --tz Europe/Berlin \
	    --log-tz Europe/Berlin --now 2026-11-23T00:17:00+01:00 \
	    report "$@" "$logs"/mail.log*
}

echo "\$ mxtrend report samples/demo/mail.log*"
report -o demo.txt
report -o demo.html
report -o demo.xlsx
sed -n '1,/^All /p' demo.txt
echo
echo "The whole report: demo.txt. The same as a page: demo.html; as a workbook: demo.xlsx"
