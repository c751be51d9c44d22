#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A small part of what `make simulate` does.
# usage: simulated.t MXTREND GENLOG    prints TAP
set -u

mxtrend=$1
sim=$(dirname "$2")/../sim/sim_episodes
here=$(dirname "$0")

echo 1..17
if "$sim" 200 5 50 >"${TMPDIR:-/tmp}/simulated.$$" 2>&1; then
	echo "ok 1 - simulated blocks lie within their brackets"
else
	echo "not ok 1 - simulated blocks lie within their brackets"
	sed 's/^/# /' "${TMPDIR:-/tmp}/simulated.$$"
fi
rm -f "${TMPDIR:-/tmp}/simulated.$$"
if same=$("$sim" same); then
	echo "ok 2 - calm mail in runs is as calm mail one by one"
else
	echo "not ok 2 - calm mail in runs is as calm mail one by one"
	echo "$same" | sed 's/^/# /'
fi
python3 "$here/../sim/sim_logs.py" "$mxtrend" 4 |
	awk '/^1\.\./ { next } /^(not )?ok/ { n = $1 == "not" ? 3 : 2; $n += 2 } 1'
