#!/bin/sh
# `make check-live`: eleven days of one mail host and six providers, played by
# each real MTA (the story is in story.py, the days in nights.sh), with a night
# of mxtrend behind each day; what it told is compared with the record of the
# providers. As root, two to five minutes for each MTA; the packages come from
# Debian's archive into an overlay that is gone afterwards ($REAL_ROOTS keeps
# it for the next time).
#   tests/real/live.sh [MTA...]         $LIVE_KEEP=DIR keeps logs and reports
set -u
cd "$(dirname "$0")/../.." || exit 1
[ "$(id -u)" -eq 0 ] || { echo 'check-live: needs root' >&2; exit 77; }
[ $# -ne 0 ] || set -- postfix exim opensmtpd sendmail

work=$(mktemp -d /var/tmp/mxtrend-live.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export REAL_ROOTS="${REAL_ROOTS:-$work/roots}" REAL_STORY=nights.sh
export REAL_SCENARIO=story REAL_INSTALL="$PWD" PYTHONDONTWRITEBYTECODE=1
# Installed by make with the flags of this build, whoever called.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

: >"$work/tap"
for mta; do
	out=${LIVE_KEEP:-$work}/$mta
	echo "check-live: $mta"
	if tests/real/run.sh "$mta" "$out" >"$work/$mta.log" 2>&1; then
		tests/real/check_nights.py "$mta" "$out" >"$work/$mta.tap" \
		    2>>"$work/$mta.log" || echo "not ok - $mta: its check" \
		    >>"$work/$mta.tap"
	else
		echo "not ok - $mta: the story was not played to its end" \
		    >"$work/$mta.tap"
	fi
	grep -A 2 '^not ok' "$work/$mta.tap" &&
	    tail -n 20 "$work/$mta.log" | sed 's/^/# /'
	cat "$work/$mta.tap" >>"$work/tap"
done
passed=$(grep -c '^ok ' "$work/tap")
failed=$(grep -c '^not ok ' "$work/tap")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
