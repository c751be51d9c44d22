#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Logs of real MTAs (samples/real-*) against the record of the SMTP server
# that they talked to. usage: real.t MXTREND [GENLOG]    prints TAP
set -u

mxtrend=$1
here=$(dirname "$0")
samples=$here/../../samples
count=0

set -- "$samples"/real-*
echo "1..$#"
for directory; do
	count=$((count + 1))
	if why=$(python3 "$here/../real/check_mxtrend.py" "$mxtrend" \
		"$directory" 2>&1); then
		echo "ok $count - ${directory##*/}"
	else
		echo "not ok $count - ${directory##*/}"
		echo "$why" | cut -c1-200 | head -n 12 | sed 's/^/# /'
	fi
done
