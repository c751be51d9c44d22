#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Simulates blocks, compares the episodes with the truth, writes RESULTS.md.
# usage: simulate.sh RESULTS.md    exit 1 where a goal is missed
set -u

build=${BUILD:-build}/release
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

part() { # part NAME: of RESULTS.words, from "# NAME" to the next such line
	awk -v name="# $1" '/^# (head|calm|logs)$/ { on = $0 == name; next } on' \
		"$here/RESULTS.words"
}

"$build/tests/sim/sim_episodes" 1000 100 >"$work/score" || status=1
cat "$work/score"
python3 "$here/sim_logs.py" "$build/mxtrend" 84 "$work/logs" || status=1
{
	part head
	sed '/^$/q' "$work/score"
	part calm
	sed '1,/^$/d' "$work/score"
	part logs
	cat "$work/logs"
} >"$work/results"
mv "$work/results" "$1"
exit $status
