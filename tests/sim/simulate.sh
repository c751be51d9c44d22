#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Simulates blocks, compares the episodes with the truth, writes RESULTS.md.
# usage: simulate.sh RESULTS.md [ROUNDS YEARS BLOCKS]
# exit 1 where a goal is missed. Ten minutes of processor time, in as many
# processes as there are parts; of fewer ROUNDS, YEARS and BLOCKS less.
set -u

# glibc: what a story took serves for the next, instead of new pages
export MALLOC_MMAP_THRESHOLD_=2000000000 MALLOC_TRIM_THRESHOLD_=2000000000

build=${BUILD:-build}/release
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
volumes='5 50 5000 500000'
rounds=${2:-1000}
years=${3:-100}
blocks=${4:-84}

words() { # words NAME: of RESULTS.words, from "# NAME" to the next such line
	awk -v name="# $1" '/^# (head|calm|logs)$/ { on = $0 == name; next } on' \
		"$here/RESULTS.words"
}

part() { # part NAME COMMAND...: in the background; its status is kept
	name=$1
	shift
	{
		nice "$@" >"$work/$name" 2>"$work/$name.err"
		echo $? >"$work/$name.status"
	} &
}

# The rows of one table that came in parts, by noise, kind and volume.
table() { # table NAME: header of one part, then the rows of all
	head -n 2 "$work/$1.5"
	for volume in $volumes; do
		sed 1,2d "$work/$1.$volume"
	done | awk -F ' *[|] *' '
		!($2 in kind) { kind[$2] = ++kinds }
		{ printf "%s\t%d\t%d\t%s\n", $4, kind[$2], $3, $0 }' |
		sort -t "$(printf '\t')" -k1,1n -k2,2n -k3,3n | cut -f 4-
}

for volume in $volumes; do
	part "blocks.$volume" "$build/tests/sim/sim_episodes" "$rounds" 0 \
		"$volume" "$volume"
	part "calm.$volume" "$build/tests/sim/sim_episodes" 0 "$years" \
		"$volume" "$volume"
done
part logs python3 "$here/sim_logs.py" "$build/mxtrend" "$blocks" \
	"$work/rows"
wait
for volume in $volumes; do # calm tables begin with an empty line
	sed -i 1d "$work/calm.$volume"
done
{
	words head
	table blocks
	words calm
	head -n 2 "$work/calm.5"
	for volume in $volumes; do
		sed 1,2d "$work/calm.$volume"
	done
	words logs
	cat "$work/rows"
} >"$work/results"
cat "$work/results" "$work"/*.err
mv "$work/results" "$1"
! grep -lqv '^0$' "$work"/*.status
