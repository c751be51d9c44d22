#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Generated logs with known truth: every figure of the report and every fact
# must be exact, however the log is cut, packed, named, ordered or stored.
# usage: truth.t MXTREND GENLOG    prints TAP
set -u

mxtrend=$1
genlog=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zone=Europe/Berlin
count=0
failed=0

ok() { # ok STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		sed 's/^/# /' "$work/why" | head -n 15
	fi
}

report() { # report INPUT...: the JSON document
	"$mxtrend" report -f json --tz $zone --log-tz $zone \
		--now 2027-06-01 "$@"
}

compare() { # compare NAME [OPTION...]: the report in $work/report
	name=$1
	shift
	python3 "$here/compare.py" --truth "$work/truth" \
		--report "$work/report" "$@" >"$work/why" 2>&1
	ok $? "$name"
}

# The same document but for what names files and how they lay.
same() { # same NAME FILE FILE
	python3 "$here/same.py" "$2" "$3" >"$work/why" 2>&1
	ok $? "$1"
}

generated() { # generated NAME GENLOG-OPTION...
	name=$1
	shift
	"$genlog" --zone $zone --truth "$work/truth" -o "$work/log" "$@" || {
		echo "genlog failed" >"$work/why"
		ok 1 "$name: log"
		return
	}
	report "$work/log" >"$work/report"
	"$mxtrend" parse --log-tz $zone --now 2027-06-01 "$work/log" \
		>"$work/facts"
	compare "$name" --facts "$work/facts"
}

generated 'rfc3164 stamps' --seed 1 --days 6 --per-day 600 \
	--style rfc3164 --random-episodes 2
generated 'iso stamps' --seed 2 --days 6 --per-day 600 --style iso \
	--random-episodes 2
generated 'both stamps in one log' --seed 3 --days 6 --per-day 400 \
	--iso-from 2026-11-04T10:00:00Z
generated 'two hosts, one file, tls field' --seed 4 --days 5 --per-day 500 \
	--hosts 2 --tls-field 1 --random-episodes 2
generated 'dirty lines' --seed 5 --days 6 --per-day 500 --dirty 2000 \
	--random-episodes 1
generated 'dirty iso lines of three hosts' --seed 6 --days 4 --per-day 500 \
	--style iso --dirty 5000 --hosts 3
generated 'repeated-message lines' --seed 7 --days 4 --per-day 500 --repeats
generated 'across New Year' --seed 8 --start 2026-12-28 --days 8 \
	--per-day 300
generated 'across the autumn night' --seed 9 --start 2026-10-23 --days 5 \
	--per-day 400
generated 'across the spring night' --seed 10 --start 2027-03-26 --days 5 \
	--per-day 400
generated 'long: expiry and old messages' --seed 11 --days 14 --per-day 250 \
	--random-episodes 3

# One log, many ways to give it.
"$genlog" --seed 21 --days 9 --per-day 300 --zone $zone --style rfc3164 \
	--random-episodes 2 --truth "$work/truth" -o "$work/log"
touch -d '2026-11-10 00:00' "$work/log"
report "$work/log" >"$work/report"
cp "$work/report" "$work/whole"
compare 'whole'
gzip -c "$work/log" >"$work/log.gz"
report "$work/log.gz" >"$work/report"
same 'gzip' "$work/whole" "$work/report"
report - <"$work/log" >"$work/report"
same 'standard input' "$work/whole" "$work/report"
report -j 1 "$work/log.gz" >"$work/report"
same 'gzip, one thread' "$work/whole" "$work/report"
report "$work/log.gz" "$work/log" >"$work/report"
same 'the same log twice, under two names' "$work/whole" "$work/report"

lines=$(wc -l <"$work/log")
for at in 1 17 $((lines / 3)) $((lines / 2)) $((lines - 5)); do
	head -n "$at" "$work/log" >"$work/part.b"
	tail -n +$((at + 1)) "$work/log" >"$work/part.a"
	touch -r "$work/log" "$work/part.a" "$work/part.b"
	report "$work/part.a" "$work/part.b" >"$work/report"
	same "cut behind line $at" "$work/whole" "$work/report"
	rm -rf "$work/state"
	for part in a b; do
		"$mxtrend" --state "$work/state" --tz $zone --log-tz $zone \
			--now 2027-06-01 ingest "$work/part.$part" >/dev/null
	done
	report --state "$work/state" >"$work/report"
	same "cut behind line $at, stored later part first" "$work/whole" \
		"$work/report"
done

# Daily files of a rotated set, in any order, in one store.
"$genlog" --seed 21 --days 9 --per-day 300 --zone $zone --style rfc3164 \
	--random-episodes 2 --rotate daily --dir "$work/set"
report "$work"/set/* >"$work/report"
same 'rotated set' "$work/whole" "$work/report"
for order in forward backward mixed shuffled.1 shuffled.2 shuffled.3; do
	rm -rf "$work/state"
	# shellcheck disable=SC2012 # names of our own
	case $order in
	forward) files=$(ls -tr "$work"/set/*) ;;
	backward) files=$(ls -t "$work"/set/*) ;;
	shuffled.*) files=$(ls "$work"/set/* | awk -v seed="${order#*.}" \
		'BEGIN { srand(seed) } { print rand() " " $0 }' | sort |
		cut -d' ' -f2) ;;
	mixed) files=$(ls "$work"/set/* | sort -t. -k3) ;;
	esac
	for file in $files; do
		"$mxtrend" --state "$work/state" --tz $zone --log-tz $zone \
			--now 2027-06-01 ingest "$file" >/dev/null
	done
	report --state "$work/state" >"$work/report"
	same "one ingest a day, $order" "$work/whole" "$work/report"
done
"$mxtrend" --state "$work/state" --tz $zone --log-tz $zone \
	--now 2027-06-01 ingest "$work"/set/* >"$work/said"
report --state "$work/state" >"$work/again"
same 'all of it again adds nothing' "$work/report" "$work/again"

echo "1..$count"
[ "$failed" -eq 0 ]
