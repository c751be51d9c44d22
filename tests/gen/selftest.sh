#!/bin/sh
# The generator against an independent count of its text: several seeds, both
# stamp styles, both clock changes, dirty lines, a cut, a rotated set.
#   tests/gen/selftest.sh [GENLOG]        (TAP; default: genlog in PATH)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
genlog=${1:-genlog}
providers=${PROVIDERS:-$here/../../analyzer/rules/providers.tsv}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
failed=0
upgrade="--per-day 900 --seed 5 --iso-from 2026-11-05T00:00:00Z --days 9 --instances 1
    --episode provider=microsoft-consumer,start=2026-11-04T08:00:00Z,kind=block"

report() { # STATUS NAME: one TAP line
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		sed 's/^/# /' "$work/why"
	fi
}

agrees() { # NAME OPTION...
	name=$1
	shift
	status=0
	"$genlog" --per-day 900 "$@" --truth "$work/truth.json" -o "$work/log" &&
	    python3 "$here/check_truth.py" --truth "$work/truth.json" \
	    --providers "$providers" "$work/log" >"$work/why" || status=1
	report $status "$name"
}

echo "1..8"
agrees bsd_stamps_over_the_autumn_clock_change \
    --seed 1 --start 2026-10-20 --days 8 --random-episodes 5
agrees iso_stamps_over_the_spring_clock_change \
    --seed 2 --start 2026-03-26 --days 7 --style iso --random-episodes 5
agrees dirty_lines_of_two_hosts_and_five_instances \
    --seed 3 --hosts 2 --instances 5 --dirty 50000 --repeats --days 6
agrees new_year_west_of_greenwich \
    --seed 4 --zone America/New_York --start 2025-12-28 --days 7 \
    --dirty 10000
# shellcheck disable=SC2086
agrees upgrade_to_iso_in_the_middle_of_a_block $upgrade

# What follows reuses the last log.
# shellcheck disable=SC2086
"$genlog" $upgrade \
    --cut 1234 -o "$work/a" --out2 "$work/b"
status=0
: >"$work/why"
[ "$(wc -l <"$work/a")" -eq 1234 ] || status=1
cat "$work/a" "$work/b" | cmp -s - "$work/log" || status=1
report $status cut_files_are_the_whole_log

# shellcheck disable=SC2086
"$genlog" $upgrade \
    --rotate daily --dir "$work/set"
status=0
(cd "$work/set" && zcat mail.log.8.gz mail.log.7.gz mail.log.6.gz \
    mail.log.5.gz mail.log.4.gz mail.log.3.gz mail.log.2.gz &&
    cat mail.log.1 mail.log) | cmp -s - "$work/log" || status=1
report $status rotated_files_are_the_whole_log

# The check itself must be able to fail.
status=0
sed '0,/status=sent/{/status=sent/d;}' "$work/log" >"$work/short"
# shellcheck disable=SC2086
"$genlog" $upgrade \
    --truth "$work/truth.json" -o /dev/null
python3 "$here/check_truth.py" --truth "$work/truth.json" \
    --providers "$providers" "$work/short" >"$work/why" && status=1
report $status one_missing_line_is_noticed
exit $failed
