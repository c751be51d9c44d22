#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Episodes are the same to the byte, however the logs were read: night by
# night, all at once, late and out of order, merged from two stores.
# usage: nights.t MXTREND GENLOG    prints TAP
set -u

mxtrend=$1
genlog=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zone=Europe/Berlin
count=0

"$genlog" --zone $zone --seed 11 --days 24 --per-day 700 --noise 10 \
	--random-episodes 8 --rotate daily --dir "$work/logs" \
	--episode provider=gmail,start=2026-11-04T08:00:00Z,end=2026-11-12T08:00:00Z,kind=throttle,percent=20 \
	--episode provider=yahoo,start=2026-11-03T00:00:00Z,end=2026-11-14T00:00:00Z,kind=defer \
	--truth "$work/truth"

read_into() { # read_into STORE FILE...
	store=$1
	shift
	"$mxtrend" --state "$work/$store" --tz $zone --log-tz $zone \
		--now 2026-11-26 -q ingest "$@"
}
same() { # same NAME STORE
	count=$((count + 1))
	"$mxtrend" --state "$work/$2" --tz $zone --now 2026-11-26 \
		episodes --all -f json >"$work/$2.json"
	"$mxtrend" --state "$work/$2" --tz $zone --now 2026-11-26 \
		episodes --all >"$work/$2.txt"
	if test "$(grep -c '"id"' "$work/$2.json")" -ge 8 &&
		cmp "$work/once.json" "$work/$2.json" >"$work/why" 2>&1 &&
		cmp "$work/once.txt" "$work/$2.txt" >>"$work/why" 2>&1; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		sed 's/^/# /' "$work/why"
	fi
}

# oldest first: mail.log.9.gz before mail.log.8.gz ... before mail.log
# shellcheck disable=SC2012 # names of our own
by_age() { ls "$work"/logs/mail.log* | sort -t. -k3,3nr; }

echo 1..5
# shellcheck disable=SC2046
read_into once $(by_age)
same 'at once' once
for log in $(by_age); do read_into nightly "$log"; done
same 'night by night' nightly
for log in $(by_age | tac); do read_into backwards "$log"; done
same 'the latest first' backwards
for log in $(by_age | awk '{ print (NR * 7) % 25 "\t" $0 }' | sort -n |
	cut -f2); do
	read_into shuffled "$log"
done
same 'in any order' shuffled
# shellcheck disable=SC2046
read_into odd $(by_age | sed -n '1~2p')
# shellcheck disable=SC2046
read_into even $(by_age | sed -n '2~2p')
"$mxtrend" --state "$work/merged" -q merge "$work/odd" "$work/even"
same 'merged from two stores' merged
