#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Hand-written logs (samples/*/*.log) against what they mean (*.facts, one
# object a line). usage: facts.t MXTREND [GENLOG]    prints TAP
set -u

mxtrend=$1
here=$(dirname "$0")
count=0

set -- "$here"/../../samples/*/*.facts
echo "1..$#"
for facts; do
	count=$((count + 1))
	name=$(basename "$(dirname "$facts")")/$(basename "$facts" .facts)
	if why=$(python3 "$here/facts.py" "$mxtrend" "$facts" 2>&1); then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "$why" | cut -c1-300 | head -n 12 | sed 's/^/# /'
	fi
done
