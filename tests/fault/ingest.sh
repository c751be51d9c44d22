#!/bin/sh
# The N-th allocation, read or write fails during ingest. Whatever happens, the
# store afterwards holds whole transactions only: a second run without fault
# ends in the report of a run that was never disturbed. And the program ends
# by an exit status of its own, never by a signal or a sanitizer.
#   tests/fault/ingest.sh BUILDDIR      (the asan variant; TAP)
set -eu
. tests/support/tap.sh
mxtrend=$1/mxtrend
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
MXTREND_CONFIG=/dev/null
# mx_oom ends without freeing; that is its purpose.
ASAN_OPTIONS=detect_leaks=0
export MXTREND_CONFIG ASAN_OPTIONS

for n in 11 12; do
	gzip -dc "samples/demo/mail.log.$n.gz" | head -n 400 >"$work/log.$n"
done
gzip -c "$work/log.11" >"$work/log.11.gz"

run() {
	"$mxtrend" --now 2026-11-23T00:17:00Z --tz UTC --log-tz Europe/Berlin \
	    --state "$work/state" "$@"
}
ingest() {
	run -q ingest "$work/log.12" "$work/log.11.gz"
}
fresh() {
	rm -rf "$work/state"
	mkdir "$work/state"
}

fresh
ingest
run report -f json >"$work/want"

# try KIND N: false when the N-th of its kind never came
attempt() {
	fresh
	status=0
	MXTREND_FAULT=$1:$2 ingest 2>"$work/stderr" || status=$?
	case $status in
	0 | 65 | 66 | 69 | 71 | 73 | 74 | 75) ;;
	*)
		echo "$1:$2: exit status $status"
		sed 5q "$work/stderr"
		;;
	esac
	if ! ingest 2>"$work/stderr"; then
		echo "$1:$2: the next run fails: $(head -n 1 "$work/stderr")"
	elif ! run report -f json | cmp -s - "$work/want"; then
		echo "$1:$2: the next run's report differs"
	fi
	[ "$status" -ne 0 ]
}

# Every one of the first, then ever wider steps, until none fails any more.
sweep() {
	n=1
	failed=0
	: >"$work/bad"
	while attempt "$1" "$n" >>"$work/bad" && [ "$n" -lt 2000000 ]; do
		failed=$((failed + 1))
		n=$((n + 1 + n / $2))
	done
	[ "$failed" -gt 0 ] || echo "no $1 ever failed" >>"$work/bad"
	check "$1: $failed failures leave whole transactions" "$work/bad"
}

sweep alloc 8
sweep read 20
sweep write 20
finish
