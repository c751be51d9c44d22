#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Injected blocks must come out with their true ends, and no others.
# usage: episodes.t MXTREND GENLOG    prints TAP
set -u

mxtrend=$1
genlog=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zone=Europe/Berlin
count=0

injected() { # injected NAME GENLOG-OPTION...
	name=$1
	shift
	count=$((count + 1))
	"$genlog" --zone $zone --dnsbl-sites 0 --days 16 \
		--truth "$work/truth" -o "$work/log" "$@"
	if "$mxtrend" report -f json --tz $zone --log-tz $zone \
		--now 2026-11-17 "$work/log" >"$work/report" &&
		python3 "$here/episodes.py" --truth "$work/truth" \
			--report "$work/report" >"$work/why" 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' "$work/why"
	fi
}

echo 1..6
injected 'RFC 3164 stamps, one host' --seed 1 --per-day 1500 \
	--random-episodes 6
injected 'ISO stamps, two hosts, dirt' --seed 2 --per-day 3000 --style iso \
	--hosts 2 --dirty 3000 --random-episodes 8
injected 'a hundred messages a day' --seed 3 --per-day 100 --instances 1 \
	--episode provider=microsoft-consumer,start=2026-11-05T08:00:00Z,kind=block
injected 'five thousand a day, a block of nine hours' --seed 4 \
	--per-day 5000 --episode provider=gmail,instance=postfix-out1,start=2026-11-05T08:00:00Z,end=2026-11-05T17:00:00Z,kind=block
injected 'a block seen only as deferrals that expire' --seed 5 \
	--per-day 1000 --instances 2 --episode \
	provider=yahoo,instance=postfix-out1,start=2026-11-04T00:00:00Z,end=2026-11-14T00:00:00Z,kind=defer
injected 'refusals in the greeting, over the end of the log' --seed 6 \
	--per-day 1000 --instances 1 --episode \
	provider=t-online,start=2026-11-10T12:00:00Z,kind=block
